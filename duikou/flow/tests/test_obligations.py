"""What pairings owe in a year: from the pack, once; dated by the coordinator; overdue is seen by both sides."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from duikou.flow import selectors
from duikou.flow.models import InboxItem, Obligation
from duikou.flow.rules import due_in_year, duty_state
from duikou.flow.selectors.obligations import board_of, obligations_dated, obligations_visible
from duikou.flow.services.jobs import tick_duties
from duikou.flow.services.obligations import (
    obligation_fulfil,
    obligation_reopen,
    obligation_set_due,
    obligations_plan,
    obligations_set_due,
    obligations_tick,
)
from duikou.flow.states import DUTY_WAITS, DutyState, ItemState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Forbidden, Invalid, NotFound
from duikou.programme.models import Pairing
from duikou.programme.selectors import programme_at
from duikou.records.models import AuditEvent
from duikou.records.services.audit import SubjectRef

YEAR = 2026
PLAN = SubjectRef("plans.planversion", "7", "2026年度工作计划")


@pytest.fixture
def programme(db):
    found = programme_at("northeast-east-2017")
    obligations_plan(actor=Actor.job("t"), programme=found, year=YEAR)
    return found


def pairing(code="shenyang-beijing"):
    return Pairing.objects.select_related("first_region", "second_region").get(code=code)


def owed(duty="annual_plan", code="shenyang-beijing"):
    return Obligation.objects.get(duty__code=duty, pairing__code=code, year=YEAR)


def fulfil(actor, on, duty="annual_plan", code="shenyang-beijing"):
    return obligation_fulfil(
        actor=actor, duty_code=duty, pairing=pairing(code), year=YEAR, subject=PLAN, url="/plans/7/", on=on
    )


def test_planning_twice_makes_nothing_twice(programme):
    kept, events = list(Obligation.objects.values()), AuditEvent.objects.count()
    assert kept
    assert obligations_plan(actor=Actor.job("t"), programme=programme, year=YEAR) == 0
    assert (list(Obligation.objects.values()), AuditEvent.objects.count()) == (kept, events)


def test_a_year_holds_what_the_sides_owe_and_nothing_else(programme):
    codes = set(Obligation.objects.filter(year=YEAR).values_list("duty__code", flat=True))
    assert {"annual_plan", "annual_summary", "work_meeting", "study_visit"} <= codes
    assert not codes & {"evaluation", "phase_plan", "special_plan", "commendation", "cadre_training"}
    pairings = set(Obligation.objects.values_list("pairing__code", flat=True))
    assert "shenyang-beijing" in pairings
    assert not pairings & {"neimenggu-east", "qiqihar-guangzhou"}
    assert owed().due_on == dt.date(YEAR, 3, 31)


def test_a_duty_of_every_two_years_is_owed_every_two_years(programme):
    for year in (2017, 2018, 2019, 2020):
        obligations_plan(actor=Actor.job("t"), programme=programme, year=year)
    years = Obligation.objects.filter(duty__code="leaders_visit", pairing__code="shenyang-beijing")
    assert sorted(years.values_list("year", flat=True)) == [2018, 2020, 2026]


def test_before_the_instrument_nothing_is_owed(programme):
    assert obligations_plan(actor=Actor.job("t"), programme=programme, year=2016) == 0


@given(st.integers(2017, 2080), st.integers(1, 12), st.sampled_from([-1, 1, 28, 31]), st.integers(-2, 2))
def test_a_yearly_duty_is_due_in_its_month(year, month, day, offset):
    due = due_in_year({"rule": "yearly", "month": month, "day": day, "year_offset": offset}, year, 2017)
    assert (due.year, due.month) == (year + offset, month)


@given(st.dates() | st.none(), st.dates() | st.none(), st.dates())
def test_a_duty_stands_in_exactly_one_state(due, done, day):
    state = duty_state(due, done, day)
    assert state in DutyState.values
    assert state.startswith("filed") == (done is not None)


@pytest.mark.django_db
def test_the_filter_by_state_agrees_with_the_state_shown(programme, coordinator):
    fulfil(coordinator.actor, dt.date(YEAR, 3, 1))
    fulfil(coordinator.actor, dt.date(YEAR, 5, 1), code="dalian-shanghai")
    Obligation.objects.filter(duty__code="work_meeting").update(due_on=None)
    Obligation.objects.filter(duty__code="study_visit").update(due_on=today() + dt.timedelta(days=7))
    Obligation.objects.filter(duty__code="campus_exchange").update(due_on=today())
    whole = 0
    for state in DutyState.values:
        rows = list(obligations_visible(actor=coordinator.actor, programme=programme, year=YEAR, state=state))
        assert {row.state.value for row in rows} <= {state}
        whole += len(rows)
    assert whole == obligations_visible(actor=coordinator.actor, programme=programme, year=YEAR).count()


def test_each_office_sees_its_own_pairings_and_strangers_none(
    programme, shenyang_editor, beijing_lead, dalian_lead, cadre_officer, member, unit, operator, auditor, ministry
):
    def seen(person):
        rows = obligations_visible(actor=person.actor, year=YEAR)
        return set(rows.values_list("pairing__code", flat=True))

    assert seen(shenyang_editor) == seen(beijing_lead) == {"shenyang-beijing"}
    assert seen(dalian_lead) == {"dalian-shanghai"}
    assert "harbin-shenzhen" in seen(cadre_officer)
    assert "shenyang-beijing" not in seen(cadre_officer)
    for person in (member, unit, operator):
        assert seen(person) == set()
    assert seen(auditor) == seen(ministry) >= {"shenyang-beijing", "dalian-shanghai"}


def test_the_coordinator_sets_days_with_a_reason_and_a_new_edition_leaves_them(programme, coordinator, shenyang_lead):
    day = dt.date(YEAR, 4, 15)
    with pytest.raises(Forbidden):
        obligation_set_due(actor=shenyang_lead.actor, obligation_id=owed().pk, due_on=day, reason="x")
    for due, reason, field in ((day, " ", "reason"), (dt.date(2040, 1, 1), "x", "due_on"), (day, "长" * 501, "reason")):
        with pytest.raises(Invalid) as refused:
            obligation_set_due(actor=coordinator.actor, obligation_id=owed().pk, due_on=due, reason=reason)
        assert list(refused.value.fields) == [field]
    obligation_set_due(actor=coordinator.actor, obligation_id=owed().pk, due_on=day, reason="会议确定")
    assert obligations_plan(actor=Actor.job("t"), programme=programme, year=YEAR) == 0
    assert owed().due_on == day
    event = AuditEvent.objects.get(action="flow.obligation.due")
    assert event.reason == "会议确定"
    duty = owed().duty
    duty.due = {**duty.due, "month": 5}
    duty.save()
    assert obligations_plan(actor=Actor.job("t"), programme=programme, year=YEAR) > 0
    assert (owed().due_on, owed(code="dalian-shanghai").due_on) == (day, dt.date(YEAR, 5, 31))


def test_a_day_for_all_leaves_out_who_has_filed(programme, coordinator):
    fulfil(coordinator.actor, dt.date(YEAR, 3, 1))
    number = obligations_set_due(
        actor=coordinator.actor, duty=owed().duty, year=YEAR, due_on=dt.date(YEAR, 6, 1), reason="统一确定"
    )
    assert number == Obligation.objects.filter(duty__code="annual_plan", year=YEAR).count() - 1
    assert (owed().due_on, owed(code="dalian-shanghai").due_on) == (dt.date(YEAR, 3, 31), dt.date(YEAR, 6, 1))
    with pytest.raises(NotFound):
        obligations_set_due(actor=coordinator.actor, duty=owed().duty, year=1999, due_on=None, reason="x")


def test_what_is_filed_is_filed_once_and_may_be_owed_again(programme, shenyang_lead):
    first = fulfil(shenyang_lead.actor, dt.date(YEAR, 3, 1))
    again = fulfil(shenyang_lead.actor, dt.date(YEAR, 9, 1))
    assert (first.pk, again.fulfilled_on, again.state) == (again.pk, dt.date(YEAR, 3, 1), DutyState.FILED)
    assert AuditEvent.objects.filter(action="flow.obligation.fulfil").count() == 1
    for _turn in range(2):
        obligation_reopen(
            actor=shenyang_lead.actor, duty_code="annual_plan", pairing=pairing(), year=YEAR, reason="被退回"
        )
    assert owed().fulfilled_on is None
    assert AuditEvent.objects.filter(action="flow.obligation.reopen").count() == 1
    assert fulfil(shenyang_lead.actor, dt.date(YEAR, 9, 1)).state == DutyState.FILED_LATE


def test_a_plan_that_no_calendar_asks_for_is_noted_all_the_same(programme, shenyang_lead):
    phase = fulfil(shenyang_lead.actor, dt.date(YEAR, 3, 1), duty="phase_plan")
    assert (phase.due_on, phase.state) == (None, DutyState.FILED)
    inner = fulfil(shenyang_lead.actor, dt.date(YEAR, 3, 1), code="qiqihar-guangzhou")
    assert (inner.due_on, inner.state) == (None, DutyState.FILED)
    assert fulfil(shenyang_lead.actor, dt.date(YEAR, 3, 1), duty="no_such") is None


def test_the_clock_plans_and_asks_both_sides_once(programme, shenyang_editor, beijing_editor, member):
    obligations_tick()
    items = InboxItem.objects.filter(kind=DUTY_WAITS).count()
    assert obligations_tick() == (0, 0)
    assert InboxItem.objects.filter(kind=DUTY_WAITS).count() == items
    for person in (shenyang_editor, beijing_editor):
        mine = selectors.inbox_for(actor=person.actor).filter(kind=DUTY_WAITS, state=ItemState.OPEN)
        assert {item.subject_id for item in mine} >= {str(owed().pk)}
        assert all("2026" in item.words or "2027" in item.words for item in mine)
    assert not selectors.inbox_for(actor=member.actor).filter(kind=DUTY_WAITS).exists()


def test_what_one_side_owes_waits_for_that_side_only(programme, shenyang_editor, beijing_editor):
    row = owed("study_visit")
    Obligation.objects.filter(pk=row.pk).update(due_on=today(), due_is_set=True)
    obligations_tick()
    mine, theirs = (
        selectors.inbox_for(actor=person.actor).filter(kind=DUTY_WAITS, subject_id=str(row.pk)).count()
        for person in (shenyang_editor, beijing_editor)
    )
    assert (mine, theirs) == (1, 0)


def test_filing_closes_what_waits_and_owing_again_opens_it_anew(programme, shenyang_editor):
    obligations_tick()
    waiting = selectors.inbox_for(actor=shenyang_editor.actor).filter(
        kind=DUTY_WAITS, state=ItemState.OPEN, subject_id=str(owed().pk)
    )
    assert waiting.count() == 1
    fulfil(shenyang_editor.actor, today())
    assert waiting.count() == 0
    obligation_reopen(
        actor=shenyang_editor.actor, duty_code="annual_plan", pairing=pairing(), year=YEAR, reason="被退回"
    )
    obligations_tick()
    assert waiting.count() == 1


def test_the_calendar_is_given_what_falls_due(programme, shenyang_editor):
    rows = obligations_dated(actor=shenyang_editor.actor, start=dt.date(YEAR, 3, 1), end=dt.date(YEAR, 3, 31))
    assert [row.duty.code for row in rows] == ["annual_plan"]


def test_the_board_shows_at_a_glance_who_has_filed(programme, coordinator, django_assert_num_queries):
    fulfil(coordinator.actor, dt.date(YEAR, 3, 1))
    with django_assert_num_queries(1):
        board = board_of(actor=coordinator.actor, programme=programme, year=YEAR)
        counts = board.counts
        columns = {duty.code: (filed, owing) for duty, filed, owing in board.columns}
    assert columns["annual_plan"][0] == 1
    assert columns["annual_plan"][1] == len(board.rows) == 7
    assert sum(counts.values()) == Obligation.objects.filter(year=YEAR).count()


def _sheet(answer):
    content = io.BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def test_pages_of_duties_show_export_and_set(programme, client_for, coordinator, shenyang_editor, query_counts):
    browser = client_for(coordinator)
    with query_counts("flow.duties.board"):
        page = browser.get("/inbox/duties/?year=2026").content.decode()
    assert "沈阳市—北京市" in page
    sheet = _sheet(browser.get("/inbox/duties/export/?year=2026"))
    assert len(sheet) == 8
    assert "年度工作计划" in sheet[0]
    assert browser.get("/inbox/duties/?year=2026&state=overdue").status_code == 200
    assert browser.get("/inbox/duties/?year=moon&state=sun").status_code == 200
    answer = browser.post(f"/inbox/duties/{owed().pk}/due/", {"due_on": "2026-04-30", "reason": ""})
    assert answer.status_code == 400
    answer = browser.post(f"/inbox/duties/{owed().pk}/due/", {"due_on": "2026-04-30", "reason": "会议确定"})
    assert answer.status_code == 302
    assert owed().due_on == dt.date(2026, 4, 30)
    browser.post("/inbox/duties/annual_plan/2026/due/", {"due_on": "2026-05-01", "reason": "统一"})
    assert owed().due_on == dt.date(2026, 5, 1)
    browser.post("/inbox/duties/plan/", {"year": "2028"})
    assert Obligation.objects.filter(year=2028).exists()
    assert browser.post("/inbox/duties/plan/", {"year": "20x8"}).status_code == 400
    own = client_for(shenyang_editor)
    with query_counts("flow.duties.list"):
        page = own.get("/inbox/duties/?year=2026").content.decode()
    assert "沈阳市—北京市" in page
    assert "大连市—上海市" not in page
    receivers = "、".join(body.label for body in owed().duty.owed_to.all())
    assert "、" in receivers
    assert receivers in " ".join(page.split())
    sheet = _sheet(own.get("/inbox/duties/export/?year=2026"))
    assert receivers in [row[sheet[0].index("报送对象")] for row in sheet]
    assert own.get(f"/inbox/duties/{owed().pk}/due/").status_code == 403


def test_a_day_set_into_the_past_waits_for_both_sides_at_once(
    programme, coordinator, shenyang_editor, beijing_editor, django_capture_on_commit_callbacks
):
    row, late = owed("annual_summary"), today() - dt.timedelta(days=1)
    DBTaskResult.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        obligation_set_due(actor=coordinator.actor, obligation_id=row.pk, due_on=late, reason="按统筹会议确定")
    assert [job.task_path for job in DBTaskResult.objects.all()] == [tick_duties.module_path]
    tick_duties.func()
    for person in (shenyang_editor, beijing_editor):
        waiting = selectors.inbox_for(actor=person.actor).filter(kind=DUTY_WAITS, subject_id=str(row.pk))
        assert [(item.state, item.due_on) for item in waiting] == [(ItemState.OPEN, late)]
