"""What a viewer may know of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.programme.models import Pairing, Programme, Region
from duikou.projects.models import Project, ProjectParty
from duikou.projects.states import Side, Visibility

REGIONAL = OFFICE | {Role.CADRE_OFFICER}
_PUBLIC = Q(visibility=Visibility.PUBLIC.value)
_CLOSED = Q(visibility=Visibility.PAIRING.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a programme's projects that a viewer may know of.

    `summaries` is a condition on pairing and visibility alone, so it holds for projects and for kept sums alike;
    the other two are disjoint from it and from one another. `regional` names the projects of the viewer's own region
    below a wider pairing, and `regional_sums` the same as a condition on the sums kept by region; `own` names the few
    projects of the viewer's own organisation, which no sum knows.
    """

    nothing: bool = False
    summaries: Q = field(default_factory=Q)
    regional: Q | None = None
    regional_sums: Q | None = None
    own: Q | None = None

    @property
    def projects(self) -> Q:
        """The condition on projects."""
        found = self.summaries
        for further in (self.regional, self.own):
            if further is not None:
                found = found | further
        return found


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
    scope = Scope(summaries=_PUBLIC | Q(pairing_id__in=covered))
    inside = Region.objects.filter(path__startswith=path).values("pk")
    projects, sums = Q(), Q()
    for side, around in _around(path, [pairing for pairing in pairings if pairing.pk not in covered]).items():
        projects |= Q(**{"pairing_id__in": around, f"{side}_region__in": inside})
        sums |= Q(pairing_id__in=around, side=side, region__in=inside)
    if projects:
        scope = replace(scope, regional=_CLOSED & projects, regional_sums=sums)
    return scope


def _around(path: str, pairings: list[Pairing]) -> dict[str, list[int]]:
    """The pairings that have a side around the region at `path`, by that side (the first where both are)."""
    found: dict[str, list[int]] = {}
    for pairing in pairings:
        for side, region in ((Side.FIRST, pairing.first_region), (Side.SECOND, pairing.second_region)):
            if region is not None and path.startswith(region.path):
                found.setdefault(side.value, []).append(pairing.pk)
                break
    return found


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
