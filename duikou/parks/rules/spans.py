"""Months, quarters and years of a company's figures: which hold which, and what a year comes to, nothing twice."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from duikou.kernel.periods import Period, period_of

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""How many months a grain has."""


class Span(NamedTuple):
    """A month, a quarter or a year: its grain, its year and the month it begins with."""

    grain: str
    year: int
    month: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        month = self.month + MONTHS[self.grain] - 1
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def months(self) -> frozenset[int]:
        """Its months in the year."""
        return frozenset(range(self.month, self.month + MONTHS[self.grain]))

    @property
    def text(self) -> str:
        """As people write it (2025年第三季度); read back by `span_of_text`."""
        if self.grain == "year":
            return f"{self.year}年"
        if self.grain == "quarter":
            return f"{self.year}年第{'一二三四'[self.month // 3]}季度"
        return f"{self.year}年{self.month}月"

    @property
    def code(self) -> str:
        """As addresses and forms write it: 2025, 2025Q3, 2025-07."""
        if self.grain == "year":
            return str(self.year)
        if self.grain == "quarter":
            return f"{self.year}Q{self.month // 3 + 1}"
        return f"{self.year}-{self.month:02}"

    def holds(self, other: Span) -> bool:
        """Whether `other` is a smaller part of this one."""
        return self.year == other.year and other.months < self.months


def span_of(period: Period) -> Span | None:
    """The month, quarter or year between two days; None for anything else (half a year, say)."""
    first, last = period
    if first.year != last.year or first.day != 1:
        return None
    for grain, months in MONTHS.items():
        if (first.month - 1) % months == 0:
            found = Span(grain, first.year, first.month)
            if found.last == last:
                return found
    return None


def span_of_text(text: str) -> Span | None:
    """The span that a cell or an address names (2025, 2025年, 2025Q3, 2025年第三季度, 2025-07, 2025年7月)."""
    period = period_of(text)
    return span_of(period) if period is not None else None


@dataclass(frozen=True, slots=True)
class Row:
    """One company's known values of one span, by measure: plain numbers of one column."""

    span: Span
    values: dict[str, Decimal]
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """What a year comes to: sums by measure, jobs at the last known end, and how many months the rows cover."""

    values: dict[str, Decimal]
    jobs: int | None
    months: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A span and its parts that do not agree: the measure, what the span says and what its parts add up to."""

    span: Span
    measure: str
    stated: Decimal
    added: Decimal


def year_of_rows(rows: Sequence[Row], measures: Iterable[str]) -> Year:
    """What the rows of one company in one year come to, no month counted twice: a year's own figure wins over its
    quarters, a quarter's over its months; what is unknown stays unknown."""
    months: set[int] = set()
    for row in rows:
        months |= row.span.months
    values = {}
    for measure in measures:
        found = _summed([row for row in rows if measure in row.values], measure)
        if found is not None:
            values[measure] = found
    known = [row for row in rows if row.jobs is not None]
    latest = max(known, key=lambda row: (max(row.span.months), len(row.span.months)), default=None)
    return Year(values, latest.jobs if latest else None, len(months))


def _summed(rows: Sequence[Row], measure: str) -> Decimal | None:
    taken: set[int] = set()
    total: Decimal | None = None
    for row in sorted(rows, key=lambda one: -len(one.span.months)):
        if not row.span.months & taken:
            taken |= row.span.months
            total = row.values[measure] if total is None else Decimal(total) + Decimal(row.values[measure])
    return total


def gaps(rows: Sequence[Row], measures: Sequence[str], *, may_fall: Iterable[str] = ()) -> list[Gap]:
    """Where a span and its parts contradict one another: whole parts that add up to something else, or a few that
    already exceed it (not for measures that may be negative)."""
    found = []
    for row in rows:
        inside = [other for other in rows if row.span.holds(other.span)]
        for measure in measures:
            parts = [other for other in inside if measure in other.values]
            added = _summed(parts, measure)
            if measure not in row.values or added is None:
                continue
            covered = frozenset[int]().union(*(other.span.months for other in parts))
            stated = row.values[measure]
            if (covered == row.span.months and added != stated) or (added > stated and measure not in may_fall):
                found.append(Gap(row.span, measure, stated, added))
    return found
