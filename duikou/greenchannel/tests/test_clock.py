"""The clock's arithmetic: pauses put off the end and count for nothing, whatever the calendar."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from duikou.greenchannel.rules.clock import days_between, days_run, due_day, late_days
from duikou.greenchannel.rules.figures import number_of, pk_of
from duikou.greenchannel.rules.places import around
from duikou.kernel.clock import add_working_days, is_working_day

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 6, 1))
GAPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4)


def _pauses(start: dt.date, gaps: list[tuple[int, int]]) -> list[tuple[dt.date, dt.date]]:
    """Stretches one after another, each some days after the last."""
    found, day = [], start
    for wait, length in gaps:
        began = day + dt.timedelta(days=wait)
        day = began + dt.timedelta(days=length)
        found.append((began, day))
    return found


@given(DAYS, st.integers(1, 40))
def test_without_a_pause_the_term_is_plain_working_days(start: dt.date, term: int) -> None:
    due = due_day(start, term, [], is_working_day)
    assert due == add_working_days(start, term)
    assert days_run(start, due, [], is_working_day) == days_between(start, due, is_working_day) == term


@given(DAYS, st.integers(1, 30), GAPS)
def test_on_the_day_it_is_due_the_clock_has_run_the_whole_term(
    start: dt.date, term: int, gaps: list[tuple[int, int]]
) -> None:
    pauses = _pauses(start, gaps)
    due = due_day(start, term, pauses, is_working_day)
    assert days_run(start, due, pauses, is_working_day) == term
    assert days_run(start, due - dt.timedelta(days=1), pauses, is_working_day) == term - 1


@given(DAYS, st.integers(1, 30), GAPS, st.integers(0, 20))
def test_a_pause_after_the_term_does_not_heal_it(
    start: dt.date, term: int, gaps: list[tuple[int, int]], length: int
) -> None:
    pauses = _pauses(start, gaps)
    due = due_day(start, term, pauses, is_working_day)
    last = max([due, *(ended for _began, ended in pauses)])
    later = [*pauses, (last, last + dt.timedelta(days=length))]
    assert due_day(start, term, later, is_working_day) == due


@given(DAYS, st.integers(0, 60))
def test_late_days_are_the_working_days_since(due: dt.date, days: int) -> None:
    today = due + dt.timedelta(days=days)
    counted = sum(is_working_day(due + dt.timedelta(days=n)) for n in range(1, days + 1))
    assert late_days(due, today, is_working_day) == counted
    assert late_days(today, due, is_working_day) == 0 or days == 0


@given(st.integers(1, 10**15))
def test_a_number_leads_back_to_its_request(pk: int) -> None:
    assert pk_of(number_of(pk)) == pk_of(number_of(pk).lower()) == pk


def test_what_is_no_number_finds_nothing() -> None:
    assert [pk_of(text) for text in ("", "LT", "123", "LT٣", "LT12x", "XM000001", "LT" + "9" * 30)] == [None] * 7


def test_the_regions_around_a_place_come_nearest_first() -> None:
    assert around("210000/210100/") == ["210000/210100/", "210000/"]
