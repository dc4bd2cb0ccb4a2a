"""The five alarms as arithmetic: nothing without its figures, worse with time, closed only by somebody."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.clock import add_working_days
from duikou.kernel.money import Money
from duikou.progress.rules import alarms
from duikou.progress.rules.alarm_life import Move, Standing, move, stage_due
from duikou.progress.rules.alarms import AlarmKind, Colour, Finding, Judged, Known, Thresholds

AT = Thresholds()
TODAY = dt.date(2026, 9, 10)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
MONEY = st.integers(0, 10**12).map(Money.from_cents)
COLOURS = {None: 0, Colour.YELLOW: 1, Colour.RED: 2}


@st.composite
def knowns(draw):
    first, second = sorted((draw(DAYS), draw(DAYS)))
    maybe = {name: draw(st.none() | MONEY) for name in ("planned", "signed", "invested", "paid", "in_place", "central")}
    return Known(
        planned_start=draw(st.none() | st.just(first)),
        planned_finish=draw(st.none() | st.just(second)),
        has_started=draw(st.booleans()),
        started_on=draw(st.none() | DAYS),
        has_finished=draw(st.booleans()),
        has_ended=draw(st.booleans()),
        is_suspended=draw(st.booleans()),
        most_planned=None if maybe["planned"] is None else maybe["planned"] + draw(MONEY),
        most_signed=maybe["signed"],
        report_month=draw(st.none() | st.integers(2020, 2026).map(lambda year: year * 100 + 8)),
        percent=draw(st.none() | st.decimals(0, 100, places=1)),
        **maybe,
    )


def test_the_practice_s_own_example_is_ahead_by_21_3_points():
    time = alarms.time_share(dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2026, 8, 31))
    known = Known(planned=Money(1000), invested=Money(880))
    assert (time, alarms.invested_share(known)) == (Decimal("66.7"), Decimal("88.0"))
    assert alarms.invested_share(known) - time == Decimal("21.3")


@given(knowns(), DAYS, st.integers(0, 900))
def test_alarms_only_get_worse_while_nothing_is_done(known, day, later):
    for now, then in zip(
        alarms.judge(known, AT, day), alarms.judge(known, AT, day + dt.timedelta(days=later)), strict=True
    ):
        assert COLOURS[then.colour] >= COLOURS[now.colour]


@given(knowns(), DAYS)
def test_no_alarm_without_its_figures(known, day):
    needs = {
        AlarmKind.NOT_STARTED: [known.planned_start],
        AlarmKind.BEHIND: [known.planned_start, known.planned_finish, known.report_month],
        AlarmKind.LOW_PAYMENT: [known.paid, known.in_place or None, known.report_month],
        AlarmKind.SHRUNK: [known.most_planned or known.most_signed],
        AlarmKind.OVERDUE: [known.planned_finish],
    }
    for found in alarms.judge(known, AT, day):
        assert (found.colour is not None) == (found.judged is Judged.GIVEN)
        assert bool(found.missing) <= (found.judged is Judged.UNKNOWN)
        if found.colour is not None:
            assert None not in needs[found.kind]


@given(knowns(), DAYS)
def test_what_has_ended_gives_no_alarm(known, day):
    ended = alarms.judge(replace(known, has_ended=True), AT, day)
    assert {found.judged for found in ended} == {Judged.FINE}
    done = alarms.judge(replace(known, has_finished=True, has_started=True), AT, day)
    assert {found.kind for found in done if found.colour} <= {AlarmKind.SHRUNK}


@given(DAYS, DAYS, DAYS, st.integers(1, 400))
def test_time_runs_from_nothing_to_the_whole_and_never_back(one, other, day, more):
    start, finish = sorted((one, other))
    share = alarms.time_share(start, finish, day)
    assert 0 <= share <= 100
    assert alarms.time_share(start, finish, day + dt.timedelta(days=more)) >= share
    assert alarms.time_share(start, finish, finish) == 100
    assert alarms.time_share(start, finish, start - dt.timedelta(days=1)) == 0


def test_each_alarm_turns_yellow_then_red():
    start = Known(planned_start=TODAY)
    for days, colour in ((0, None), (1, "yellow"), (59, "yellow"), (60, "red")):
        assert alarms.not_started(start, AT, TODAY + dt.timedelta(days=days)).colour == colour
    year = {"planned_start": dt.date(2026, 1, 1), "planned_finish": dt.date(2026, 12, 31), "has_started": True}
    for invested, colour in ((600, None), (567, "yellow"), (466, "red")):
        late = Known(**year, planned=Money(1000), invested=Money(invested), report_month=202608)
        assert alarms.behind(late, AT, TODAY).colour == colour
    for paid, colour in ((60, None), (59, "yellow"), (29, "red")):
        slow = Known(**year, in_place=Money(100), paid=Money(paid), report_month=202608)
        assert alarms.low_payment(slow, AT, TODAY).colour == colour
        assert alarms.low_payment(slow, AT, dt.date(2026, 6, 30)).colour is None
    for now, colour in ((96, None), (95, "yellow"), (80, "red")):
        assert alarms.shrunk(Known(planned=Money(now), most_planned=Money(100)), AT).colour == colour
    for days, colour in ((0, None), (1, "yellow"), (90, "red")):
        found = alarms.overdue(Known(planned_finish=TODAY), AT, TODAY + dt.timedelta(days=days))
        assert (found.colour, found.value) == (colour, days)


def test_silence_is_no_progress():
    year = {"planned_start": dt.date(2026, 1, 1), "planned_finish": dt.date(2026, 12, 31), "has_started": True}
    known = Known(**year, planned=Money(1000), invested=Money(250), report_month=202603)
    assert alarms.behind(known, AT, dt.date(2026, 4, 20)).colour is None
    assert alarms.behind(known, AT, dt.date(2026, 9, 10)).value == Decimal("33.3")


def test_physical_progress_stands_in_where_no_money_is_known():
    year = {"planned_start": dt.date(2026, 1, 1), "planned_finish": dt.date(2026, 12, 31), "has_started": True}
    assert alarms.behind(Known(**year, percent=Decimal(30), report_month=202608), AT, TODAY).colour == "red"
    assert alarms.behind(Known(**year, report_month=202608), AT, TODAY).missing == ("progress",)


def test_a_suspended_project_proves_nothing():
    paused = Known(planned_start=TODAY, planned_finish=TODAY, is_suspended=True)
    later = TODAY + dt.timedelta(days=400)
    assert alarms.not_started(paused, AT, later).judged is Judged.PAUSED
    assert move(Standing(True, True, Colour.RED), alarms.overdue(paused, AT, later)) is Move.NOTHING


def test_thirty_million_of_central_money_are_watched():
    assert alarms.is_watched(Known(central=Money(30_000_000)), AT)
    assert not alarms.is_watched(Known(central=Money("29999999.99")), AT)
    assert not alarms.is_watched(Known(), AT)


FINDINGS = st.sampled_from(
    [
        Finding(AlarmKind.BEHIND, Judged.FINE),
        Finding(AlarmKind.BEHIND, Judged.UNKNOWN),
        Finding(AlarmKind.BEHIND, Judged.PAUSED),
        Finding(AlarmKind.BEHIND, Judged.GIVEN, Colour.YELLOW),
        Finding(AlarmKind.BEHIND, Judged.GIVEN, Colour.RED),
    ]
)


@given(st.lists(st.tuples(FINDINGS, st.booleans())))
def test_whatever_happens_one_alarm_at_most_is_open_and_nobody_but_a_person_closes_it(story):
    there, opened, closed = None, 0, 0
    for found, closes in story:
        step = move(there, found)
        assert move(there, found) is step
        if step is Move.RAISE:
            assert there is None or not there.is_open
            there, opened = Standing(True, True, found.colour), opened + 1
        elif step is Move.WORSEN:
            assert there.is_open
            there = Standing(True, True, Colour.RED)
        elif step in (Move.CLEAR, Move.RETURN):
            there = replace(there, is_given=step is Move.RETURN)
        assert move(there, found) is Move.NOTHING
        if closes and there is not None and there.is_open:
            there, closed = replace(there, is_open=False), closed + 1
            assert move(there, found) is Move.NOTHING
        assert opened - closed == (there is not None and there.is_open)


def test_what_was_closed_comes_anew_only_when_it_comes_back_or_gets_worse():
    closed = Standing(False, True, Colour.YELLOW)
    yellow, red = (Finding(AlarmKind.BEHIND, Judged.GIVEN, colour) for colour in Colour)
    assert move(closed, yellow) is Move.NOTHING
    assert move(closed, red) is Move.RAISE
    assert move(replace(closed, is_given=False), yellow) is Move.RAISE


@given(DAYS, st.integers(1, 10), st.integers(0, 60), st.integers(1, 10))
def test_an_alarm_rises_step_by_step_and_never_sinks_by_waiting(raised, within, passed, step):
    due = add_working_days(raised, within)
    today = raised + dt.timedelta(days=passed)
    stage = stage_due(due, due, step, today, add_working_days)
    assert stage <= stage_due(due, due, step, today + dt.timedelta(days=1), add_working_days)
    assert (stage == 0) == (today <= due)
    assert stage_due(None, None, step, today, add_working_days) == 0


def test_defaults_make_sense_and_nonsense_is_named():
    assert list(alarms.misfits(AT)) == []
    assert "start_red" in list(alarms.misfits(replace(AT, start_red=Decimal(0))))
    assert "pay_red" in list(alarms.misfits(replace(AT, pay_red=Decimal(70))))
    assert "shrink_red" in list(alarms.misfits(replace(AT, shrink_red=Decimal(200))))
