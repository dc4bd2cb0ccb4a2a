"""One project's milestones with what they wait for, what they push and which of them carry the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from duikou.kernel.actor import Actor
from duikou.projects.models import Project
from duikou.projects.selectors import projects_visible
from duikou.schedule.models import Baseline, Milestone, MilestoneLink
from duikou.schedule.rules import Edge, Node, Schedule, schedule
from duikou.schedule.selectors.family import family_of


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone as a table shows it; neighbours of projects that the viewer may not know of are left out."""

    milestone: Milestone
    waits_for: list[MilestoneLink] = field(default_factory=list)
    pushed_by: list[Milestone] = field(default_factory=list)
    pushes: list[Milestone] = field(default_factory=list)
    slack: int | None = None

    @property
    def is_critical(self) -> bool:
        """Whether a day's delay here delays the end."""
        return self.slack == 0


@dataclass(frozen=True, slots=True)
class Network:
    """The lines in the order of days, and the baseline that holds."""

    lines: list[Line]
    baseline: Baseline | None


def node_of(row: Milestone) -> Node:
    """What the rules look at."""
    return Node(row.pk, row.planned_on, row.forecast_on, row.done_on)


def edges_of(family: list[int]) -> list[Edge]:
    """Every link inside the family (one query)."""
    rows = MilestoneLink.objects.filter(after__project_id__in=family).values_list("before_id", "after_id", "lag")
    return [Edge(*row) for row in rows]


def network_of(*, actor: Actor, project: Project) -> Network:
    """What the project's page shows (a constant number of queries for one level of parts)."""
    family = family_of(project.pk, project.parent_id)
    everything = list(
        Milestone.objects.filter(project_id__in=family)
        .select_related("organisation", "project")
        .order_by("expected_on", "id")
    )
    found = schedule([node_of(row) for row in everything], edges_of(family))
    own = [row for row in everything if row.project_id == project.pk]
    others = {row.project_id for row in everything} - {project.pk}
    seen = {project.pk}
    if others:
        seen |= set(projects_visible(actor=actor).filter(pk__in=others).values_list("pk", flat=True))
    known = {row.pk: row for row in everything if row.project_id in seen}
    lines = _lines(own, known, found)
    return Network(lines, Baseline.objects.filter(project=project).order_by("-number").first())


def _lines(own: list[Milestone], known: dict[int, Milestone], found: Schedule) -> list[Line]:
    ids = [row.pk for row in own]
    into: dict[int, list[MilestoneLink]] = {pk: [] for pk in ids}
    for link in MilestoneLink.objects.filter(Q(after_id__in=ids)).order_by("id"):
        if link.before_id in known:
            link.before = known[link.before_id]
            into[link.after_id].append(link)
    return [
        Line(
            row,
            into[row.pk],
            [known[pk] for pk in found.pushed_by.get(row.pk, ()) if pk in known],
            [known[pk] for pk in found.pushes(row.pk) if pk in known],
            found.slack.get(row.pk),
        )
        for row in own
    ]


def offered_before(*, actor: Actor, row: Milestone) -> list[tuple[int, str]]:
    """What `row` may be made to wait for: milestones of its project, its parent and its parts, as (id, words)."""
    near = Q(project=row.project_id) | Q(project__parent=row.project_id)
    if row.project.parent_id is not None:
        near |= Q(project=row.project.parent_id)
    rows = Milestone.objects.filter(near, project__in=projects_visible(actor=actor)).exclude(pk=row.pk)
    found = rows.select_related("project").order_by("project_id", "expected_on", "id")[:1000]
    return [
        (one.pk, one.label if one.project_id == row.project_id else f"{one.label}（{one.project.name}）")
        for one in found
    ]
