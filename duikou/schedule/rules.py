"""Dates that follow from dates: what a slip pushes, which chain carries the end, what would make a ring.

A milestone waits for another with a lag in calendar days: it cannot come before that one's day plus the lag.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

SOON = dt.timedelta(days=7)
"""How long before its day a milestone is due soon."""


class Ring(ValueError):
    """Milestones that wait for one another in a circle."""


@dataclass(frozen=True, slots=True)
class Node:
    """What is said of one milestone: its plan, a forecast if somebody made one, and the day it was done."""

    id: int
    planned: dt.date | None = None
    forecast: dt.date | None = None
    done: dt.date | None = None

    @property
    def own(self) -> dt.date | None:
        """Its day as far as it alone can say: done, else forecast, else planned."""
        return self.done or self.forecast or self.planned


@dataclass(frozen=True, slots=True)
class Edge:
    """`after` comes no earlier than `lag` days after `before`."""

    before: int
    after: int
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """What follows: by id the expected day, the slack in days, and what pushes it beyond its own day."""

    expected: Mapping[int, dt.date]
    slack: Mapping[int, int]
    pushed_by: Mapping[int, tuple[int, ...]]

    @property
    def critical(self) -> frozenset[int]:
        """What carries the end: a day's delay of any of these delays the last milestone."""
        return frozenset(pk for pk, days in self.slack.items() if days == 0)

    def pushes(self, pk: int) -> tuple[int, ...]:
        """What waits past its own day because of `pk`, directly."""
        return tuple(sorted(other for other, causes in self.pushed_by.items() if pk in causes))


def ordered(ids: Iterable[int], edges: Collection[Edge]) -> list[int]:
    """`ids` so that everything stands after what it waits for; raises `Ring`. Edges beyond `ids` do not count."""
    waiting = dict.fromkeys(ids, 0)
    following: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.before in waiting and edge.after in waiting:
            waiting[edge.after] += 1
            following[edge.before].append(edge.after)
    ready = [pk for pk, count in waiting.items() if not count]
    found: list[int] = []
    while ready:
        pk = ready.pop()
        found.append(pk)
        for other in following[pk]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    if len(found) != len(waiting):
        raise Ring
    return found


def makes_ring(edges: Iterable[Edge], before: int, after: int) -> bool:
    """Whether a further edge from `before` to `after` would close a circle."""
    following: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        following[edge.before].append(edge.after)
    seen, ahead = {after}, [after]
    while ahead:
        pk = ahead.pop()
        if pk == before:
            return True
        new = [other for other in following[pk] if other not in seen]
        seen.update(new)
        ahead += new
    return False


def schedule(nodes: Sequence[Node], edges: Collection[Edge]) -> Schedule:
    """The expected day of every milestone and what follows from it.

    What is done stands where it was done. What is not comes on its own day, or later when something it waits for
    comes too late; its slack is how many days it may still slip before the last milestone slips. Raises `Ring`.
    """
    known = {node.id: node for node in nodes}
    inside = [edge for edge in edges if edge.before in known and edge.after in known]
    order = ordered(known, inside)
    into: dict[int, list[Edge]] = defaultdict(list)
    out: dict[int, list[Edge]] = defaultdict(list)
    for edge in inside:
        into[edge.after].append(edge)
        out[edge.before].append(edge)
    expected: dict[int, dt.date] = {}
    pushed: dict[int, tuple[int, ...]] = {}
    for pk in order:
        day, causes = _day(known[pk], into[pk], expected)
        if day is not None:
            expected[pk] = day
        if causes:
            pushed[pk] = causes
    return Schedule(expected, _slack(known, order, out, expected), pushed)


def _day(node: Node, into: Iterable[Edge], expected: Mapping[int, dt.date]) -> tuple[dt.date | None, tuple[int, ...]]:
    own = node.own
    if node.done is not None:
        return own, ()
    asked = {edge.before: later(expected[edge.before], edge.lag) for edge in into if edge.before in expected}
    latest = max(asked.values(), default=None)
    if latest is None or (own is not None and latest <= own):
        return own, ()
    return latest, tuple(sorted(pk for pk, day in asked.items() if day == latest))


def _slack(
    known: Mapping[int, Node],
    order: Sequence[int],
    out: Mapping[int, Sequence[Edge]],
    expected: Mapping[int, dt.date],
) -> dict[int, int]:
    """Days until the last open milestone slips; what is done has none to lose and is left out."""
    open_days = [day for pk, day in expected.items() if known[pk].done is None]
    if not open_days:
        return {}
    end = max(open_days)
    slack: dict[int, int] = {}
    for pk in reversed(order):
        if known[pk].done is not None or pk not in expected:
            continue
        days = (end - expected[pk]).days
        for edge in out.get(pk, ()):
            if edge.after in slack:
                days = min(days, slack[edge.after] + (expected[edge.after] - later(expected[pk], edge.lag)).days)
        slack[pk] = days
    return slack


def later(day: dt.date, days: int) -> dt.date:
    """`days` after `day`, at most the last day that there is."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max


def slip(expected: dt.date | None, baseline: dt.date | None) -> int | None:
    """Days past the baseline (negative: ahead); None where one of the two is not known."""
    return (expected - baseline).days if expected is not None and baseline is not None else None


def standing(
    *, planned: dt.date | None, expected: dt.date, baseline: dt.date | None, done: dt.date | None, today: dt.date
) -> str:
    """How it stands on `today`, as `states.Standing` names it: a promise that has passed is overdue whatever is
    forecast now."""
    promised = planned or expected
    if done is not None:
        return "done"
    if promised < today:
        return "overdue"
    if promised <= today + SOON:
        return "soon"
    return "slipped" if expected > (baseline or promised) else "open"
