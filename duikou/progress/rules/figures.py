"""What the figures of a month must obey: cumulative money never falls, and adds up.

Amounts are `Money` or None (not stated); a None is compared with nothing and is never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from duikou.kernel.money import Money
from duikou.progress.rules.months import shifted

NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one report. `funds` is the money in place by source up to the end of the month."""

    month: int
    invested_month: Money | None = None
    invested_year: Money | None = None
    invested_total: Money | None = None
    paid_month: Money | None = None
    paid_total: Money | None = None
    funds: Mapping[str, Money | None] = field(default_factory=dict)
    percent: Decimal | None = None

    @property
    def in_place(self) -> Money | None:
        """The money in place from all stated sources; None when none is stated."""
        stated = [amount for amount in self.funds.values() if amount is not None]
        return sum(stated, NOTHING) if stated else None


class FaultKind(StrEnum):
    """What is wrong with a figure; each names its own number and the one that it contradicts."""

    FALLS = "falls"
    BELOW_KNOWN = "below_known"
    ABOVE_LATER = "above_later"
    NOT_SUM = "not_sum"
    LESS_THAN_SUM = "less_than_sum"
    UNDER_PART = "under_part"


@dataclass(frozen=True, slots=True)
class Fault:
    """One figure that cannot stand: at which field, what is given, what it contradicts, of which month."""

    field: str
    kind: FaultKind
    given: Decimal
    other: Decimal
    month: int = 0


class Doubt(StrEnum):
    """What seldom goes together, yet may; its writer says that it is so."""

    PAID_OVER_FUNDS = "paid_over_funds"
    OVER_PLANNED = "over_planned"
    GAP = "gap"
    FIRST = "first"
    NEXT_DIFFERS = "next_differs"
    NOT_STARTED = "not_started"


def is_next(month: int, before: Figures | None) -> bool:
    """Whether `before` is the report of the month just before."""
    return before is not None and shifted(before.month, 1) == month


def _same_year(month: int, other: Figures | None) -> bool:
    return other is not None and other.month // 100 == month // 100


def complete(given: Figures, before: Figures | None) -> Figures:
    """Fill what follows: totals from the month's figure and the report before, the month's from two totals.

    Where months are missing in between, the totals go on from the last known ones (a doubt says so).
    """
    month = given.month
    only_month = given.invested_total is None
    base_total = before.invested_total if before else NOTHING
    base_year = before.invested_year if before and _same_year(month, before) else NOTHING
    invested, year = given.invested_month, given.invested_year
    total = _added(base_total, invested) if only_month else given.invested_total
    if invested is None and is_next(month, before):
        invested = _rest(total, base_total)
    if year is None and (only_month or month % 100 == 1 or _same_year(month, before)):
        year = _added(base_year, invested)
    paid, base_paid = given.paid_month, before.paid_total if before else NOTHING
    paid_total = _added(base_paid, paid) if given.paid_total is None else given.paid_total
    if paid is None and is_next(month, before):
        paid = _rest(paid_total, base_paid)
    return replace(
        given,
        invested_month=invested,
        invested_year=year,
        invested_total=total,
        paid_month=paid,
        paid_total=paid_total,
    )


def _added(base: Money | None, more: Money | None) -> Money | None:
    return None if base is None or more is None else base + more


def _rest(total: Money | None, base: Money | None) -> Money | None:
    return None if total is None or base is None or total < base else total - base


def faults(
    figures: Figures,
    before: Figures | None,
    after: Figures | None = None,
    *,
    known: Money | None = None,
    may_fall: bool = False,
) -> tuple[Fault, ...]:
    """What cannot stand beside the accepted reports before and after. `known`: completed money known before any report.

    `may_fall`: its writer declares, with a reason, that earlier totals were too high.
    """
    found = [] if may_fall else list(_against_before(figures, before, known))
    if after is not None:
        found += _against_after(figures, after)
    named = {fault.field for fault in found}
    return (*found, *(fault for fault in _inside(figures) if fault.field not in named))


