"""What pairings owe, as the actor may know it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from duikou.flow.models import Obligation
from duikou.flow.rules import SOON_DAYS, due_in_year, prefixes
from duikou.flow.states import DutyState
from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.clock import today
from duikou.kernel.errors import NotFound
from duikou.programme.models import Duty, Pairing, Programme

MOST_YEARS = 10
"""Longer than any duty's cadence."""

REGIONAL = OFFICE | {Role.CADRE_OFFICER}


def obligations_visible(
    *, actor: Actor, programme: Programme | None = None, year: int | None = None, state: str = ""
) -> QuerySet[Obligation]:
    """Duties of pairings the actor may know of: the nation all, offices those of their own pairings, others none.

    Of duties that the edition in force has no more, only what was fulfilled is shown.
    """
    found = Obligation.objects.filter(Q(duty__retired_in=None) | Q(fulfilled_on__isnull=False))
    found = found.select_related("duty__clause", "pairing__first_region", "pairing__second_region", "programme")
    if programme is not None:
        found = found.filter(programme=programme)
    if year is not None:
        found = found.filter(year=year)
    return found.filter(_scope(actor), _state(state, today())).order_by(
        F("due_on").asc(nulls_last=True), "pairing__order", "duty__order", "id"
    )


def _scope(actor: Actor) -> Q:
    """A place with a pairing of its own, or of places inside it, sees those; a place without, those around it."""
    if actor.sees_all or actor.kind in {ActorKind.JOB, ActorKind.COMMAND}:
        return Q()
    path = actor.region_path
    if actor.role not in REGIONAL or not path:
        return Q(pk__in=[])
    inside = Q(pairing__first_region__path__startswith=path) | Q(pairing__second_region__path__startswith=path)
    own = Q(first_region__path__startswith=path) | Q(second_region__path__startswith=path)
    if Pairing.objects.filter(own, retired_in=None).exists():
        return inside
    around = prefixes(path)
    return Q(pairing__first_region__path__in=around) | Q(pairing__second_region__path__in=around)


def _state(state: str, day: dt.date) -> Q:
    soon = day + dt.timedelta(days=SOON_DAYS)
    late = Q(fulfilled_on__gt=F("due_on"))
    return {
        DutyState.OVERDUE.value: Q(fulfilled_on=None, due_on__lt=day),
        DutyState.DUE_SOON.value: Q(fulfilled_on=None, due_on__gte=day, due_on__lte=soon),
        DutyState.NOT_DUE.value: Q(fulfilled_on=None, due_on__gt=soon),
        DutyState.NO_DATE.value: Q(fulfilled_on=None, due_on=None),
        DutyState.FILED.value: Q(fulfilled_on__isnull=False) & (Q(due_on=None) | Q(fulfilled_on__lte=F("due_on"))),
        DutyState.FILED_LATE.value: Q(fulfilled_on__isnull=False) & late,
    }.get(state, Q())


def obligation_known(*, actor: Actor, obligation_id: int) -> Obligation:
    """One of them; `NotFound` for anybody else's."""
    found = obligations_visible(actor=actor).filter(pk=obligation_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One pairing: a cell for each duty of the board, None where it does not owe it."""

    pairing: Pairing
    cells: tuple[Obligation | None, ...]

    @property
    def open(self) -> int:
        """How many are not filed yet."""
        return sum(1 for cell in self.cells if cell is not None and cell.fulfilled_on is None)


@dataclass(frozen=True, slots=True)
class Board:
    """Pairings × duties of one year."""

    year: int
    duties: tuple[Duty, ...]
    rows: tuple[BoardRow, ...]

    def filed(self, number: int) -> int:
        """How many pairings have filed the duty in that column."""
        return sum(1 for row in self.rows if (cell := row.cells[number]) is not None and cell.fulfilled_on is not None)

    @property
    def columns(self) -> list[tuple[Duty, int, int]]:
        """Duties with how many have filed, of how many."""
        return [
            (duty, self.filed(at), sum(1 for row in self.rows if row.cells[at] is not None))
            for at, duty in enumerate(self.duties)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many cells stand in each state."""
        found = dict.fromkeys(DutyState.values, 0)
        for row in self.rows:
            for cell in row.cells:
                if cell is not None:
                    found[cell.state.value] += 1
        return found


def board_of(*, actor: Actor, programme: Programme, year: int) -> Board:
    """What each pairing owes in a year and who has filed (one query)."""
    rows = list(obligations_visible(actor=actor, programme=programme, year=year))
    duties = {row.duty_id: row.duty for row in rows}
    pairings = {row.pairing_id: row.pairing for row in rows}
    ordered = sorted(duties.values(), key=lambda duty: (duty.order, duty.pk))
    cells = {(row.pairing_id, row.duty_id): row for row in rows}
    return Board(
        year,
        tuple(ordered),
        tuple(
            BoardRow(pairing, tuple(cells.get((pairing.pk, duty.pk)) for duty in ordered))
            for pairing in sorted(pairings.values(), key=lambda one: (one.order, one.pk))
        ),
    )


def years_planned(*, programme: Programme) -> list[int]:
    """Years of which the programme has duties, the latest first (one query)."""
    return list(
        Obligation.objects.filter(programme=programme).order_by("-year").values_list("year", flat=True).distinct()
    )


def obligations_open(*, actor: Actor, programme: Programme) -> list[Obligation]:
    """What is not filed and has a day, the earliest first, with who owes it (two queries more than none; ≤ 500)."""
    rows = obligations_visible(actor=actor, programme=programme).filter(due_on__isnull=False, fulfilled_on=None)
    return list(rows.prefetch_related("duty__owed_by")[:500])


def obligations_dated(*, actor: Actor, start: dt.date, end: dt.date) -> Sequence[Obligation]:
    """What falls due from one day to another, filed or not: for calendars and their feeds (one query)."""
    return list(obligations_visible(actor=actor).filter(due_on__gte=start, due_on__lte=end)[:2000])


def year_owed(*, duty: Duty, pairing: Pairing, on: dt.date) -> int | None:
    """The year whose obligation is kept by what happened `on` that day: its own, or the last of the years that a duty
    of every n years covers; None for a duty without a day (no query)."""
    base = pairing.valid_from.year if pairing.valid_from else on.year
    found = (year for year in range(on.year, on.year + MOST_YEARS) if due_in_year(duty.due, year, base) is not None)
    return next(found, None)
