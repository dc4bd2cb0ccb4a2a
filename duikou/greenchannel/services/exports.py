"""Leaving a trace of what was carried out of the house."""

from __future__ import annotations

from django.db import transaction

from duikou.greenchannel import policies
from duikou.kernel.actor import Actor
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def export_note(*, actor: Actor, what: str, query: str, rows: int) -> None:
    """Record an export ("list" or "statistics") before it is written."""
    policies.browse(actor).or_raise()
    subject = SubjectRef(f"greenchannel.{what}", "", "")
    after = {"query": query[:2000], "rows": rows}
    record(actor=actor, action=f"greenchannel.{what}.exported", subject=subject, after=after)