def _inside(figures: Figures) -> Iterator[Fault]:
    pairs = (
        ("invested_year", figures.invested_year, figures.invested_month),
        ("invested_total", figures.invested_total, figures.invested_year),
        ("invested_total", figures.invested_total, figures.invested_month),
        ("paid_total", figures.paid_total, figures.paid_month),
    )
    seen = set()
    for name, whole, part in pairs:
        if whole is not None and part is not None and whole < part and name not in seen:
            seen.add(name)
            yield Fault(name, FaultKind.UNDER_PART, whole, part)


def _against_before(figures: Figures, before: Figures | None, known: Money | None) -> Iterator[Fault]:
    if before is None:
        total = figures.invested_total
        if known is not None and total is not None and total < known:
            yield Fault("invested_total", FaultKind.BELOW_KNOWN, total, known)
        elif figures.month % 100 == 1:
            yield from _sum_of(figures, "invested_year", figures.invested_year, NOTHING, figures.invested_month, True)
        return
    adjoins = is_next(figures.month, before)
    for name, now, then in _totals(figures, before):
        if now is not None and then is not None and now < then:
            yield Fault(name, FaultKind.FALLS, now, then, before.month)
    chain = (
        ("invested_total", figures.invested_total, before.invested_total, figures.invested_month),
        ("paid_total", figures.paid_total, before.paid_total, figures.paid_month),
    )
    for name, total, base, part in chain:
        if total is not None and base is not None and total >= base:
            yield from _sum_of(figures, name, total, base, part, adjoins)
    year, base_year = figures.invested_year, before.invested_year
    if _same_year(figures.month, before):
        if year is not None and base_year is not None and year < base_year:
            yield Fault("invested_year", FaultKind.FALLS, year, base_year, before.month)
        else:
            yield from _sum_of(figures, "invested_year", year, base_year, figures.invested_month, adjoins)
    elif figures.month % 100 == 1:
        yield from _sum_of(figures, "invested_year", year, NOTHING, figures.invested_month, True)


def _sum_of(
    figures: Figures, name: str, total: Money | None, base: Money | None, part: Money | None, is_exact: bool
) -> Iterator[Fault]:
    """The total must be what was before plus the month; at least that where months are missing in between."""
    if total is None or base is None or part is None:
        return
    expected = base + part
    if is_exact and total != expected:
        yield Fault(name, FaultKind.NOT_SUM, total, expected, figures.month)
    elif not is_exact and total < expected:
        yield Fault(name, FaultKind.LESS_THAN_SUM, total, expected, figures.month)


def _totals(one: Figures, other: Figures) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    yield "invested_total", one.invested_total, other.invested_total
    yield "paid_total", one.paid_total, other.paid_total
    for source in one.funds:
        yield f"funds_{source}", one.funds[source], other.funds.get(source)
    yield "percent", one.percent, other.percent


def _against_after(figures: Figures, after: Figures) -> Iterator[Fault]:
    for name, now, then in _totals(figures, after):
        if name in ("invested_total", "paid_total") and now is not None and then is not None and now > then:
            yield Fault(name, FaultKind.ABOVE_LATER, now, then, after.month)
    year, then_year = figures.invested_year, after.invested_year
    if _same_year(figures.month, after) and year is not None and then_year is not None and year > then_year:
        yield Fault("invested_year", FaultKind.ABOVE_LATER, year, then_year, after.month)


def doubts(
    given: Figures,
    figures: Figures,
    before: Figures | None,
    after: Figures | None = None,
    *,
    planned: Money | None = None,
    has_started: bool | None = None,
) -> tuple[Doubt, ...]:
    """What the writer of `given` (completed: `figures`) has to confirm."""
    total, paid, in_place = figures.invested_total, figures.paid_total, figures.in_place
    computed = given.invested_total is None and total is not None
    differs = (
        after is not None
        and is_next(after.month, figures)
        and after.invested_month is not None
        and after.invested_total is not None
        and total is not None
        and total <= after.invested_total != total + after.invested_month
    )
    found = {
        Doubt.PAID_OVER_FUNDS: paid is not None and in_place is not None and paid > in_place,
        Doubt.OVER_PLANNED: planned is not None and total is not None and total > planned,
        Doubt.GAP: computed and before is not None and not is_next(given.month, before),
        Doubt.FIRST: computed and before is None and bool(total),
        Doubt.NEXT_DIFFERS: differs,
        Doubt.NOT_STARTED: has_started is False and bool(total),
    }
    return tuple(doubt for doubt, holds in found.items() if holds)
