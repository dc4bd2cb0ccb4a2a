"""Leaving a trace of what was carried out of the house."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import TooLarge
from duikou.records.services.audit import SubjectRef, record
from duikou.reforms import policies


@transaction.atomic
def export_note(*, actor: Actor, what: str, query: str, rows: int) -> None:
    """Record an export ("measures", "adoptions", "matrix", "spread", "counts") before it is written.

    Raises `TooLarge` beyond the limit.
    """
    policies.browse(actor).or_raise()
    limit = getattr(settings, "EXPORT_ROWS", 200_000)
    if rows > limit:
        raise TooLarge(_("一次最多导出%(limit)s行，请筛选后分次导出。") % {"limit": f"{limit:,}"})
    record(
        actor=actor,
        action=f"reforms.{what}.exported",
        subject=SubjectRef(f"reforms.{what}", "", ""),
        after={"query": query[:2000], "rows": rows},
    )
