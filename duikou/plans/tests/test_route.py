"""Five people take a plan from its draft into force; one step sends it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from duikou.flow.models import Obligation, RouteStep
from duikou.flow.services.routes import Consent, run_withdraw, step_act, step_return
from duikou.kernel.clock import today
from duikou.plans.models import PlanVersion
from duikou.plans.services.content import is_intact
from duikou.plans.services.plans import amendment_open
from duikou.plans.services.route import version_submit
from duikou.plans.tests.test_life import complete
from duikou.programme.models import Route
from duikou.records.models import AuditEvent


def _open(code: str) -> RouteStep:
    return RouteStep.objects.filter(code=code, state="open").latest("id")


def _act(person: Any, code: str, consent: Consent | None = None, **given: Any) -> None:
    step = _open(code)
    step_act(actor=person.actor, step_id=step.pk, seen=step.run.digest, consent=consent, given=given)


NUMBER = "发改振兴〔2018〕123号"


@pytest.fixture
def signed(
    sent: PlanVersion, shenyang_editor: Any, shenyang_lead: Any, beijing_editor: Any, beijing_lead: Any
) -> PlanVersion:
    given = Consent("组长", "市长", today())
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    _act(shenyang_editor, "first_group", given)
    _act(beijing_editor, "second_group", given)
    return sent


@pytest.fixture
def filed(signed: PlanVersion, coordinator: Any, cadre_authority: Any) -> PlanVersion:
    _act(coordinator, "ndrc_receive")
    _act(cadre_authority, "cod_receive")
    signed.refresh_from_db()
    return signed


@pytest.fixture
def sent(draft_version: PlanVersion, shenyang_editor: Any) -> PlanVersion:
    version = complete(draft_version, shenyang_editor.actor)
    return version_submit(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)


def test_a_plan_goes_all_the_way(
    sent: PlanVersion,
    client_for: Any,
    shenyang_editor: Any,
    shenyang_lead: Any,
    beijing_editor: Any,
    beijing_lead: Any,
    coordinator: Any,
    cadre_authority: Any,
) -> None:
    url = reverse("plans:plan", args=[sent.plan_id])
    assert 'id="route"' in client_for(shenyang_lead).get(url).content.decode()
    _act(shenyang_lead, "first_lead")
    step_return(actor=beijing_lead.actor, step_id=_open("second_lead").pk, to="author", reason="补充北京方责任单位")
    sent.refresh_from_db()
    assert sent.state == "draft"
    version_submit(actor=shenyang_editor.actor, version_id=sent.pk, revision=sent.revision)
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    given = Consent("组长", "市长", today())
    _act(shenyang_editor, "first_group", given)
    _act(beijing_editor, "second_group", given)
    sent.refresh_from_db()
    assert (sent.state, len(sent.digest)) == ("signed", 64)
    _act(coordinator, "ndrc_receive")
    _act(cadre_authority, "cod_receive")
    sent.refresh_from_db()
    assert sent.state == "filed"
    _act(coordinator, "ndrc_issue", document_number=NUMBER, document_date=today(), in_force_on=today())
    sent.refresh_from_db()
    assert (sent.state, sent.in_force_on) == ("in_force", today())
    assert (sent.document_number, sent.document_date) == (NUMBER, today())
    assert is_intact(PlanVersion.objects.get(pk=sent.pk))
    for person in (coordinator, cadre_authority, beijing_editor):
        assert client_for(person).get(url).status_code == 200


def test_its_senders_take_it_back(sent: PlanVersion, shenyang_editor: Any, client_for: Any) -> None:
    run_withdraw(actor=shenyang_editor.actor, run_id=_open("first_lead").run_id, reason="再改一处")
    sent.refresh_from_db()
    assert sent.state == "draft"
    event = AuditEvent.objects.get(action="plans.version.drafted", subject_id=str(sent.pk))
    assert event.reason == "再改一处"
    page = client_for(shenyang_editor).get(reverse("plans:plan", args=[sent.plan_id])).content.decode()
    assert page.count("再改一处") >= 2


def test_what_is_issued_for_a_later_day_is_not_in_force_before_it(filed: PlanVersion, coordinator: Any) -> None:
    day = today() + dt.timedelta(days=10)
    _act(coordinator, "ndrc_issue", document_number=NUMBER, document_date=today(), in_force_on=day)
    filed.refresh_from_db()
    assert (filed.state, filed.in_force_on) == ("issued", day)
    event = AuditEvent.objects.get(action="plans.version.issued", subject_id=str(filed.pk))
    assert (event.after["document_number"], event.after["in_force_on"]) == (NUMBER, day.isoformat())


def test_the_page_says_under_which_number_and_from_when(filed: PlanVersion, coordinator: Any, client_for: Any) -> None:
    _act(coordinator, "ndrc_issue", document_number=NUMBER, document_date=today(), in_force_on=today())
    page = client_for(coordinator).get(reverse("plans:plan", args=[filed.plan_id])).content.decode()
    for words in ("发文字号", NUMBER, "成文日期", "施行日期"):
        assert words in page


@pytest.mark.parametrize("who", ["coordinator", "cadre_authority"])
def test_each_of_the_two_receivers_may_return_it_while_the_other_has_received_it(
    request: pytest.FixtureRequest, signed: PlanVersion, who: str
) -> None:
    steps = {"coordinator": "ndrc_receive", "cadre_authority": "cod_receive"}
    other = next(name for name in steps if name != who)
    _act(request.getfixturevalue(other), steps[other])
    person = request.getfixturevalue(who)
    step_return(actor=person.actor, step_id=_open(steps[who]).pk, to="author", reason="缺少附件")
    signed.refresh_from_db()
    assert signed.state == "returned"
    assert not Obligation.objects.exclude(fulfilled_on=None).exists()


def test_what_beijing_sends_back_after_filing_is_owed_again_and_filed_anew(
    pairing: Any,
    shenyang_editor: Any,
    shenyang_lead: Any,
    beijing_editor: Any,
    beijing_lead: Any,
    coordinator: Any,
    cadre_authority: Any,
    filed: PlanVersion,
) -> None:
    duty = Obligation.objects.get(duty__code="phase_plan", pairing=pairing)
    assert (duty.fulfilled_on, duty.subject_id) == (today(), str(filed.pk))
    step_return(actor=coordinator.actor, step_id=_open("ndrc_issue").pk, to="author", reason="目标与规划不符")
    duty.refresh_from_db()
    assert (duty.fulfilled_on, duty.subject_id, duty.asked) == (None, "", 1)
    assert AuditEvent.objects.get(action="flow.obligation.reopen").reason == "目标与规划不符"
    again = amendment_open(actor=shenyang_editor.actor, version_id=filed.pk, reason="重报")
    version_submit(actor=shenyang_editor.actor, version_id=again.pk, revision=again.revision)
    given = Consent("组长", "市长", today())
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    _act(shenyang_editor, "first_group", given)
    _act(beijing_editor, "second_group", given)
    _act(coordinator, "ndrc_receive")
    _act(cadre_authority, "cod_receive")
    duty.refresh_from_db()
    assert (duty.fulfilled_on, duty.subject_id) == (today(), str(again.pk))


def test_an_amendment_that_is_returned_leaves_the_duty_fulfilled_by_what_is_in_force(
    pairing: Any,
    shenyang_editor: Any,
    shenyang_lead: Any,
    beijing_editor: Any,
    beijing_lead: Any,
    coordinator: Any,
    cadre_authority: Any,
    filed: PlanVersion,
) -> None:
    _act(coordinator, "ndrc_issue", document_number=NUMBER, document_date=today(), in_force_on=today())
    again = amendment_open(actor=shenyang_editor.actor, version_id=filed.pk, reason="增加事项")
    version_submit(actor=shenyang_editor.actor, version_id=again.pk, revision=again.revision)
    given = Consent("组长", "市长", today())
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    _act(shenyang_editor, "first_group", given)
    _act(beijing_editor, "second_group", given)
    _act(coordinator, "ndrc_receive")
    _act(cadre_authority, "cod_receive")
    step_return(actor=coordinator.actor, step_id=_open("ndrc_issue").pk, to="author", reason="暂不修订")
    again.refresh_from_db()
    filed.refresh_from_db()
    assert (again.state, filed.state) == ("returned", "in_force")
    assert Obligation.objects.get(duty__code="phase_plan", pairing=pairing).subject_id == str(filed.pk)


def test_a_route_that_ends_with_filing_puts_the_plan_in_force(
    draft_version: PlanVersion, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any, coordinator: Any
) -> None:
    route = Route.objects.get(code="plan_filing", programme=draft_version.plan.programme)
    stages = {stage["code"]: stage for stage in route.definition["stages"]}
    signed = {**stages["leads"], "code": "signed"}
    filed = {**stages["filed"], "steps": stages["filed"]["steps"][:1]}
    Route.objects.filter(pk=route.pk).update(definition={**route.definition, "stages": [signed, filed]})
    version = complete(draft_version, shenyang_editor.actor)
    version_submit(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    _act(coordinator, "ndrc_receive")
    version.refresh_from_db()
    assert (version.state, version.document_number) == ("in_force", "")
