"""Days, quartiles and curves of what spread where; no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


def days_to_adoption(published_on: dt.date | None, adopted_on: dt.date | None) -> int | None:
    """Days from publication to adoption; None where either is unknown or the adoption came before."""
    if published_on is None or adopted_on is None or adopted_on < published_on:
        return None
    return (adopted_on - published_on).days


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took: how many adoptions are known in days, and their quartiles (days; None where there is none)."""

    count: int
    first: Fraction | None = None
    median: Fraction | None = None
    third: Fraction | None = None


def spread(counts: Mapping[int, int]) -> Spread:
    """Quartiles of days given as day → how many, by linear interpolation between ranks (the inclusive method)."""
    total = sum(counts.values())
    if not total:
        return Spread(0)
    ordered = sorted((day, number) for day, number in counts.items() if number)
    return Spread(total, *(_at(ordered, Fraction(quarter * (total - 1), 4)) for quarter in (1, 2, 3)))


def _at(ordered: Sequence[tuple[int, int]], place: Fraction) -> Fraction:
    """The value at rank `place` (from 0), between its neighbours where it is no whole number."""
    whole = int(place)
    low, high = _ranked(ordered, whole), _ranked(ordered, whole + (place > whole))
    return low + (place - whole) * (high - low)


def _ranked(ordered: Sequence[tuple[int, int]], rank: int) -> Fraction:
    passed = 0
    for day, number in ordered:
        passed += number
        if rank < passed:
            return Fraction(day)
    raise ValueError("a rank beyond the last")


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of every month from that of `first` to that of `last`."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(dt.date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def cumulative(changes: Mapping[dt.date, int], months: Iterable[dt.date]) -> list[int]:
    """How many there are at the end of each month, given how many came (or went, below nought) in each."""
    total, found = 0, []
    for month in months:
        total += changes.get(month, 0)
        found.append(total)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A stated number beside the rows: what explains it, and what stays unexplained.

    `counted` rows are adopted on the day; `later` were adopted after it, `ended` were no longer in force on it.
    `rest` is stated less counted: above nought, that many are not registered; below, more are registered than stated.
    """

    stated: int
    counted: int
    later: int = 0
    ended: int = 0

    @property
    def rest(self) -> int:
        """Stated less counted."""
        return self.stated - self.counted

    @property
    def unregistered(self) -> int:
        """How many no row at all speaks of, were all that were adopted later or ended meant as well."""
        return max(0, self.rest - self.later - self.ended)
