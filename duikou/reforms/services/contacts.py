"""Whom one may call about a measure: entering, and reading in full, which leaves a trace."""

from __future__ import annotations

from django.db import transaction

from duikou.access.services.contact import ContactDraft, contact_checked, personal_data_note
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.records.services.audit import record
from duikou.reforms import policies
from duikou.reforms.models import MeasureContact
from duikou.reforms.selectors.scope import measure_visible
from duikou.reforms.services.measures import measure_locked


@transaction.atomic
def contact_set(*, actor: Actor, measure_id: int, draft: ContactDraft) -> MeasureContact | None:
    """Name the contact, or take it away with an empty name; the trail keeps it masked. Raises `Invalid`."""
    measure = measure_locked(measure_id)
    policies.edit(actor, measure).or_raise()
    row = MeasureContact.objects.filter(measure=measure).first()
    before = _masked(row) if row else None
    if not any((draft.name.strip(), draft.phone.strip(), draft.email.strip(), draft.position.strip())):
        if row is not None:
            row.delete()
            record(actor=actor, action="reforms.measure.contact", subject=measure, before=before)
        return None
    draft = contact_checked(draft)
    facts = {"name": draft.name, "position": draft.position, "phone": draft.phone, "email": draft.email}
    if row is not None and all(getattr(row, name) == value for name, value in facts.items()):
        return row
    row = row or MeasureContact(measure=measure)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    record(actor=actor, action="reforms.measure.contact", subject=measure, before=before, after=_masked(row))
    return row


@transaction.atomic
def contact_reveal(*, actor: Actor, measure_id: int) -> MeasureContact:
    """Read the contact in full; leaves a `PersonalDataRead` and an audit event. Raises `NotFound`, `Forbidden`."""
    measure = measure_visible(actor=actor, measure_id=measure_id)
    policies.contact(actor, measure).or_raise()
    row = MeasureContact.objects.filter(measure=measure).first()
    if row is None:
        raise NotFound
    personal_data_note(actor=actor, subject=row, organisation_id=measure.owner_id)
    record(actor=actor, action="reforms.measure.revealed", subject=measure)
    return row


def _masked(row: MeasureContact) -> dict[str, str]:
    return {
        "name": row.masked_name,
        "position": row.position,
        "phone": row.masked_phone,
        "email": row.masked_email,
    }
