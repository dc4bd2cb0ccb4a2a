"""Contacts of organisations: entering, removing, and reading them in full, which leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Organisation, OrganisationContact, PersonalDataRead
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.text import clean
from duikou.records.services.audit import record


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What a person enters about a contact."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def contact_add(*, actor: Actor, organisation: Organisation, draft: ContactDraft) -> OrganisationContact:
    """Add somebody to call; particulars are encrypted at rest and masked in the trail. Raises `Invalid`."""
    policies.organisation_edit(actor, organisation).or_raise()
    checked = _checked(draft)
    contact = OrganisationContact.objects.create(
        organisation=organisation,
        name=checked.name,
        position=checked.position,
        phone=checked.phone,
        email=checked.email,
    )
    record(actor=actor, action="access.contact.added", subject=contact, after=_masked(contact))
    return contact


@transaction.atomic
def contact_remove(*, actor: Actor, organisation: Organisation, contact_id: int) -> None:
    """Remove a contact of the organisation; personal data is really deleted, the trail keeps the masked form."""
    policies.organisation_edit(actor, organisation).or_raise()
    contact = _contact(organisation, contact_id)
    record(actor=actor, action="access.contact.removed", subject=contact, before=_masked(contact))
    contact.delete()


@transaction.atomic
def contact_reveal(*, actor: Actor, organisation: Organisation, contact_id: int) -> OrganisationContact:
    """Read a contact's particulars in full; leaves a `PersonalDataRead` and an audit event."""
    policies.contact_read(actor, organisation).or_raise()
    contact = _contact(organisation, contact_id)
    PersonalDataRead.objects.create(
        at=now(),
        account_id=actor.account_id,
        actor_name=actor.name,
        actor_role=actor.role,
        organisation_name=actor.organisation_name,
        admin_mode_id=actor.admin_mode_id,
        subject_kind=contact._meta.label_lower,
        subject_id=contact.pk,
        subject_organisation_id=organisation.pk,
    )
    record(actor=actor, action="access.contact.revealed", subject=contact)
    return contact


def _contact(organisation: Organisation, contact_id: int) -> OrganisationContact:
    found = OrganisationContact.objects.filter(organisation=organisation, pk=contact_id).first()
    if found is None:
        raise NotFound
    return found


def _masked(contact: OrganisationContact) -> dict[str, str]:
    return {
        "name": contact.masked_name,
        "position": contact.position,
        "phone": contact.masked_phone,
        "email": contact.masked_email,
    }


def _checked(draft: ContactDraft) -> ContactDraft:
    checked = ContactDraft(clean(draft.name), clean(draft.position), clean(draft.phone), clean(draft.email))
    wrong: dict[str, list[object]] = {}
    if not checked.name:
        wrong["name"] = [_("请填写姓名。")]
    for name, limit in (("name", 60), ("position", 60), ("phone", 40), ("email", 254)):
        if len(getattr(checked, name)) > limit:
            wrong[name] = [_("不能超过%(limit)s个字。") % {"limit": limit}]
    if checked.email:
        try:
            validate_email(checked.email)
        except ValidationError:
            wrong["email"] = [_("电子邮箱的格式不对。")]
    if wrong:
        raise Invalid(fields=wrong)
    return checked
