"""How mechanisms keep their beat: those of the pack's duties, and those two sides agreed on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from duikou.flow.models import Obligation
from duikou.flow.selectors.obligations import obligations_visible
from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI, today
from duikou.kernel.errors import NotFound
from duikou.meetings.models import Cadence, CadenceState, Meeting
from duikou.meetings.rules.cadence import Beat, beat_of
from duikou.meetings.selectors.scope import REGIONAL, sees_all
from duikou.meetings.states import HELD_STATES

SIDES = ("pairing__first_region", "pairing__second_region")


@dataclass(frozen=True, slots=True)
class Standing:
    """A mechanism and how it stands today."""

    cadence: Cadence
    beat: Beat

    @property
    def state(self) -> CadenceState:
        """Its state, with its words."""
        return CadenceState(self.beat.state)


def cadences_visible(*, actor: Actor) -> QuerySet[Cadence]:
    """Mechanisms of pairings whose meetings the actor may know of."""
    rows = Cadence.objects.select_related(*SIDES)
    if sees_all(actor):
        return rows
    if actor.role in REGIONAL and actor.region_path:
        path = actor.region_path
        return rows.filter(
            Q(pairing__first_region__path__startswith=path) | Q(pairing__second_region__path__startswith=path)
        )
    return rows.none()


def cadence_visible(*, actor: Actor, cadence_id: int) -> Cadence:
    """One of them; raises `NotFound`."""
    found = cadences_visible(actor=actor).filter(pk=cadence_id).first()
    if found is None:
        raise NotFound
    return found


def standings(*, actor: Actor, only_behind: bool = False) -> list[Standing]:
    """Live mechanisms that the actor may know of and how they stand, the late ones first (two queries)."""
    found = standings_of(cadences_visible(actor=actor).filter(is_active=True).order_by("pairing__order", "layer", "id"))
    order = {"behind": 0, "soon": 1, "due": 2, "kept": 3}
    found.sort(key=lambda one: order[one.beat.state])
    return [one for one in found if one.beat.state == "behind"] if only_behind else found


def standings_of(cadences: Iterable[Cadence]) -> list[Standing]:
    """How these stand today (one query more than reading them)."""
    rows, day = list(cadences), today()
    held = _held({row.pairing_id for row in rows})
    return [Standing(row, beat_of(row.since, row.years, _days(row, held[row.pairing_id]), day)) for row in rows]


def _held(pairings: set[int]) -> dict[int, list[tuple[str, str, dt.date]]]:
    found: dict[int, list[tuple[str, str, dt.date]]] = defaultdict(list)
    rows = Meeting.objects.filter(pairing__in=pairings, state__in=HELD_STATES)
    for pairing, layer, kind, start in rows.values_list("pairing_id", "layer", "kind", "starts_at"):
        found[pairing].append((layer, kind, start.astimezone(SHANGHAI).date()))
    return found


def _days(cadence: Cadence, held: list[tuple[str, str, dt.date]]) -> list[dt.date]:
    return [day for layer, kind, day in held if layer == cadence.layer and cadence.kind in ("", kind)]


def duties_standing(*, actor: Actor) -> list[Obligation]:
    """What the pack's duties to meet ask of visible pairings: this year's and what is still open of earlier ones, the
    late ones first (two queries)."""
    day = today()
    rows = obligations_visible(actor=actor).filter(duty__kind="meeting", year__lte=day.year + 1)
    rows = rows.filter(Q(year=day.year) | Q(fulfilled_on=None, due_on__isnull=False))
    return list(rows.prefetch_related("duty__owed_by")[:300])
