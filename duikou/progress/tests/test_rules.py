"""Months and cumulative figures: totals never fall, and add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duikou.kernel.money import Money
from duikou.progress.rules.figures import Doubt, FaultKind, Figures, complete, doubts, faults
from duikou.progress.rules.months import (
    first_day,
    is_month,
    last_day,
    month_of,
    months_from,
    nth_working_day,
    parse_month,
    shifted,
)

amounts = st.one_of(st.none(), st.integers(0, 10**9).map(Money.from_cents))
months = st.integers(2016 * 12, 2040 * 12).map(lambda count: count // 12 * 100 + count % 12 + 1)
reports = st.builds(
    Figures,
    month=months,
    invested_month=amounts,
    invested_year=amounts,
    invested_total=amounts,
    paid_month=amounts,
    paid_total=amounts,
    funds=st.fixed_dictionaries({"central": amounts, "own": amounts}),
    percent=st.one_of(st.none(), st.integers(0, 100).map(Decimal)),
)


@given(months, st.integers(-300, 300))
def test_months_shift_there_and_back(month: int, by: int) -> None:
    there = shifted(month, by)
    assert is_month(there) or not 200001 <= there <= 209912
    assert shifted(there, -by) == month
    assert month_of(first_day(month)) == month_of(last_day(month)) == month
    assert shifted(month, 1) == month_of(last_day(month) + dt.timedelta(days=1))


@given(months, st.integers(0, 40))
def test_months_from_one_to_another_are_all_of_them_in_order(month: int, more: int) -> None:
    found = list(months_from(month, shifted(month, more)))
    assert found == sorted(set(found))
    assert len(found) == more + 1


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", 202611),
        ("202611", 202611),
        ("２０２６年３月", 202603),
        ("2026/3", 202603),
        ("2026年13月", None),
        ("2026", None),
        ("十一月", None),
        ("0000-01", None),
    ],
)
def test_months_are_read_as_people_write_them(text: str, month: int | None) -> None:
    assert parse_month(text) == month


def test_the_nth_working_day_skips_what_is_none_and_never_leaves_the_month() -> None:
    weekdays = lambda day: day.weekday() < 5  # noqa: E731
    assert nth_working_day(202608, 1, weekdays) == dt.date(2026, 8, 3)
    assert nth_working_day(202608, 10, weekdays) == dt.date(2026, 8, 14)
    assert nth_working_day(202602, 20, lambda _day: False) == dt.date(2026, 2, 28)


@settings(max_examples=200)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), months)
def test_months_alone_add_up_to_year_and_total(invested: list[int], first: int) -> None:
    before: Figures | None = None
    month = first
    for at, cents in enumerate(invested):
        whole = complete(Figures(month, invested_month=Money.from_cents(cents)), before)
        assert not faults(whole, before)
        assert whole.invested_total is not None
        assert whole.invested_year is not None
        assert whole.invested_total.cents == sum(invested[: at + 1])
        in_year = min(at, month % 100 - 1) + 1
        assert whole.invested_year.cents == sum(invested[at + 1 - in_year : at + 1])
        before, month = whole, shifted(month, 1)


@settings(max_examples=500)
@given(reports, reports)
def test_what_is_without_fault_never_falls_and_holds_its_parts(one: Figures, other: Figures) -> None:
    before = one if one.month < other.month else None
    whole = complete(other, before)
    if faults(whole, before):
        return
    if before is not None:
        for name in ("invested_total", "paid_total"):
            now, then = getattr(whole, name), getattr(before, name)
            assert now is None or then is None or now >= then
        assert whole.percent is None or before.percent is None or whole.percent >= before.percent
    parts = [whole.invested_month, whole.invested_year, whole.invested_total]
    known = [amount for amount in parts if amount is not None]
    assert known == sorted(known)


@given(reports, reports)
def test_what_is_stated_is_never_changed(one: Figures, other: Figures) -> None:
    whole = complete(other, one if one.month < other.month else None)
    for name in ("invested_month", "invested_year", "invested_total", "paid_month", "paid_total"):
        stated = getattr(other, name)
        assert stated is None or getattr(whole, name) == stated
    assert whole.funds == other.funds


def _at(month: int, invested: int | None, total: int | None, year: int | None = None, **given: object) -> Figures:
    amount = lambda number: None if number is None else Money(number)  # noqa: E731
    figures = Figures(month, amount(invested), amount(year), amount(total))
    return replace(figures, **given)  # type: ignore[arg-type]


def test_each_fault_names_its_field_and_both_numbers() -> None:
    before = _at(202610, 10, 100, 50)
    cases = [
        (_at(202611, 5, 90), "invested_total", FaultKind.FALLS, 90, 100),
        (_at(202611, 5, 106), "invested_total", FaultKind.NOT_SUM, 106, 105),
        (_at(202612, 5, 104), "invested_total", FaultKind.LESS_THAN_SUM, 104, 105),
        (_at(202611, 5, 105, 40), "invested_year", FaultKind.FALLS, 40, 50),
        (_at(202611, 5, 105, 56), "invested_year", FaultKind.NOT_SUM, 56, 55),
        (_at(202701, 5, 120, 7), "invested_year", FaultKind.NOT_SUM, 7, 5),
        (_at(202611, 30, 130, 20), "invested_year", FaultKind.FALLS, 20, 50),
    ]
    for figures, name, kind, given_number, other in cases:
        found = [fault for fault in faults(figures, before) if (fault.field, fault.kind) == (name, kind)]
        assert [(fault.given, fault.other) for fault in found] == [(given_number, other)], figures


def test_a_declared_fall_passes_but_not_beyond_a_later_month() -> None:
    before, after = _at(202610, 10, 100, 50), _at(202612, 5, 110, 60)
    falling = _at(202611, 0, 90, 40)
    assert faults(falling, before)
    assert not faults(falling, before, after, may_fall=True)
    found = faults(_at(202611, 0, 120, 40), before, after, may_fall=True)
    assert [(fault.kind, fault.month) for fault in found] == [(FaultKind.ABOVE_LATER, 202612)]


def test_money_known_before_any_report_is_not_forgotten() -> None:
    found = faults(_at(202611, 5, 5, 5), None, known=Money(80))
    assert [(fault.kind, fault.other) for fault in found] == [(FaultKind.BELOW_KNOWN, 80)]
    assert not faults(_at(202611, 5, 85, 5), None, known=Money(80))


def test_doubts_are_named() -> None:
    before = _at(202609, 10, 100, 50)
    given = _at(202611, 5, None, paid_total=Money(30), funds={"own": Money(20), "loan": None})
    whole = complete(given, before)
    assert doubts(given, whole, before, planned=Money(90), has_started=False) == (
        Doubt.PAID_OVER_FUNDS,
        Doubt.OVER_PLANNED,
        Doubt.GAP,
        Doubt.NOT_STARTED,
    )
    first = _at(202611, 5, None)
    assert doubts(first, complete(first, None), None) == (Doubt.FIRST,)
    corrected, later = _at(202611, 10, 110, 60), _at(202612, 5, 110, 55)
    assert doubts(corrected, corrected, _at(202610, 10, 100, 50), later) == (Doubt.NEXT_DIFFERS,)
