"""What one person sees first: what waits, what is due, what changed, what is red."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from duikou.desk.rules import next_due
from duikou.flow.models import InboxItem
from duikou.flow.selectors import waiting_page
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.programme.models import Duty, Pairing, Programme
from duikou.programme.selectors import duties_of, programme_current
from duikou.projects.models import Project
from duikou.projects.selectors import pairings_of, projects_visible

SHOWN = 8
NO_BUSINESS = frozenset({Role.OPERATOR, Role.PUBLIC})
"""Roles that see no projects here: the operator outside the logged mode, and who has no post."""


@dataclass(frozen=True, slots=True)
class DutyDue:
    """A recurring duty and the next day it falls due."""

    duty: Duty
    on: dt.date


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
    visible = projects_visible(actor=actor, pairings=everything).filter(programme=programme)
    if not actor.sees_all and mine:
        visible = visible.filter(pairing__in=[pairing.pk for pairing in mine])
    visible = visible.select_related("pairing")
    return Workbench(
        programme=programme,
        waiting=waiting.rows[:SHOWN],
        more_waiting=len(waiting.rows) > SHOWN,
        overdue=overdue,
        duties=duties_due(programme, today()),
        pairings=mine,
        changed=list(visible.order_by("-updated_at", "-id")[:SHOWN]),
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


def duties_due(programme: Programme, day: dt.date) -> list[DutyDue]:
    """The programme's dated duties, the next first."""
    dated = [(next_due(duty.due, day), duty) for duty in duties_of(programme)]
    return sorted((DutyDue(duty, on) for on, duty in dated if on is not None), key=lambda found: found.on)[:SHOWN]
