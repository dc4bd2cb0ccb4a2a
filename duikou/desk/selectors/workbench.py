"""What one person sees first: what waits, what is due, what changed, what is red."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from duikou.desk.rules import next_due
from duikou.flow.models import InboxItem, Obligation
from duikou.flow.selectors import waiting_page
from duikou.flow.selectors.obligations import obligations_open
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.selectors.cadences import Standing, standings
from duikou.meetings.selectors.calendar import meetings_coming
from duikou.meetings.selectors.lists import actions_late
from duikou.programme.models import Duty, Pairing, Programme
from duikou.programme.selectors import duties_of, programme_current
from duikou.projects.models import Project
from duikou.projects.selectors import pairings_of, projects_visible

SHOWN = 8
NO_BUSINESS = frozenset({Role.OPERATOR, Role.PUBLIC})
"""Roles that see no projects here: the operator outside the logged mode, and who has no post."""


@dataclass(frozen=True, slots=True)
class DutyDue:
    """A recurring duty, the next day it falls due, and whose it is.

    `pairing` is the reader's own pairing whose side owes it; None for the reader of all, to whom `pairings` says how
    many pairings owe it (0: not the sides' own, such as the evaluation).
    """

    duty: Duty
    on: dt.date
    pairing: Pairing | None = None
    pairings: int = 0


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything on the page, each part at most a screen long."""

    programme: Programme | None
    waiting: Sequence[InboxItem]
    more_waiting: bool
    overdue: int
    duties: list[DutyDue]
    pairings: list[Pairing]
    changed: list[Project]
    stuck: list[Project]
    sees_business: bool
    late: list[DutyDue] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    late_actions: list[ActionItem] = field(default_factory=list)
    behind: list[Standing] = field(default_factory=list)


def workbench_of(*, actor: Actor) -> Workbench:
    """The page's contents in a fixed number of queries, whatever the number of items and projects."""
    waiting = waiting_page(actor=actor)
    overdue = sum(1 for item in waiting.rows if item.is_overdue)
    programme = programme_current()
    sees = actor.admin_mode_id is not None or actor.role not in NO_BUSINESS
    if programme is None or not sees:
        rows = waiting.rows[:SHOWN]
        return Workbench(programme, rows, len(waiting.rows) > SHOWN, overdue, [], [], [], [], sees)
    everything = pairings_of(programme)
    mine = pairings_mine(actor, everything)
    owed = obligations_open(actor=actor, programme=programme)
    visible = projects_visible(actor=actor, pairings=everything).filter(programme=programme)
    if not actor.sees_all and mine:
        visible = visible.filter(pairing__in=[pairing.pk for pairing in mine])
    visible = visible.select_related("pairing")
    return Workbench(
        programme=programme,
        waiting=waiting.rows[:SHOWN],
        more_waiting=len(waiting.rows) > SHOWN,
        overdue=overdue,
        duties=duties_coming(actor, programme, mine, owed),
        late=_grouped(actor, mine, [row for row in owed if row.due_on is not None and row.due_on < today()]),
        pairings=mine,
        changed=list(visible.order_by("-updated_at", "-id")[:SHOWN]),
        meetings=meetings_coming(actor=actor, day=today(), many=SHOWN),
        late_actions=actions_late(actor=actor)[:SHOWN],
        behind=standings(actor=actor, only_behind=True)[:SHOWN],
        stuck=list(visible.filter(state="suspended").order_by("-id")[:SHOWN]),
        sees_business=True,
    )


def pairings_mine(actor: Actor, pairings: list[Pairing]) -> list[Pairing]:
    """The pairings in force that the actor's region takes part in, all of them for nation-wide roles (no query)."""
    live = [pairing for pairing in pairings if pairing.in_force_on(today())]
    if actor.sees_all:
        return [pairing for pairing in live if pairing.parent_id is None]
    path = actor.region_path
    return [pairing for pairing in live if path and any(_touches(path, side) for side in _sides(pairing))]


def _sides(pairing: Pairing) -> list[str]:
    return [side.path for side in (pairing.first_region, pairing.second_region) if side is not None]


def _touches(path: str, side: str) -> bool:
    return side.startswith(path) or path.startswith(side)


def duties_coming(actor: Actor, programme: Programme, mine: list[Pairing], owed: list[Obligation]) -> list[DutyDue]:
    """What is due next: by the days that were set for the year, else by the pack's own."""
    coming = _grouped(actor, mine, [row for row in owed if row.due_on is not None and row.due_on >= today()])
    return coming or duties_due(actor, programme, mine, today())


def _grouped(actor: Actor, mine: list[Pairing], owed: list[Obligation]) -> list[DutyDue]:
    """Of a side, what it owes itself; of who sees all, every duty and day once, with how many pairings owe it."""
    if not actor.sees_all:
        own = pairings_owed(actor, mine)
        rows = [
            DutyDue(row.duty, row.due_on, pairing)
            for row in owed
            for pairing, side in own
            if row.due_on is not None and pairing.pk == row.pairing_id and side in row.duty.sides
        ]
        return rows[:SHOWN]
    counted = Counter((row.duty_id, row.due_on) for row in owed)
    duties = {row.duty_id: row.duty for row in owed}
    return [DutyDue(duties[pk], on, pairings=n) for (pk, on), n in counted.items() if on is not None][:SHOWN]


def duties_due(actor: Actor, programme: Programme, mine: list[Pairing], day: dt.date) -> list[DutyDue]:
    """Dated duties, the next first: of a side, those it owes in its own pairings; of who sees all, every one once."""
    dated = [(duty, on, duty.sides) for duty in duties_of(programme) if (on := next_due(duty.due, day)) is not None]
    if actor.sees_all:
        found = [DutyDue(duty, on, pairings=len(mine) if sides else 0) for duty, on, sides in dated]
    else:
        own = pairings_owed(actor, mine)
        found = [DutyDue(duty, on, pairing) for duty, on, sides in dated for pairing, side in own if side in sides]
    return sorted(found, key=lambda row: row.on)[:SHOWN]


def pairings_owed(actor: Actor, mine: list[Pairing]) -> list[tuple[Pairing, int]]:
    """The pairings whose duties are the actor's, with the side it stands on: those of its very region, else of the
    region it lies in (a county in its city's pairing), never of the places inside it, which have offices of their own.
    """
    sides = [
        (pairing, number, region.path)
        for pairing in mine
        for number, region in ((1, pairing.first_region), (2, pairing.second_region))
        if region is not None and actor.region_path.startswith(region.path)
    ]
    nearest = max((len(path) for _pairing, _number, path in sides), default=0)
    return [(pairing, number) for pairing, number, path in sides if len(path) == nearest]
