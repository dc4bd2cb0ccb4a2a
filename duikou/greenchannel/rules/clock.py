"""The clock of a request: working days that ran, and the day on which the term ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

IsWorking = Callable[[dt.date], bool]
Pause = tuple[dt.date, dt.date]
"""The day on which the clock stopped and the one on which it went on; the days after the first, up to the second, do
not count."""


def days_between(start: dt.date, end: dt.date, is_working: IsWorking) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not later."""
    return sum(is_working(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


def days_run(start: dt.date, end: dt.date, pauses: Sequence[Pause], is_working: IsWorking) -> int:
    """Working days that the clock ran from `start` to `end`, without those on which it stood.

    Pauses follow one another and do not overlap; what reaches beyond `end` is cut off.
    """
    stood = sum(days_between(began, min(ended, end), is_working) for began, ended in pauses if began < end)
    return days_between(start, end, is_working) - stood


def due_day(start: dt.date, term: int, pauses: Sequence[Pause], is_working: IsWorking) -> dt.date:
    """The day on which a term of `term` working days is used up; pauses put it off.

    What was late before a pause stays late: the day it was due does not move.
    """
    day, left = start, term
    while left:
        day += dt.timedelta(days=1)
        if is_working(day) and not any(began < day <= ended for began, ended in pauses):
            left -= 1
    return day


def late_days(due: dt.date, today: dt.date, is_working: IsWorking) -> int:
    """Working days since the term ended; 0 when it has not."""
    return days_between(due, today, is_working)
