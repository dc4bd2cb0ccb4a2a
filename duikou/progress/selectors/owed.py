"""Projects and what was reported of them in one month: who has, who has not."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, DateTimeField, OuterRef, Q, QuerySet, Subquery

from duikou.kernel.actor import OFFICE, Actor
from duikou.progress.models import ProgressReport, ReportingRule
from duikou.progress.states import COUNTED, FIRMS, OPEN, WRITABLE, ReportState
from duikou.projects.models import Project, ProjectParty
from duikou.projects.selectors import projects_visible

LIVE = (ReportState.ACCEPTED.value, *OPEN)
MISSING = "missing"
"""Not sent yet: nothing, a draft, or something returned."""


def own_projects(*, actor: Actor) -> QuerySet[Project]:
    """The visible projects whose reports are the actor's business: a firm's own, an office's region's, else all."""
    rows = projects_visible(actor=actor)
    if actor.role in FIRMS:
        if actor.organisation_id is None:
            return rows.none()
        return rows.filter(pk__in=ProjectParty.objects.filter(organisation_id=actor.organisation_id).values("project"))
    if actor.role in OFFICE and actor.region_path:
        path = actor.region_path
        return rows.filter(Q(first_region__path__startswith=path) | Q(second_region__path__startswith=path))
    return rows


def month_rows(*, actor: Actor, rule: ReportingRule, month: int) -> QuerySet[Any]:
    """The actor's projects that owe a report of the month or have one, with its state, id, moment and lateness."""
    live = ProgressReport.objects.filter(project=OuterRef("pk"), month=month, state__in=LIVE).order_by("state")
    return (
        own_projects(actor=actor)
        .filter(programme_id=rule.programme_id)
        .annotate(
            report_id=Subquery(live.values("pk")[:1]),
            report_state=Subquery(live.values("state")[:1], output_field=CharField()),
            report_sent=Subquery(live.values("submitted_at")[:1], output_field=DateTimeField()),
        )
        .filter(Q(state__in=rule.states) | Q(report_id__isnull=False))
    )


def narrowed(rows: QuerySet[Any], status: str) -> QuerySet[Any]:
    """Only those in one status of the month ("" all, `MISSING`, or a state)."""
    if status == MISSING:
        return rows.filter(Q(report_state=None) | Q(report_state__in=WRITABLE))
    return rows.filter(report_state=status) if status else rows


def last_reports(project_ids: list[int], month: int) -> dict[int, ProgressReport]:
    """The nearest earlier report of each project that was sent or stands, by project (one query for 500 of them)."""
    found: dict[int, ProgressReport] = {}
    for start in range(0, len(project_ids), 500):
        some = project_ids[start : start + 500]
        rows = ProgressReport.objects.filter(project_id__in=some, month__lt=month, state__in=COUNTED)
        for report in rows.order_by("month", "-state"):
            found[report.project_id] = report
    return found
