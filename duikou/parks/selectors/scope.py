"""What a viewer may know of parks: nothing, totals, the own company, or every company."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.parks.models import AgreedSplit, OfficialFigure, Park, ParkAgreement, Resident
from duikou.projects.models import ProjectParty
from duikou.projects.selectors import pairings_of, projects_visible

READERS = frozenset({Role.COORDINATOR, Role.AUDITOR})
"""Nation-wide posts that may read single companies; each reading is in the trail (docs/decisions/park-figures.md)."""
BODIES = frozenset({Role.UNIT, Role.MEMBER})
RELATED = ("project__kind", "project__pairing", "project__first_region", "project__second_region", "manager")


class Sight(StrEnum):
    """How much of a park's figures a viewer sees."""

    TOTALS = "totals"
    FULL = "full"


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def reads_companies(actor: Actor) -> bool:
    """Whether the actor's post reads single companies everywhere, which leaves a trace."""
    return actor.admin_mode_id is not None or (actor.role in READERS and actor.is_person)


def parks_visible(*, actor: Actor) -> QuerySet[Park]:
    """Parks that `actor` may know of: those of visible projects of a pairing the actor belongs to (≤ 3 queries).

    A published project is known to everybody signed in; its park only to the two sides and to nation-wide posts.
    """
    pairings = pairings_of()
    rows = Park.objects.filter(project__in=projects_visible(actor=actor, pairings=pairings).values("pk"))
    if is_platform(actor) or actor.sees_all:
        return rows
    if actor.role in {Role.PUBLIC, Role.OPERATOR}:
        return rows.none()
    path = actor.region_path or _home(actor)
    near = [
        pairing.pk
        for pairing in pairings
        if path
        and any(
            side is not None and (side.path.startswith(path) or path.startswith(side.path))
            for side in (pairing.first_region, pairing.second_region)
        )
    ]
    known = Q(project__pairing_id__in=near)
    if actor.organisation_id is not None:
        parties = ProjectParty.objects.filter(project=OuterRef("project"), organisation_id=actor.organisation_id)
        known |= Q(manager=actor.organisation_id) | Q(Exists(parties))
    return rows.filter(known)


def _home(actor: Actor) -> str:
    if actor.organisation_id is None:
        return ""
    found = Organisation.objects.filter(pk=actor.organisation_id).values_list("region__path", flat=True).first()
    return found or ""


def park_visible(*, actor: Actor, park_id: int) -> Park:
    """One park with what its page names; raises `NotFound`."""
    found = parks_visible(actor=actor).select_related(*RELATED).filter(pk=park_id).first()
    if found is None:
        raise NotFound
    return found


def sight_of(actor: Actor, park: Park) -> Sight:
    """How much of the figures of a visible park the actor sees (no query)."""
    if is_platform(actor) or reads_companies(actor):
        return Sight.FULL
    if actor.role in OFFICE and actor.region_path:
        sides = (park.project.first_region, park.project.second_region)
        if any(side is not None and side.path.startswith(actor.region_path) for side in sides):
            return Sight.FULL
    if actor.role in BODIES and actor.organisation_id is not None and park.manager_id == actor.organisation_id:
        return Sight.FULL
    return Sight.TOTALS


def parks_full(*, actor: Actor) -> QuerySet[Park]:
    """Visible parks of which the actor sees every company: `sight_of` as a condition of the query."""
    rows = parks_visible(actor=actor)
    if is_platform(actor) or reads_companies(actor):
        return rows
    if actor.role in OFFICE and actor.region_path:
        path = actor.region_path
        first, second = "project__first_region__path__startswith", "project__second_region__path__startswith"
        return rows.filter(Q(**{first: path}) | Q(**{second: path}))
    if actor.role in BODIES and actor.organisation_id is not None:
        return rows.filter(manager=actor.organisation_id)
    return rows.none()


def residents_visible(*, actor: Actor) -> QuerySet[Resident]:
    """Companies the actor may know of one by one: all of the parks in full sight, and the own one."""
    inside = Q(park__in=parks_full(actor=actor).values("pk"))
    if actor.role in BODIES and actor.organisation_id is not None:
        inside |= Q(organisation=actor.organisation_id)
    return Resident.objects.filter(inside, park__project__merged_into=None)


def resident_visible(*, actor: Actor, resident_id: int) -> Resident:
    """One of them with its park; raises `NotFound`."""
    related = ("industry", "organisation", *(f"park__{name}" for name in RELATED))
    found = residents_visible(actor=actor).select_related(*related).filter(pk=resident_id).first()
    if found is None:
        raise NotFound
    return found


def figure_visible(*, actor: Actor, figure_id: int) -> OfficialFigure:
    """One row of the official column, of a visible company; raises `NotFound`."""
    rows = OfficialFigure.objects.filter(resident__in=residents_visible(actor=actor).values("pk"))
    related = ("resident", "corrects", *(f"park__{name}" for name in RELATED))
    found = rows.select_related(*related).filter(pk=figure_id).first()
    if found is None:
        raise NotFound
    return found


def splits_visible(*, actor: Actor) -> QuerySet[AgreedSplit]:
    """Splits of the parks in full sight."""
    return AgreedSplit.objects.filter(park__in=parks_full(actor=actor).values("pk"))


def split_visible(*, actor: Actor, split_id: int) -> AgreedSplit:
    """One of them; raises `NotFound`."""
    related = ("agreement", "replaces", *(f"park__{name}" for name in RELATED))
    found = splits_visible(actor=actor).select_related(*related).filter(pk=split_id).first()
    if found is None:
        raise NotFound
    return found


def agreement_visible(*, actor: Actor, agreement_id: int) -> ParkAgreement:
    """One agreement of a park in full sight (others see the titles only); raises `NotFound`."""
    rows = ParkAgreement.objects.filter(park__in=parks_full(actor=actor).values("pk"))
    related = ("supersedes", *(f"park__{name}" for name in RELATED))
    found = rows.select_related(*related).filter(pk=agreement_id).first()
    if found is None:
        raise NotFound
    return found


def park_sees(actor: Actor, park_id: str) -> Verdict:
    """Whether the actor may read the park's files and history."""
    return _verdict(parks_full(actor=actor).filter(pk=_id(park_id)).exists())


def agreement_sees(actor: Actor, agreement_id: str) -> Verdict:
    """Whether the actor may read the agreement's file."""
    parks = parks_full(actor=actor).values("pk")
    return _verdict(ParkAgreement.objects.filter(park__in=parks, pk=_id(agreement_id)).exists())


def _verdict(known: bool) -> Verdict:
    return Verdict.yes() if known else Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
