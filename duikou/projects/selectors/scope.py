"""What a viewer may know of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.programme.models import Pairing, Programme, Region
from duikou.projects.models import Project, ProjectParty
from duikou.projects.states import Visibility

REGIONAL = OFFICE | {Role.CADRE_OFFICER}
_PUBLIC = Q(visibility=Visibility.PUBLIC.value)
_CLOSED = Q(visibility=Visibility.PAIRING.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a programme's projects that a viewer may know of.

    `summaries` is a condition on pairing and visibility alone, so it holds for projects and for kept sums alike;
    `own` names the few further projects seen for another reason (own region, own organisation), disjoint from it.
    """

    nothing: bool = False
    summaries: Q = field(default_factory=Q)
    own: Q | None = None

    @property
    def projects(self) -> Q:
        """The condition on projects."""
        return self.summaries if self.own is None else self.summaries | self.own


def scope_of(actor: Actor, pairings: Iterable[Pairing]) -> Scope:
    """The viewer's scope over `pairings` (with their regions loaded); asks the database nothing."""
    if actor.sees_all or actor.kind in {ActorKind.JOB, ActorKind.COMMAND}:
        return Scope()
    if actor.role in REGIONAL and actor.region_path:
        return _regional(actor.region_path, list(pairings))
    if actor.role in {Role.UNIT, Role.MEMBER}:
        if actor.organisation_id is None:
            return Scope(summaries=_PUBLIC)
        mine = ProjectParty.objects.filter(organisation_id=actor.organisation_id).values("project_id")
        return Scope(summaries=_PUBLIC, own=_CLOSED & Q(pk__in=mine))
    return Scope(nothing=True)


def _regional(path: str, pairings: list[Pairing]) -> Scope:
    covered = [pairing.pk for pairing in pairings if any(side.startswith(path) for side in _sides(pairing))]
    around = [
        pairing.pk
        for pairing in pairings
        if pairing.pk not in covered and any(path.startswith(side) for side in _sides(pairing))
    ]
    own = None
    if around:
        regions = Region.objects.filter(path__startswith=path).values("pk")
        own = _CLOSED & Q(pairing_id__in=around) & (Q(first_region__in=regions) | Q(second_region__in=regions))
    return Scope(summaries=_PUBLIC | Q(pairing_id__in=covered), own=own)


def _sides(pairing: Pairing) -> list[str]:
    return [side.path for side in (pairing.first_region, pairing.second_region) if side is not None]


def pairings_of(programme: Programme | None = None) -> list[Pairing]:
    """Pairings with their regions, in the order of the pack (one query)."""
    found = Pairing.objects.select_related("first_region", "second_region")
    return list(found.filter(programme=programme) if programme is not None else found)


def projects_visible(*, actor: Actor, pairings: list[Pairing] | None = None) -> QuerySet[Project]:
    """The projects that `actor` may know of; rows merged into another are none (one query for the pairings)."""
    scope = scope_of(actor, pairings_of() if pairings is None else pairings)
    if scope.nothing:
        return Project.objects.none()
    return Project.objects.filter(scope.projects, merged_into=None)
