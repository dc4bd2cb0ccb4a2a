"""Months as whole numbers: 202611 is November 2026; they sort as they follow one another."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator

_WRITTEN = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})月?(?:份)?")
FIRST = 200001
LAST = 209912


def month_of(day: dt.date) -> int:
    """The month of a day."""
    return day.year * 100 + day.month


def is_month(number: int) -> bool:
    """Whether `number` names a month that can be reported."""
    return FIRST <= number <= LAST and 1 <= number % 100 <= 12


def shifted(month: int, by: int) -> int:
    """The month `by` months later (earlier, when negative)."""
    count = month // 100 * 12 + month % 100 - 1 + by
    return count // 12 * 100 + count % 12 + 1


def months_from(first: int, last: int) -> Iterator[int]:
    """All months from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = shifted(first, 1)


def first_day(month: int) -> dt.date:
    """Its first day."""
    return dt.date(month // 100, month % 100, 1)


def last_day(month: int) -> dt.date:
    """Its last day."""
    return dt.date(month // 100, month % 100, calendar.monthrange(month // 100, month % 100)[1])


def parse_month(text: str) -> int | None:
    """Read a month as people write it: 2026-11, 202611, 2026年11月; None when it is none."""
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        return None
    number = int(found[1]) * 100 + int(found[2])
    return number if is_month(number) else None


def nth_working_day(month: int, number: int, works: Callable[[dt.date], bool]) -> dt.date:
    """The `number`th working day of a month; the month's last day when it has fewer."""
    day, left = first_day(month), number
    while day < last_day(month):
        left -= works(day)
        if left <= 0:
            return day
        day += dt.timedelta(days=1)
    return day
