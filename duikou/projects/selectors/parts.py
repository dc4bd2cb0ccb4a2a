"""What a project is a part of, and what its parts are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.projects.models import Project
from duikou.projects.selectors.scope import projects_visible
from duikou.projects.selectors.sums import Totals, aggregates

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Family:
    """A project among its kin, as far as the viewer may know of them.

    `together` adds up the project and all its parts, each with its own figures; it is added to nothing.
    """

    parent: Project | None = None
    parts: tuple[Project, ...] = ()
    more: bool = False
    together: Totals | None = None
    doubled: bool = False
    """Whether the project states just what its parts add up to: it seems to hold their figures too."""


def family_of(*, actor: Actor, project: Project, pairings: list[Pairing]) -> Family:
    """Parent, direct parts and the sum over all parts (one query without kin, one more a level with them)."""
    visible = projects_visible(actor=actor, pairings=pairings)
    parent = visible.filter(pk=project.parent_id).first() if project.parent_id is not None else None
    parts = list(visible.filter(parent=project).order_by("id")[: SHOWN + 1])
    if not parts:
        return Family(parent)
    together = _together(visible, project)
    own, summed = project.planned_amount, together.planned
    doubled = bool(own) and summed is not None and summed.amount == own + own
    return Family(parent, tuple(parts[:SHOWN]), len(parts) > SHOWN, together, doubled)


def _together(visible: QuerySet[Project], project: Project) -> Totals:
    found, level = {project.pk}, {project.pk}
    while level:
        level = set(visible.filter(parent_id__in=level).values_list("pk", flat=True)) - found
        found |= level
    sums = Project.objects.filter(pk__in=found).aggregate(**aggregates())
    return Totals(**{name.removeprefix("agg_"): int(number) for name, number in sums.items()})
