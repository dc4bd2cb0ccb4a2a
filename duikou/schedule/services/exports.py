"""Leaving a trace of what was carried out of the house."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.records.services.audit import SubjectRef, record
from duikou.schedule import policies


@transaction.atomic
def export_note(*, actor: Actor, query: str, rows: int) -> None:
    """Record an export of the list before it is written."""
    policies.browse(actor).or_raise()
    after = {"query": query[:2000], "rows": rows}
    record(actor=actor, action="schedule.list.exported", subject=SubjectRef("schedule.list", "", ""), after=after)
