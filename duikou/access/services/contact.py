"""Contacts of organisations: entering, removing, and reading them in full, which leaves a trace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Organisation, OrganisationContact, PersonalDataRead
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.text import clean, clean_name, has_word, normalise
from duikou.records.services.audit import record

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,28}[0-9](?: ?(?:转|分机|ext\.?|x|#) ?[0-9]{1,8})?")
"""Digits as people write them, with an extension; what cannot be dialled is no telephone number."""


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
    checked = contact_checked(draft)
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
    personal_data_note(actor=actor, subject=contact, organisation_id=organisation.pk)
    record(actor=actor, action="access.contact.revealed", subject=contact)
    return contact


def personal_data_note(*, actor: Actor, subject: Model, organisation_id: int | None) -> None:
    """Note that somebody reads personal data in full, in the caller's transaction; the caller judged whether they may.

    `organisation_id`: the body to which the person belongs, None where it is not known.
    """
    PersonalDataRead.objects.create(
        at=now(),
        account_id=actor.account_id,
        actor_name=actor.name,
        actor_role=actor.role,
        organisation_name=actor.organisation_name,
        admin_mode_id=actor.admin_mode_id,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_organisation_id=organisation_id,
    )


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


def contact_checked(draft: ContactDraft) -> ContactDraft:
    """The draft as it is stored, also for contacts that another room keeps; raises `Invalid` by field."""
    phone = normalise(draft.phone)
    checked = ContactDraft(clean_name(draft.name), clean_name(draft.position), phone, clean(draft.email))
    wrong: dict[str, list[object]] = {}
    if not checked.name:
        wrong["name"] = [_("请填写姓名。")]
    elif not has_word(checked.name):
        wrong["name"] = [_("姓名中要有文字。")]
    for name, limit in (("name", 60), ("position", 60), ("phone", 40), ("email", 254)):
        if len(getattr(checked, name)) > limit:
            wrong[name] = [_("不能超过%(limit)s个字。") % {"limit": limit}]
    if phone and not wrong.get("phone") and not is_phone(phone):
        wrong["phone"] = [_("请填写能拨打的电话号码，如“024-12345678转801”。")]
    if checked.email:
        try:
            validate_email(checked.email)
        except ValidationError:
            wrong["email"] = [_("电子邮箱的格式不对。")]
    if wrong:
        raise Invalid(fields=wrong)
    return checked


def is_phone(text: str) -> bool:
    """Three digits at least (hotlines), twenty at most without the extension, and nothing that cannot be dialled."""
    bare = text if text[:1] != "(" else text[1:]
    number = re.split(r"转|分机|ext|x|#", bare)[0]
    return _PHONE.fullmatch(bare) is not None and 3 <= sum(mark.isdigit() for mark in number) <= 20
