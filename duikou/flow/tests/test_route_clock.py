"""Deadlines by working days: a reminder before, a mark and a word to somebody above after; the clock may run twice."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.flow import selectors
from duikou.flow.models import InboxItem, Notice, RouteStep
from duikou.flow.rules import Definition
from duikou.flow.selectors.routes import run_of
from duikou.flow.services.calendar import day_set
from duikou.flow.services.route_clock import routes_redate, routes_tick
from duikou.flow.services.route_steps import dates_of
from duikou.flow.services.routes import step_act, step_return
from duikou.flow.states import ItemState
from duikou.flow.tests.papers import KIND, definition, step
from duikou.kernel.actor import Actor
from duikou.kernel.clock import add_working_days, is_working_day, today
from duikou.records.models import AuditEvent

ONE = step("one", working_days=5, remind_before=2, escalate_to={"party": "nation", "role": "coordinator"})


@pytest.fixture
def run(start, shenyang_editor):
    return start(shenyang_editor, definition([ONE], [step("two", "second")]))


def row(run, code="one"):
    return RouteStep.objects.filter(run=run, code=code).latest("id")


def shift(run, days):
    """As if so many days had passed."""
    one = row(run)
    for name in ("due_on", "remind_on"):
        setattr(one, name, getattr(one, name) - dt.timedelta(days=days))
    one.save()


@pytest.mark.django_db
def test_a_step_is_due_so_many_working_days_after_it_opened(run):
    assert row(run).due_on == add_working_days(today(), 5)
    item = InboxItem.objects.get(kind="flow.step", state=ItemState.OPEN)
    assert item.due_on == row(run).due_on


@given(st.dates(dt.date(2018, 1, 1), dt.date(2026, 6, 1)), st.integers(1, 30), st.data())
def test_the_reminder_stands_so_many_working_days_before_the_deadline(opened, days, data):
    before = data.draw(st.integers(0, days - 1))
    rule = Definition.read(definition([step("one", working_days=days, remind_before=before)])).steps[0]
    due, remind = dates_of(rule, opened)
    assert due == add_working_days(opened, days)
    if not before:
        assert remind is None
    else:
        assert opened < remind < due
        assert is_working_day(remind)
        assert add_working_days(remind, before) == due


@pytest.mark.django_db
def test_a_reminder_goes_out_once(run, shenyang_lead):
    assert routes_tick() == (0, 0)
    shift(run, (row(run).remind_on - today()).days)
    assert routes_tick() == (1, 0)
    assert routes_tick() == (0, 0)
    notices = Notice.objects.filter(kind="flow.reminder")
    assert [notice.account_id for notice in notices] == [shenyang_lead.account.pk]
    assert "到期" in notices[0].words
    assert AuditEvent.objects.filter(action="flow.route.remind").count() == 1


@pytest.mark.django_db
def test_what_is_overdue_is_marked_and_told_above_once_and_no_more_when_done(run, shenyang_lead, coordinator):
    shift(run, 60)
    assert run_of(KIND, 1).steps[0].is_late
    assert routes_tick() == (0, 1)
    assert routes_tick() == (0, 0)
    late = selectors.inbox_for(actor=coordinator.actor).get(kind="flow.late")
    assert (late.state, late.about.is_duty, late.is_overdue) == (ItemState.OPEN, True, True)
    assert AuditEvent.objects.filter(action="flow.route.escalate").count() == 1
    step_act(actor=shenyang_lead.actor, step_id=row(run).pk, seen="d0")
    late.refresh_from_db()
    assert late.state == ItemState.DONE
    assert row(run).is_late
    assert routes_tick() == (0, 0)


@pytest.mark.django_db
def test_what_is_returned_is_overdue_no_more(run, shenyang_lead):
    shift(run, 60)
    routes_tick()
    step_return(actor=shenyang_lead.actor, step_id=row(run).pk, to="author", reason="再改")
    assert not InboxItem.objects.filter(kind__in=["flow.late", "flow.step"], state=ItemState.OPEN).exists()
    assert routes_tick() == (0, 0)


@pytest.mark.django_db
def test_a_day_added_to_the_table_moves_what_is_open(run):
    due = row(run).due_on
    day_set(actor=Actor.command("t"), day=due, works=False)
    assert routes_redate() == 1
    assert routes_redate() == 0
    assert row(run).due_on == add_working_days(today(), 5) > due
    assert InboxItem.objects.get(kind="flow.step", state=ItemState.OPEN).due_on == row(run).due_on


@pytest.mark.django_db
def test_a_step_without_a_deadline_is_never_late(start, shenyang_editor):
    run = start(shenyang_editor, definition([step("one")]))
    assert (row(run).due_on, row(run).is_late) == (None, False)
    assert routes_tick() == (0, 0)
