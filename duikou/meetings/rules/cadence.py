"""Periods of a mechanism: which one a day lies in, and whether somebody falls behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

SOON_DAYS: Final = 60
"""A period that ends in so many days without a meeting is soon over: a visit takes time to arrange."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first of January of one year to the last of December of another."""

    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day <= self.end


def period_of(since: int, years: int, day: dt.date) -> Period | None:
    """The period of `years` years, counted from the year `since`, in which `day` lies; None before the first."""
    if day.year < since:
        return None
    begin = since + (day.year - since) // years * years
    return Period(dt.date(begin, 1, 1), dt.date(begin + years - 1, 12, 31))


def period_before(period: Period, since: int) -> Period | None:
    """The period before; None for the first."""
    years = period.end.year - period.start.year + 1
    if period.start.year - years < since:
        return None
    return Period(dt.date(period.start.year - years, 1, 1), dt.date(period.start.year - 1, 12, 31))


@dataclass(frozen=True, slots=True)
class Beat:
    """How a mechanism stands: the period that counts today, its state, and the last time somebody met.

    `state` is kept, due, soon or behind. The period is the running one, or the one before while nobody met in it nor
    since: that one is behind.
    """

    period: Period | None
    state: str
    last: dt.date | None


def beat_of(since: int, years: int, held: Collection[dt.date], today: dt.date) -> Beat:
    """How a mechanism stands today, from the days on which it met (in any order)."""
    last = max((day for day in held if day <= today), default=None)
    running = period_of(since, years, today)
    if running is None:
        return Beat(None, "due", last)
    if any(running.holds(day) for day in held if day <= today):
        return Beat(running, "kept", last)
    before = period_before(running, since)
    if before is not None and not any(before.holds(day) for day in held):
        return Beat(before, "behind", last)
    return Beat(running, "soon" if (running.end - today).days <= SOON_DAYS else "due", last)
