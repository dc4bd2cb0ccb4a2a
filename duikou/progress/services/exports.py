"""Leaving a trace of what was carried out of the house."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.progress import policies
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def export_note(*, actor: Actor, what: str, query: str, rows: int) -> None:
    """Record an export ("list", "summary" or "workbook") before it is written."""
    policies.browse(actor).or_raise()
    after = {"query": query[:2000], "rows": rows}
    record(actor=actor, action=f"progress.{what}.exported", subject=SubjectRef(f"progress.{what}", "", ""), after=after)
