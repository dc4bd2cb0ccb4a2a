"""A step may ask for something: it is checked, kept with the act, shown, and reaches whose matter it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import HealthCheck, settings
from hypothesis import given as with_any
from hypothesis import strategies as st

from duikou.flow.models import RouteAct, RouteStep
from duikou.flow.rules import Definition, answer_of, answers_read
from duikou.flow.services.routes import step_act, step_return
from duikou.flow.tests.papers import definition, step
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.records.models import AuditEvent

DAY = today()
NUMBER = {
    "code": "number",
    "label": "文号",
    "label_en": "Number",
    "type": "text",
    "pattern": "[一-龥]+〔[0-9]{4}〕[1-9][0-9]*号",
    "example": "发改〔2018〕1号",
    "longest": 20,
}
DATED = {"code": "dated", "label": "成文日期", "label_en": "Dated", "type": "date", "not_after": "today"}
FORCE = {"code": "force", "label": "施行日期", "label_en": "In force", "type": "date", "not_before": "dated"}
COPIES = {"code": "copies", "label": "份数", "label_en": "Copies", "type": "int", "required": False}
GRADE = {
    "code": "grade",
    "label": "密级",
    "label_en": "Grade",
    "type": "choice",
    "required": False,
    "choices": [{"value": "open", "label": "公开", "label_en": "Public"}],
}
ISSUE = step("issue", asks=[NUMBER, DATED, FORCE, COPIES, GRADE])
GOOD = {
    "number": "发改〔2018〕12号",
    "dated": DAY,
    "force": DAY + dt.timedelta(days=1),
    "copies": "30",
    "grade": "open",
}


@pytest.fixture
def run(start, shenyang_editor):
    return start(shenyang_editor, definition([ISSUE], [step("two", "second")], return_to=["author", "issue"]))


def waits(run, code="issue"):
    return RouteStep.objects.get(run=run, code=code, state="open")


def issue(person, run, **given):
    return step_act(actor=person.actor, step_id=waits(run).pk, seen="d0", given=given)


def drawn(person):
    context = Context({"actor": person.actor, "csrf_token": "t"})
    return Template('{% load routes %}{% route_progress "test.paper" 1 %}').render(context)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {"ask_number": "请填写", "ask_dated": "请填写", "ask_force": "请填写"}),
        ({**GOOD, "number": "发改[2018]12号"}, {"ask_number": "发改〔2018〕1号"}),
        ({**GOOD, "number": "发" * 15 + "〔2018〕12号"}, {"ask_number": "最多20个字"}),
        ({**GOOD, "dated": DAY + dt.timedelta(days=1)}, {"ask_dated": "不能晚于"}),
        ({**GOOD, "force": DAY - dt.timedelta(days=1)}, {"ask_force": "不能早于"}),
        ({**GOOD, "dated": "三月"}, {"ask_dated": "2018-03-17"}),
        ({**GOOD, "copies": "三十"}, {"ask_copies": "整数"}),
        ({**GOOD, "grade": "secret"}, {"ask_grade": "没有这一项"}),
        ({**GOOD, "wish": "x"}, {"ask_wish": "不需要"}),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_nothing_is_done(run, shenyang_lead, given, wrong):
    with pytest.raises(Invalid) as refused:
        issue(shenyang_lead, run, **given)
    assert refused.value.fields.keys() == wrong.keys()
    assert all(words in str(refused.value.fields[field]) for field, words in wrong.items())
    assert waits(run)
    assert RouteAct.objects.filter(run=run).count() == 1


@pytest.mark.django_db
def test_answers_are_kept_with_the_act_shown_and_reach_the_owner(run, papers, shenyang_lead):
    issue(shenyang_lead, run, **GOOD)
    assert run.given() == {**GOOD, "copies": 30}
    event = AuditEvent.objects.get(action="flow.route.sign")
    assert (event.after["given_number"], event.after["given_dated"]) == (GOOD["number"], DAY.isoformat())
    page = drawn(shenyang_lead)
    assert GOOD["number"] in page
    assert "密级 公开" in " ".join(page.split())
    with translation.override("en"):
        assert "Grade Public" in " ".join(drawn(shenyang_lead).split())
    assert ("given", "copies=30", "dated", "force", "grade", "number") in papers.told


@pytest.mark.django_db
def test_what_was_answered_before_a_return_counts_no_more(run, shenyang_lead, beijing_lead):
    issue(shenyang_lead, run, **GOOD)
    step_return(actor=beijing_lead.actor, step_id=waits(run, "two").pk, to="issue", reason="文号有误")
    assert run.given() == {}
    issue(shenyang_lead, run, **{**GOOD, "number": "发改〔2018〕13号", "copies": None, "grade": ""})
    assert run.given()["number"] == "发改〔2018〕13号"
    assert "copies" not in run.given()
    assert GOOD["number"] in drawn(shenyang_lead)


@pytest.mark.django_db
def test_the_form_asks_and_says_what_is_wrong_at_the_field(run, client_for, shenyang_lead):
    browser, address = client_for(shenyang_lead), f"/inbox/routes/steps/{waits(run).pk}/"
    page = browser.get(address).content.decode()
    assert 'name="ask_number"' in page
    assert 'placeholder="发改〔2018〕1号"' in page
    given = {f"ask_{code}": str(value) for code, value in GOOD.items()}
    bad = browser.post(address, {**given, "seen": "d0", "ask_number": "12号", "ask_force": ""})
    assert bad.status_code == 400
    assert bad.context["form"].errors.keys() == {"ask_force"}
    bad = browser.post(address, {**given, "seen": "d0", "ask_number": "12号"})
    assert bad.context["form"].errors.keys() == {"ask_number"}
    assert browser.post(address, {**given, "seen": "d0"}).status_code == 302
    assert run.given()["number"] == GOOD["number"]


TEXTS = st.text(max_size=30) | st.dates().map(str) | st.integers().map(str) | st.none() | st.dates()
RULE = Definition.read(definition([ISSUE])).steps[0]


@settings(suppress_health_check=[HealthCheck.too_slow])
@with_any(st.dictionaries(st.sampled_from([*GOOD, "wish"]), TEXTS))
def test_whatever_is_typed_is_either_an_answer_or_a_fault_and_never_both_lost(given):
    found, faults = answers_read(RULE.asks, given, {"today": DAY, "start": DAY})
    kinds = {ask.code: ask.type for ask in RULE.asks}
    for code, value in found.items():
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
        assert answer_of(kinds[code], text) == value
    for ask in RULE.asks:
        assert not ask.required or ask.code in found or ask.code in faults
    assert ("wish" in given) == ("wish" in faults)
    if "number" in found and "number" not in faults:
        assert found["number"].endswith("号")
