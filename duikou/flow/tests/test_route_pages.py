"""The forms of a route in the browser, without scripts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from duikou.flow.models import Delegation, RouteStep
from duikou.flow.services.routes import step_act, step_return
from duikou.flow.tests.papers import KIND, definition, step
from duikou.kernel.clock import today

pytestmark = pytest.mark.django_db

GROUP = step("group", role="office_editor", act="record", records_consent=True, distinct_from=["one"])
TWO = step("two", "second")


@pytest.fixture
def run(start, shenyang_editor):
    return start(shenyang_editor, definition([step("one", working_days=5)], [GROUP, TWO]))


def row(run, code):
    return RouteStep.objects.filter(run=run, code=code).latest("id")


def drawn(person):
    request = RequestFactory().get("/")
    context = Context({"actor": person.actor, "request": request, "csrf_token": "t"})
    return Template('{% load routes %}{% route_progress "test.paper" 1 %}').render(context)


def test_a_page_shows_the_way_who_waits_and_what_one_may_do(run, shenyang_lead, beijing_lead, shenyang_editor):
    page = drawn(shenyang_lead)
    assert "阶段0" in page
    assert "阶段1" in page
    assert f"/inbox/routes/steps/{row(run, 'one').pk}/?seen=d0" in page
    assert "等待自" in page
    assert "/inbox/routes/steps/" not in drawn(beijing_lead)
    assert f"/inbox/routes/{run.pk}/withdraw/" in drawn(shenyang_editor)
    assert f"/inbox/routes/{run.pk}/withdraw/" not in drawn(beijing_lead)


def test_nothing_is_drawn_without_a_run(db, shenyang_lead):
    assert drawn(shenyang_lead).strip() == ""


def test_signing_by_the_form(run, client_for, shenyang_lead, shenyang_editor):
    browser, address = client_for(shenyang_lead), f"/inbox/routes/steps/{row(run, 'one').pk}/"
    page = browser.get(f"{address}?seen=d0").content.decode()
    assert 'name="seen" value="d0"' in page
    stale = browser.post(address, {"seen": "old", "note": "同意"})
    assert stale.status_code == 409
    assert "不一致" in stale.content.decode()
    assert "同意" in stale.content.decode()
    long = browser.post(address, {"seen": "d0", "note": "长" * 1001})
    assert long.status_code == 400
    assert browser.post(address, {"seen": "d0", "note": "同意"}).status_code == 302
    assert row(run, "one").state == "done"
    again = browser.post(address, {"seen": "d0"}, follow=True)
    assert "已经办理过" in again.content.decode()
    assert browser.get(address).status_code == 409
    assert client_for(shenyang_editor).get(address).status_code == 409


def test_a_refused_form_says_why(run, client_for, shenyang_editor, dalian_lead, auditor, member):
    address = f"/inbox/routes/steps/{row(run, 'one').pk}/"
    assert client_for(shenyang_editor).get(address).status_code == 403
    assert client_for(shenyang_editor).post(address, {"seen": "d0"}).status_code == 403
    assert client_for(auditor).post(address, {"seen": "d0"}).status_code == 403
    for stranger in (dalian_lead, member):
        assert client_for(stranger).get(address).status_code == 404
        assert client_for(stranger).post(address, {"seen": "d0"}).status_code == 404
    assert client_for(shenyang_editor).get("/inbox/routes/steps/999999/").status_code == 404


def test_consent_by_the_form_and_four_eyes_said_on_the_page(run, client_for, shenyang_lead, shenyang_editor):
    step_act(actor=shenyang_lead.actor, step_id=row(run, "one").pk, seen="d0")
    address = f"/inbox/routes/steps/{row(run, 'group').pk}/"
    assert "请由另一人办理" in client_for(shenyang_lead).get(address).content.decode()
    browser = client_for(shenyang_editor)
    bad = browser.post(address, {"seen": "d0", "consent_name": "", "consent_post": "市长", "consent_on": "2099-01-01"})
    assert bad.status_code == 400
    late = {"seen": "d0", "consent_name": "王某", "consent_post": "市长", "consent_on": "2099-01-01"}
    assert "不能晚于今天" in browser.post(address, late).content.decode()
    assert browser.post(address, {**late, "consent_on": today().isoformat()}).status_code == 302
    assert "王某" in drawn(shenyang_editor)


def test_sending_back_by_the_form(run, client_for, shenyang_lead):
    browser, address = client_for(shenyang_lead), f"/inbox/routes/steps/{row(run, 'one').pk}/return/"
    assert "送签人" in browser.get(address).content.decode()
    empty = browser.post(address, {"to": "author", "reason": ""})
    assert empty.status_code == 400
    assert browser.post(address, {"to": "moon", "reason": "x"}).status_code == 400
    assert browser.post(address, {"to": "author", "reason": "再改"}).status_code == 302
    assert "再改" in drawn(shenyang_lead)
    assert browser.post(address, {"to": "author", "reason": "再改"}, follow=True).status_code == 200


def test_withdrawing_by_the_form(run, client_for, shenyang_editor, beijing_lead, dalian_lead):
    address = f"/inbox/routes/{run.pk}/withdraw/"
    assert client_for(beijing_lead).get(address).status_code == 403
    assert client_for(dalian_lead).get(address).status_code == 404
    browser = client_for(shenyang_editor)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": ""}).status_code == 400
    assert browser.post(address, {"reason": "另行安排"}).status_code == 302
    run.refresh_from_db()
    assert run.state == "withdrawn"
    assert browser.get(address).status_code == 409


def test_delegations_by_the_form(client_for, shenyang_lead, shenyang_editor, beijing_lead, member):
    browser = client_for(shenyang_lead)
    page = browser.get("/inbox/delegations/").content.decode()
    assert str(shenyang_editor.account) in page
    assert str(beijing_lead.account) not in page
    day = today()
    given = {
        "post": shenyang_lead.membership.pk,
        "to_account": shenyang_editor.account.pk,
        "valid_from": day.isoformat(),
        "valid_to": (day - dt.timedelta(days=2)).isoformat(),
        "reason": "出差",
    }
    bad = browser.post("/inbox/delegations/", given)
    assert bad.status_code == 400
    assert "早于起始日期" in bad.content.decode()
    assert browser.post("/inbox/delegations/", {**given, "to_account": beijing_lead.account.pk}).status_code == 400
    assert browser.post("/inbox/delegations/", {**given, "valid_to": day.isoformat()}).status_code == 302
    one = Delegation.objects.get()
    assert str(shenyang_lead.account) in client_for(shenyang_editor).get("/inbox/delegations/").content.decode()
    assert browser.post("/inbox/delegations/", {**given, "valid_to": day.isoformat()}).status_code == 400
    assert client_for(beijing_lead).post(f"/inbox/delegations/{one.pk}/close/").status_code == 404
    assert browser.post(f"/inbox/delegations/{one.pk}/close/").status_code == 302
    assert client_for(member).get("/inbox/delegations/").status_code == 403


def test_the_part_asks_the_same_however_much_was_done(start, shenyang_editor, shenyang_lead, query_counts):
    for turn in range(3):
        run = start(shenyang_editor, definition([step("one")], [TWO]))
        with query_counts("flow.route_part"):
            drawn(shenyang_lead)
        if turn < 2:
            step_return(actor=shenyang_lead.actor, step_id=row(run, "one").pk, to="author", reason="再改")
    assert run.subject_kind == KIND
