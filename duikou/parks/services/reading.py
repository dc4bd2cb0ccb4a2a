"""Leaving a trace of what was read of single companies, and of what was carried out of the house."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.parks import policies
from duikou.parks.models import Park, Resident
from duikou.parks.selectors.scope import reads_companies
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def reading_note(*, actor: Actor, subject: Park | Resident, what: str) -> None:
    """Who sees single companies by a nation-wide post leaves a trace each time; the two sides and the park do not."""
    if reads_companies(actor):
        record(actor=actor, action="parks.figure.read", subject=subject, after={"what": what})


@transaction.atomic
def export_note(*, actor: Actor, what: str, query: str, rows: int, park: Park | None = None) -> None:
    """Record an export before it is written, whoever takes it."""
    policies.browse(actor).or_raise()
    subject: Park | SubjectRef = park or SubjectRef("parks.list", "", "")
    after = {"what": what, "query": query[:2000], "rows": rows}
    record(actor=actor, action="parks.list.exported", subject=subject, after=after)
