"""What falls on which day, as the actor may know it: meetings, action items due, duties due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow.models import Obligation
from duikou.flow.selectors.obligations import obligations_dated
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import SHANGHAI
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.selectors.lists import actions_listed, meetings_listed
from duikou.meetings.states import ActionState, MeetingState

MOST = 500
"""Of each sort on one page; a month of all pairings has some dozens."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing on a day: `sort` is meeting, action or duty; `state` gives its colour."""

    sort: str
    title: str
    where: str
    url: str
    state: str
    state_label: str
    first: dt.date
    last: dt.date
    hour: str = ""
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day and what falls on it; `outside` the month that is shown."""

    day: dt.date
    happenings: tuple[Happening, ...]
    outside: bool = False


def happenings(*, actor: Actor, start: dt.date, end: dt.date, pairing_id: int | None = None) -> list[Happening]:
    """Everything from one day to another, in order (three queries at most, and one for the scope of duties)."""
    found = [_of_meeting(row) for row in meetings_between(actor=actor, start=start, end=end, pairing_id=pairing_id)]
    actions = actions_listed(actor=actor).filter(due_on__gte=start, due_on__lte=end)
    actions = actions.exclude(state=ActionState.DROPPED)
    if pairing_id is not None:
        actions = actions.filter(pairing=pairing_id)
    found += [_of_action(row) for row in actions.order_by("due_on", "id")[:MOST]]
    duties: Sequence[Obligation] = ()
    if actor.role is not Role.UNIT:
        duties = obligations_dated(actor=actor, start=start, end=end)
    found += [_of_duty(row) for row in duties if pairing_id in (None, row.pairing_id)][:MOST]
    return sorted(found, key=lambda one: (one.first, one.sort != "meeting", one.hour, one.title))


def meetings_between(*, actor: Actor, start: dt.date, end: dt.date, pairing_id: int | None = None) -> list[Meeting]:
    """Visible meetings that touch one of these days, the earliest first (one query)."""
    midnight = dt.time(0)
    begin = dt.datetime.combine(start, midnight, SHANGHAI)
    finish = dt.datetime.combine(end, midnight, SHANGHAI) + dt.timedelta(days=1)
    rows = meetings_listed(actor=actor).filter(starts_at__lt=finish, ends_at__gt=begin)
    if pairing_id is not None:
        rows = rows.filter(pairing=pairing_id)
    return list(rows.order_by("starts_at", "id")[:MOST])


def meetings_coming(*, actor: Actor, day: dt.date, many: int) -> list[Meeting]:
    """The next meetings from `day` on, and postponed ones without a new date last (one query)."""
    begin = dt.datetime.combine(day, dt.time(0), SHANGHAI)
    rows = meetings_listed(actor=actor).filter(
        Q(state=MeetingState.PLANNED, ends_at__gt=begin) | Q(state=MeetingState.POSTPONED)
    )
    return list(rows.order_by(F("state").asc(), "starts_at", "id")[:many])


def month_grid(*, first: dt.date, found: Sequence[Happening]) -> list[list[CalendarDay]]:
    """Weeks from Monday to Sunday that hold the month beginning on `first`."""
    by_day: dict[dt.date, list[Happening]] = defaultdict(list)
    start = first - dt.timedelta(days=first.weekday())
    following = (first + dt.timedelta(days=31)).replace(day=1)
    weeks = -(-((following - start).days) // 7)
    days = [start + dt.timedelta(days=number) for number in range(weeks * 7)]
    for one in found:
        day = max(one.first, days[0])
        while day <= min(one.last, days[-1]):
            by_day[day].append(one)
            day += dt.timedelta(days=1)
    cells = [CalendarDay(day, tuple(by_day[day]), day.month != first.month) for day in days]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _of_meeting(row: Meeting) -> Happening:
    start = row.starts_at.astimezone(SHANGHAI)
    return Happening(
        sort="meeting",
        title=row.title,
        where=row.pairing.label,
        url=reverse("meetings:meeting", args=[row.pk]),
        state=row.state,
        state_label=row.state_label,
        first=row.first_day,
        last=row.last_day,
        hour="" if row.all_day else f"{start:%H:%M}",
        is_off=row.state in (MeetingState.CANCELLED, MeetingState.POSTPONED),
    )


def _of_action(row: ActionItem) -> Happening:
    late = row.is_overdue
    return Happening(
        sort="action",
        title=row.text,
        where=row.owner_name,
        url=reverse("meetings:action", args=[row.pk]),
        state="overdue" if late else row.state,
        state_label=_("逾期") if late else row.state_label,
        first=row.due_on,
        last=row.due_on,
    )


def _of_duty(row: Obligation) -> Happening:
    day = row.due_on or dt.date(row.year, 12, 31)
    return Happening(
        sort="duty",
        title=row.duty.label,
        where=row.pairing.label,
        url=row.url or f"{reverse('flow:duties')}?year={row.year}",
        state=row.state.value,
        state_label=str(row.state.label),
        first=day,
        last=day,
    )
