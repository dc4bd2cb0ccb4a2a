"""Projects as bars on a time axis, with their milestones and what waits for what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from duikou.kernel.actor import Actor
from duikou.projects.models import Project, ProjectStep
from duikou.projects.selectors import project_visible, projects_visible
from duikou.schedule.models import Milestone, MilestoneKind, MilestoneLink

FEED = 500
"""Bars a page of the feed."""
MOST = 5000
"""Bars that a picture takes; beyond it a picture says less than a list."""
RELATED = ("pairing", "first_region", "second_region")


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day; either may be unknown."""

    start: dt.date | None = None
    finish: dt.date | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to draw."""
        return self.start is not None or self.finish is not None


@dataclass(frozen=True, slots=True)
class Bar:
    """One project: what is planned, what was promised, how it goes; `progress` in per cent of the planned money."""

    project: Project
    planned: Span
    baseline: Span
    going: Span
    is_finished: bool
    progress: int | None
    milestones: list[Milestone] = field(default_factory=list)

    @property
    def next_milestone(self) -> Milestone | None:
        """The first that is still open."""
        return next((row for row in self.milestones if row.done_on is None), None)

    @property
    def overdue(self) -> int:
        """How many milestones are late."""
        return sum(row.standing == "overdue" for row in self.milestones)


def bar_rows(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The columns that a bar needs."""
    return projects.select_related(*RELATED).defer("search_text", "description", "extra", "source_note")


def bars_of(projects: Sequence[Project]) -> list[Bar]:
    """The bars of these projects, in their order (two queries however many)."""
    ids = [project.pk for project in projects]
    marks: dict[int, list[Milestone]] = defaultdict(list)
    for row in Milestone.objects.filter(project_id__in=ids).order_by("expected_on", "id"):
        marks[row.project_id].append(row)
    steps = ProjectStep.objects.filter(project_id__in=ids, verb="start", taken_on__isnull=False).order_by("id")
    started = dict(steps.values_list("project_id", "taken_on"))
    return [_bar(project, marks[project.pk], started.get(project.pk)) for project in projects]


def _bar(project: Project, marks: list[Milestone], started: dt.date | None) -> Bar:
    ends = {row.kind: row for row in marks if row.kind != MilestoneKind.NODE}
    start, finish = ends.get(MilestoneKind.START.value), ends.get(MilestoneKind.FINISH.value)
    return Bar(
        project,
        Span(project.planned_start, project.planned_finish),
        Span(start.baseline_on if start else None, finish.baseline_on if finish else None),
        Span((start.done_on if start else None) or started, finish.expected_on if finish else None),
        finish is not None and finish.done_on is not None,
        _progress(project),
        marks,
    )


def first_day(bar: Bar) -> tuple[dt.date, str]:
    """What bars are put in order by: their first day (those without one last), then their name."""
    spans = (bar.planned.start, bar.planned.finish, bar.going.start, bar.going.finish)
    days = [day for day in (*spans, *(row.expected_on for row in bar.milestones)) if day is not None]
    return min(days, default=dt.date.max), bar.project.name


def _progress(project: Project) -> int | None:
    """Completed of planned money in per cent, at most 100; None where one of the two is not known."""
    planned, completed = project.planned_amount, project.completed_amount
    if not planned or completed is None:
        return None
    share = Decimal(completed.cents) * 100 / Decimal(planned.cents)
    return min(100, int(share.quantize(Decimal(1), ROUND_HALF_UP)))


def links_among(bars: Sequence[Bar]) -> list[tuple[int, int, int]]:
    """What waits for what among the milestones of these bars: (before, after, days between); one query."""
    ids = {row.pk for bar in bars for row in bar.milestones}
    projects = [bar.project.pk for bar in bars]
    found = MilestoneLink.objects.filter(after__project_id__in=projects).order_by("id")
    return [row for row in found.values_list("before_id", "after_id", "lag") if row[0] in ids]


def family_bars(*, actor: Actor, project_id: int) -> list[Project]:
    """A project and the parts of it that the viewer may know of; raises `NotFound`."""
    project = project_visible(actor=actor, project_id=project_id)
    parts = bar_rows(projects_visible(actor=actor).filter(parent=project)).order_by("id")
    return [project, *parts[: FEED - 1]]
