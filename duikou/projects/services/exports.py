"""Leaving a trace of what was carried out of the house."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import TooLarge
from duikou.programme.models import Programme
from duikou.projects import policies
from duikou.projects.selectors import Count
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def differences_note(*, actor: Actor, query: str, count: int) -> None:
    """Record the export of differences before it is written."""
    policies.browse(actor).or_raise()
    record(
        actor=actor,
        action="projects.differences.exported",
        subject=SubjectRef("projects.list", "differences", _("双方说法不一的数据")),
        after={"query": query[:2000], "rows": count},
    )


@transaction.atomic
def report_note(*, actor: Actor, title: str, query: str, count: int) -> None:
    """Record the export of a report by kind before it is written."""
    policies.browse(actor).or_raise()
    record(
        actor=actor,
        action="projects.report.exported",
        subject=SubjectRef("projects.list", "kinds", title),
        after={"query": query[:2000], "rows": count},
    )


@transaction.atomic
def export_note(*, actor: Actor, programme: Programme, query: str, columns: Sequence[str], count: Count) -> None:
    """Record an export before it is written: who took which rows; raises `TooLarge` beyond the limit."""
    policies.browse(actor).or_raise()
    limit = getattr(settings, "EXPORT_ROWS", 200_000)
    if count.number > limit:
        raise TooLarge(
            _(
                "符合条件的项目超过%(limit)s个，一次最多导出%(limit)s行。请回到列表，按年份、对口关系或状态筛选后分次导出。"
            )
            % {"limit": f"{limit:,}"}
        )
    record(
        actor=actor,
        action="projects.list.exported",
        subject=SubjectRef("projects.list", programme.code, programme.label),
        after={
            "query": query[:2000],
            "columns": list(columns),
            "rows": count.number,
            "more": count.more,
        },
    )
