"""What is known of projects for the judge of alarms, many at a time in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Min, Q, QuerySet

from duikou.kernel.money import Money
from duikou.progress.models import AlarmStanding, ProgressReport, ReportState
from duikou.progress.rules.alarms import Known
from duikou.progress.selectors.reports import figures_of
from duikou.projects.models import Project, ProjectState, ProjectStep
from duikou.records.models import AuditEvent

_STARTED = frozenset({ProjectState.STARTED, ProjectState.IN_PRODUCTION, ProjectState.CLOSED})
_FINISHED = frozenset({ProjectState.IN_PRODUCTION, ProjectState.CLOSED})
_AMOUNTS = ("planned_amount", "signed_amount")
RELATED = ("programme", "pairing", "first_region", "second_region")


@dataclass(frozen=True, slots=True)
class Case:
    """One project to be judged."""

    project: Project
    known: Known
    report: ProgressReport | None = None
    standing: AlarmStanding | None = field(default=None, compare=False)


def judgeable() -> QuerySet[Project]:
    """Projects with planned days or reports, in no order."""
    told = Q(planned_start__isnull=False) | Q(planned_finish__isnull=False) | Q(report_series__isnull=False)
    return Project.objects.filter(told, merged_into=None)


def batches(size: int = 500) -> Iterator[list[Project]]:
    """All of them by id, `size` at a time, each by the end of the one before."""
    last = 0
    while rows := list(judgeable().select_related(*RELATED).filter(pk__gt=last).order_by("pk")[:size]):
        yield rows
        last = rows[-1].pk


def cases_of(projects: Sequence[Project]) -> list[Case]:
    """What is known of each: at most four queries however many they are."""
    ids = [project.pk for project in projects]
    reports = _latest(ids)
    standings = {row.pk: row for row in AlarmStanding.objects.filter(pk__in=ids)}
    starts = _starts(ids)
    history = _history([pk for pk in ids if pk not in standings])
    return [
        Case(
            project,
            _known(project, reports.get(project.pk), standings.get(project.pk), starts, history),
            reports.get(project.pk),
            standings.get(project.pk),
        )
        for project in projects
    ]


def _latest(ids: list[int]) -> dict[int, ProgressReport]:
    rows = ProgressReport.objects.filter(
        project__in=ids, state=ReportState.ACCEPTED, month=F("project__report_series__last_month")
    )
    return {row.project_id: row for row in rows}


def _starts(ids: list[int]) -> dict[int, dt.date]:
    rows = ProjectStep.objects.filter(project__in=ids, to_state=ProjectState.STARTED, taken_on__isnull=False)
    return dict(rows.order_by().values_list("project_id").annotate(day=Min("taken_on")))


def _history(ids: list[int]) -> dict[int, dict[str, Money]]:
    """The most that was planned and signed before the judge knew the project, read from the trail once."""
    if not ids:
        return {}
    rows = AuditEvent.objects.filter(
        subject_kind="projects.project", subject_id__in=[str(pk) for pk in ids], before__isnull=False
    )
    found: dict[int, dict[str, Money]] = {}
    for subject_id, before in rows.order_by().values_list("subject_id", "before"):
        said: dict[str, Any] = before if isinstance(before, dict) else {}
        for name in _AMOUNTS:
            amount = _money(said.get(name))
            if amount is not None:
                known = found.setdefault(int(subject_id), {})
                known[name] = max(known.get(name, amount), amount)
    return found


def _money(text: object) -> Money | None:
    try:
        return Money(str(text)) if text not in (None, "") else None
    except (ValueError, ArithmeticError):
        return None


def _known(
    project: Project,
    report: ProgressReport | None,
    standing: AlarmStanding | None,
    starts: dict[int, dt.date],
    history: dict[int, dict[str, Money]],
) -> Known:
    state = ProjectState(project.state)
    before = ProjectState(project.state_before_suspension) if project.state_before_suspension else state
    past = history.get(project.pk, {})
    kept = (standing.most_planned, standing.most_signed) if standing else (None, None)
    reported = report is not None and (report.has_started is True or report.started_on is not None)
    figures = figures_of(report) if report is not None else None
    return Known(
        planned_start=project.planned_start,
        planned_finish=project.planned_finish,
        has_started=before in _STARTED or reported,
        started_on=starts.get(project.pk) or (report.started_on if report else None),
        has_finished=before in _FINISHED,
        has_ended=state is ProjectState.TERMINATED or project.merged_into_id is not None,
        is_suspended=state is ProjectState.SUSPENDED,
        planned=project.planned_amount,
        signed=project.signed_amount,
        most_planned=_most(project.planned_amount, kept[0], past.get("planned_amount")),
        most_signed=_most(project.signed_amount, kept[1], past.get("signed_amount")),
        report_month=report.month if report else None,
        invested=report.invested_total if report else None,
        paid=report.paid_total if report else None,
        in_place=figures.in_place if figures else None,
        central=report.funds_central if report else None,
        percent=report.percent if report else None,
    )


def _most(*amounts: Money | None) -> Money | None:
    return _largest(amount for amount in amounts if amount is not None)


def _largest(amounts: Iterable[Money]) -> Money | None:
    return max(amounts, default=None)
