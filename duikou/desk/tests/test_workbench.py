"""The workbench answers in one glance, and shows nobody more than they may see."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duikou.desk.rules import next_due
from duikou.flow.models import Obligation
from duikou.flow.services.inbox import To, item_open
from duikou.flow.services.obligations import obligations_plan
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.programme.selectors import programme_current

PEOPLE = (
    "coordinator",
    "cadre_authority",
    "ministry",
    "shenyang_editor",
    "shenyang_lead",
    "cadre_officer",
    "unit",
    "member",
    "auditor",
    "operator",
)


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_every_role_has_a_workbench_whose_quick_steps_open(request, client_for, who):
    browser = client_for(request.getfixturevalue(who))
    answer = browser.get("/")
    assert answer.status_code == 200
    assert "工作台" in answer.content.decode()
    for step in answer.context["steps"]:
        assert browser.get(step["url"]).status_code == 200, step["url"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_no_entry_of_the_navigation_is_refused(request, client_for, who):
    browser = client_for(request.getfixturevalue(who))
    entries = browser.get("/").context["shell"].nav
    addresses = [one["url"] for entry in entries for one in (entry, *entry["inner"])]
    assert len(addresses) > 2
    assert {address: browser.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@pytest.mark.django_db
def test_an_operator_meets_business_only_in_the_logged_mode(client_for, operator):
    browser = client_for(operator)
    assert 'href="/plans/"' not in browser.get("/").content.decode()
    browser.post(reverse("access:admin-modes"), {"reason": "排查沈阳市项目列表报错"})
    assert 'href="/plans/"' in browser.get("/").content.decode()


@pytest.mark.django_db
def test_nobody_in_particular_gets_a_calm_page_with_the_way_in(client, coordinator):
    page = client.get("/").content.decode()
    assert "登录" in page
    assert "工作台" not in page


@pytest.mark.django_db
def test_what_waits_and_is_late_stands_first(client_for, shenyang_lead, beijing_lead):
    item_open(
        actor=Actor.job("test"),
        key="w",
        kind="test.thing",
        to=To(account_id=shenyang_lead.account.pk),
        url="/projects/",
        title="请补充材料",
        due_on=today() - dt.timedelta(days=2),
    )
    page = client_for(shenyang_lead).get("/").content.decode()
    assert "请补充材料" in page
    assert "逾期" in page
    assert "请补充材料" not in client_for(beijing_lead).get("/").content.decode()


@pytest.mark.django_db
def test_the_operator_sees_no_business_here(client_for, operator):
    answer = client_for(operator).get("/")
    assert answer.context["found"].changed == []
    assert "管理模式" in answer.content.decode()


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_what_waits(client_for, shenyang_lead):
    browser = client_for(shenyang_lead)
    counts = []
    for number in (1, 25):
        for n in range(number):
            to = To(account_id=shenyang_lead.account.pk)
            item_open(actor=Actor.job("t"), key=f"{number}-{n}", kind="t.t", to=to, url="/", title="事")
        browser.get("/")
        with CaptureQueriesContext(connection) as found:
            browser.get("/")
        counts.append(len(found))
    assert counts[0] == counts[1]


@given(st.dates(dt.date(2017, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 12), st.sampled_from([-1, *range(1, 32)]))
def test_the_next_day_of_a_yearly_duty_is_within_a_year_and_never_past(day, month, on):
    found = next_due({"rule": "yearly", "month": month, "day": on}, day)
    assert day <= found <= day + dt.timedelta(days=366)
    assert found.month == month


@pytest.mark.parametrize("due", [{}, {"rule": "none"}, {"rule": "yearly"}, {"rule": "yearly", "month": 13, "day": 1}])
def test_a_duty_without_a_date_has_none(due):
    assert next_due(due, dt.date(2026, 1, 1)) is None


@pytest.mark.django_db
def test_each_side_sees_the_duties_of_its_own_pairing_with_their_day(client_for, shenyang_lead, dalian_lead):
    for person, own, other in (
        (shenyang_lead, "shenyang-beijing", "dalian-shanghai"),
        (dalian_lead, "dalian-shanghai", ""),
    ):
        rows = client_for(person).get("/").context["found"].duties
        assert rows
        assert {row.pairing.code for row in rows} == {own}
        assert all(row.on >= today() for row in rows)
        assert other not in {row.pairing.code for row in rows}
        assert "evaluation" not in {row.duty.code for row in rows}


@pytest.mark.django_db
def test_a_duty_of_one_side_only_is_shown_to_that_side_only(client_for, shenyang_lead, beijing_lead):
    northern, eastern = (
        {row.duty.code for row in client_for(person).get("/").context["found"].duties}
        for person in (shenyang_lead, beijing_lead)
    )
    assert "study_visit" in northern - eastern
    assert "annual_summary" in northern & eastern


@pytest.mark.django_db
def test_who_sees_all_sees_each_duty_once_and_how_many_pairings_owe_it(client_for, coordinator):
    rows = client_for(coordinator).get("/").context["found"].duties
    assert len({row.duty.pk for row in rows}) == len(rows)
    by_code = {row.duty.code: row for row in rows}
    assert by_code["evaluation"].pairings == 0
    assert by_code["annual_summary"].pairings > 1


@pytest.mark.django_db
def test_the_coordinator_who_imports_no_projects_is_not_offered_to(client_for, coordinator, shenyang_editor):
    assert "导入记录" in [str(step["label"]) for step in client_for(shenyang_editor).get("/").context["steps"]]
    assert "导入记录" not in [str(step["label"]) for step in client_for(coordinator).get("/").context["steps"]]


@pytest.mark.django_db
def test_what_is_overdue_stands_in_both_workbenches_and_the_coordinators(
    client_for, shenyang_lead, beijing_editor, dalian_lead, coordinator
):
    programme = programme_current()
    obligations_plan(actor=Actor.job("t"), programme=programme, year=today().year)
    Obligation.objects.update(due_on=today() + dt.timedelta(days=3))
    late = Obligation.objects.filter(duty__code="annual_plan", pairing__code="shenyang-beijing")
    late.update(due_on=today() - dt.timedelta(days=3))
    for person in (shenyang_lead, beijing_editor):
        found = client_for(person).get("/").context["found"]
        assert [(row.duty.code, row.pairing.code) for row in found.late] == [("annual_plan", "shenyang-beijing")]
        assert all(row.on == today() + dt.timedelta(days=3) for row in found.duties)
    assert client_for(dalian_lead).get("/").context["found"].late == []
    page = client_for(coordinator).get("/")
    assert [(row.duty.code, row.pairings) for row in page.context["found"].late] == [("annual_plan", 1)]
    assert "逾期未报" in page.content.decode()
