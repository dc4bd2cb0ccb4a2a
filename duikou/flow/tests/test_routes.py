"""A route goes stage by stage; who may not, who is late and who clicks twice is told so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from duikou.flow import selectors
from duikou.flow.models import InboxItem, RouteAct, RouteRun, RouteStep
from duikou.flow.selectors.routes import acts_open_to, run_of
from duikou.flow.services.routes import AlreadyDone, Consent, run_start, run_withdraw, step_act, step_return
from duikou.flow.states import ItemState, RunState, StepState
from duikou.flow.tests.papers import KIND, definition, ref, step
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.programme.models import Route
from duikou.programme.selectors import programme_at, route_at
from duikou.records.models import AppendOnlyError, AuditEvent, Evidence

pytestmark = pytest.mark.django_db

LEADS = [step("first_lead"), step("second_lead", "second")]
NATION = [step("receive", "nation", "coordinator", "receive")]


def open_step(run, code):
    return RouteStep.objects.get(run=run, code=code, state=StepState.OPEN)


def act(person, run, code, seen="d0", **more):
    return step_act(actor=person.actor, step_id=open_step(run, code).pk, seen=seen, **more)


def waiting(person):
    rows = selectors.inbox_for(actor=person.actor).filter(state=ItemState.OPEN, kind="flow.step")
    return sorted(str(row.params["step"]["zh"]) for row in rows)


def test_stages_follow_one_another_and_steps_of_one_stage_run_side_by_side(
    start, papers, shenyang_editor, shenyang_lead, beijing_lead, coordinator
):
    run = start(shenyang_editor, definition(LEADS, NATION))
    assert (waiting(shenyang_lead), waiting(beijing_lead), waiting(coordinator)) == (
        ["first_lead"],
        ["second_lead"],
        [],
    )
    act(beijing_lead, run, "second_lead")
    assert (waiting(shenyang_lead), waiting(beijing_lead), waiting(coordinator)) == (["first_lead"], [], [])
    act(shenyang_lead, run, "first_lead", note="同意")
    assert waiting(coordinator) == ["receive"]
    run = act(coordinator, run, "receive")
    assert run.state == RunState.FINISHED
    assert papers.told == [("start",), ("stage", "stage0"), ("stage", "stage1"), ("finish",)]
    assert not InboxItem.objects.filter(kind="flow.step", state=ItemState.OPEN).exists()


def test_every_act_leaves_one_event_and_one_line_of_history(
    start, shenyang_editor, shenyang_lead, beijing_lead, coordinator
):
    run = start(shenyang_editor, definition(LEADS, NATION))
    act(shenyang_lead, run, "first_lead")
    act(beijing_lead, run, "second_lead")
    step_return(actor=coordinator.actor, step_id=open_step(run, "receive").pk, to="author", reason="缺附件")
    events = AuditEvent.objects.filter(action__startswith="flow.route.").order_by("id")
    assert [event.action.rpartition(".")[2] for event in events] == ["start", "sign", "sign", "return"]
    assert [one.verb for one in RouteAct.objects.filter(run=run)] == ["start", "sign", "sign", "return"]
    assert {event.subject_id for event in events} == {str(run.pk)}


def test_acts_are_never_changed(start, shenyang_editor):
    run = start(shenyang_editor, definition(LEADS))
    with pytest.raises(AppendOnlyError):
        run.acts.get().delete()
    with pytest.raises(AppendOnlyError):
        run.acts.update(name="别人")


def test_the_database_itself_keeps_a_step_from_counting_twice(start, shenyang_editor):
    run = start(shenyang_editor, definition(LEADS))
    twin = open_step(run, "first_lead")
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_stranger_finds_nothing_and_a_colleague_hears_why_not(
    start, shenyang_editor, dalian_lead, member, auditor, coordinator, operator
):
    run = start(shenyang_editor, definition(LEADS))
    pk = open_step(run, "first_lead").pk
    for person in (dalian_lead, member, operator):
        with pytest.raises(NotFound):
            step_act(actor=person.actor, step_id=pk, seen="d0")
        with pytest.raises(NotFound):
            run_withdraw(actor=person.actor, run_id=run.pk, reason="x")
    for person in (shenyang_editor, auditor, coordinator):
        with pytest.raises(Forbidden) as refused:
            step_act(actor=person.actor, step_id=pk, seen="d0")
        assert "其他岗位" in str(refused.value)
    with pytest.raises(NotFound):
        step_act(actor=shenyang_editor.actor, step_id=999_999, seen="d0")
    with pytest.raises(Forbidden):
        step_act(actor=Actor.job("night"), step_id=pk, seen="d0")


def test_who_does_the_same_again_is_told_and_who_comes_second_hears_who_was_first(
    start, shenyang_editor, shenyang_lead, beijing_lead
):
    run = start(shenyang_editor, definition([step("one", role="office_editor")], [step("two", "second")]))
    pk = open_step(run, "one").pk
    step_act(actor=shenyang_lead.actor, step_id=pk, seen="d0")
    with pytest.raises(AlreadyDone):
        step_act(actor=shenyang_lead.actor, step_id=pk, seen="d0")
    with pytest.raises(Conflict) as late:
        step_act(actor=shenyang_editor.actor, step_id=pk, seen="d0")
    assert shenyang_lead.account.display_name in str(late.value)
    assert not isinstance(late.value, AlreadyDone)
    assert RouteAct.objects.filter(run=run).count() == 2


def test_a_running_matter_is_not_sent_twice(start, shenyang_editor, shenyang_lead):
    start(shenyang_editor, definition(LEADS))
    with pytest.raises(AlreadyDone):
        start(shenyang_editor, definition(LEADS))
    with pytest.raises(Conflict) as second:
        start(shenyang_lead, definition(LEADS))
    assert shenyang_editor.account.display_name in str(second.value)
    assert RouteRun.objects.count() == 1


def test_who_saw_something_else_is_stale(start, papers, shenyang_editor, shenyang_lead):
    run = start(shenyang_editor, definition(LEADS))
    with pytest.raises(Stale):
        act(shenyang_lead, run, "first_lead", seen="d1")
    papers.content["1"] = "d1"
    for seen in ("d0", "d1"):
        with pytest.raises(Stale):
            act(shenyang_lead, run, "first_lead", seen=seen)
    papers.content["1"] = "d0"
    act(shenyang_lead, run, "first_lead")


def test_the_author_cannot_sign_where_another_person_is_demanded(start, shenyang_lead, beijing_lead):
    run = start(shenyang_lead, definition([step("one", distinct_from=["author"]), step("two", "second")]))
    with pytest.raises(Forbidden) as refused:
        act(shenyang_lead, run, "one")
    assert "送签人以外" in str(refused.value)
    act(beijing_lead, run, "two")


def test_four_eyes_hold_whichever_of_two_steps_names_the_other(start, shenyang_editor, shenyang_lead):
    steps = [step("one", role="office_editor"), step("two", role="office_editor", distinct_from=["one"])]
    run = start(shenyang_editor, definition(steps))
    act(shenyang_editor, run, "two")
    with pytest.raises(Forbidden):
        act(shenyang_editor, run, "one")
    act(shenyang_lead, run, "one")


def test_a_return_to_a_step_voids_it_and_what_came_after_and_all_stays_in_the_history(
    start, papers, shenyang_editor, shenyang_lead, beijing_lead, coordinator
):
    made = definition(LEADS, [step("group", role="office_editor", act="record")], NATION)
    made["return_to"] = ["author", "first_lead"]
    run = start(shenyang_editor, made)
    for person, code in ((shenyang_lead, "first_lead"), (beijing_lead, "second_lead"), (shenyang_editor, "group")):
        act(person, run, code)
    old = open_step(run, "receive").pk
    step_return(actor=coordinator.actor, step_id=old, to="first_lead", reason="数字不符")
    assert papers.told[-1] == ("return", "first_lead", "数字不符")
    assert (waiting(shenyang_lead), waiting(coordinator), waiting(shenyang_editor)) == (["first_lead"], [], [])
    with pytest.raises(AlreadyDone):
        step_act(actor=coordinator.actor, step_id=old, seen="d0")
    act(shenyang_lead, run, "first_lead")
    assert waiting(shenyang_editor) == ["group"]
    act(shenyang_editor, run, "group")
    run = act(coordinator, run, "receive")
    assert run.state == RunState.FINISHED
    states = [(row.code, row.state) for row in RouteStep.objects.filter(run=run).order_by("id")]
    assert states == [
        ("first_lead", "void"),
        ("second_lead", "done"),
        ("group", "void"),
        ("receive", "returned"),
        ("first_lead", "done"),
        ("group", "done"),
        ("receive", "done"),
    ]


def test_a_return_to_the_author_ends_the_run_and_waits_for_the_author(
    start, papers, shenyang_editor, shenyang_lead, beijing_lead
):
    run = start(shenyang_editor, definition(LEADS))
    act(beijing_lead, run, "second_lead")
    run = step_return(actor=shenyang_lead.actor, step_id=open_step(run, "first_lead").pk, to="author", reason="再改")
    assert run.state == RunState.RETURNED
    item = InboxItem.objects.get(kind="flow.returned")
    assert (item.account_id, item.state) == (shenyang_editor.account.pk, ItemState.OPEN)
    assert "再改" in item.words
    again = start(shenyang_editor, definition(LEADS))
    item.refresh_from_db()
    assert item.state == ItemState.DONE
    assert again.pk != run.pk
    view = run_of(KIND, "1")
    assert [one.verb for one in reversed(view.history)] == ["start", "sign", "return", "start"]


@pytest.mark.parametrize(
    ("to", "reason", "field"), [("second_lead", "x", "to"), ("moon", "x", "to"), ("author", " ", "reason")]
)
def test_a_return_needs_a_reason_and_a_place_that_the_route_allows(
    start, shenyang_editor, shenyang_lead, to, reason, field
):
    run = start(shenyang_editor, definition(LEADS))
    with pytest.raises(Invalid) as refused:
        step_return(actor=shenyang_lead.actor, step_id=open_step(run, "first_lead").pk, to=to, reason=reason)
    assert list(refused.value.fields) == [field]


def test_the_office_that_sent_it_may_withdraw_before_the_last_signature(
    start, papers, shenyang_editor, shenyang_lead, beijing_lead, beijing_editor
):
    run = start(shenyang_editor, definition(LEADS, NATION))
    act(beijing_lead, run, "second_lead")
    with pytest.raises(Forbidden):
        run_withdraw(actor=beijing_editor.actor, run_id=run.pk, reason="x")
    with pytest.raises(Invalid):
        run_withdraw(actor=shenyang_lead.actor, run_id=run.pk, reason="  ")
    run = run_withdraw(actor=shenyang_lead.actor, run_id=run.pk, reason="另行安排")
    assert run.state == RunState.WITHDRAWN
    assert papers.told[-1] == ("withdraw", "另行安排")
    assert waiting(shenyang_lead) == []
    with pytest.raises(AlreadyDone):
        run_withdraw(actor=shenyang_lead.actor, run_id=run.pk, reason="另行安排")
    run = start(shenyang_editor, definition(LEADS, NATION))
    act(beijing_lead, run, "second_lead")
    act(shenyang_lead, run, "first_lead")
    with pytest.raises(Forbidden) as late:
        run_withdraw(actor=shenyang_lead.actor, run_id=run.pk, reason="太晚")
    assert "签署完毕" in str(late.value)


def test_a_route_that_is_not_withdrawable_is_not_withdrawn(start, shenyang_editor):
    run = start(shenyang_editor, definition(LEADS, withdrawable=False))
    with pytest.raises(Forbidden):
        run_withdraw(actor=shenyang_editor.actor, run_id=run.pk, reason="x")


def test_an_optional_step_may_be_done_or_passed_over(start, shenyang_editor, shenyang_lead, beijing_lead):
    steps = [step("must"), step("may", "second", optional=True)]
    run = start(shenyang_editor, definition(steps))
    run = act(shenyang_lead, run, "must")
    assert run.state == RunState.FINISHED
    assert RouteStep.objects.get(run=run, code="may").state == StepState.SKIPPED
    assert waiting(beijing_lead) == []
    run = start(shenyang_editor, definition(steps), "2")
    act(beijing_lead, run, "may")
    assert act(shenyang_lead, run, "must").state == RunState.FINISHED


def test_consent_is_recorded_with_name_post_and_day(start, shenyang_editor, shenyang_lead):
    run = start(shenyang_editor, definition([step("group", role="office_editor", act="record", records_consent=True)]))
    for consent, fields in (
        (None, {"consent_name", "consent_post", "consent_on"}),
        (Consent("", "市长", today()), {"consent_name"}),
        (Consent("张某", "市长", today() + dt.timedelta(1)), {"consent_on"}),
        (Consent("张某", "市长", today() - dt.timedelta(1)), {"consent_on"}),
        (Consent("张" * 61, "市长", None), {"consent_name", "consent_on"}),
    ):
        with pytest.raises(Invalid) as refused:
            act(shenyang_editor, run, "group", consent=consent)
        assert set(refused.value.fields) == fields
    act(shenyang_editor, run, "group", consent=Consent("张某", "市长", today()))
    found = RouteAct.objects.get(run=run, verb="record")
    assert (found.consent_name, found.consent_post, found.consent_on) == ("张某", "市长", today())
    event = AuditEvent.objects.get(action="flow.route.record")
    assert "张某" in str(event.after)


def test_a_file_is_kept_where_the_route_demands_one(start, shenyang_editor, shenyang_lead, beijing_lead):
    run = start(shenyang_editor, definition([step("one", evidence=True)], [step("two", "second")]))
    with pytest.raises(Invalid) as refused:
        act(shenyang_lead, run, "one")
    assert list(refused.value.fields) == ["evidence"]
    pk = open_step(run, "one").pk
    file = SimpleUploadedFile("签署件.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    act(shenyang_lead, run, "one", evidence=file)
    assert Evidence.objects.get(subject_kind="flow.routestep", subject_id=str(pk)).name == "签署件.pdf"
    assert run_of(KIND, "1").steps[0].files[0].name == "签署件.pdf"


def test_what_the_owner_refuses_is_not_written(start, papers, shenyang_editor, shenyang_lead):
    run = start(shenyang_editor, definition([step("one")]))
    papers.refuse = "finish"
    with pytest.raises(Conflict), transaction.atomic():
        act(shenyang_lead, run, "one")
    run.refresh_from_db()
    assert (run.state, open_step(run, "one").state, RouteAct.objects.count()) == ("running", "open", 1)
    assert waiting(shenyang_lead) == ["one"]
    papers.refuse = "start"
    with pytest.raises(Conflict), transaction.atomic():
        start(shenyang_editor, definition(LEADS), "2")
    assert RouteRun.objects.count() == 1


def test_a_new_edition_of_the_route_does_not_disturb_what_runs(start, shenyang_editor, shenyang_lead, beijing_lead):
    run = start(shenyang_editor, definition([step("one")], [step("two", "second")]))
    Route.objects.filter(code="made_up").update(definition=definition([step("other", "nation", "ministry")]))
    act(shenyang_lead, run, "one")
    assert act(beijing_lead, run, "two").state == RunState.FINISHED


def test_a_route_needs_the_sides_it_names(papers, shenyang_editor, sides):
    programme = programme_at("northeast-east-2017")
    with pytest.raises(Invalid):
        run_start(
            actor=shenyang_editor.actor,
            route=route_at(programme, "plan_filing"),
            subject=ref(),
            parties={"first": sides["first"]},
            digest="d0",
            programme=programme,
        )


def test_a_step_waits_for_the_nearest_post_that_somebody_holds(
    start, shenyang_editor, shenyang_lead, beijing_lead, beijing_editor
):
    shenyang_editor.membership.__class__.objects.filter(pk=beijing_editor.membership.pk).update(is_active=False)
    run = start(shenyang_editor, definition([step("group", "second", "office_editor", "record")]))
    assert waiting(beijing_lead) == ["group"]
    assert act(beijing_lead, run, "group").state == RunState.FINISHED


def test_the_filing_of_a_plan_goes_its_whole_way(
    papers, sides, shenyang_editor, shenyang_lead, beijing_editor, beijing_lead, coordinator, cadre_authority
):
    programme = programme_at("northeast-east-2017")
    route = route_at(programme, "plan_filing")
    run = run_start(
        actor=shenyang_editor.actor, route=route, subject=ref(), parties=sides, digest="d0", programme=programme
    )
    consent = Consent("王某", "市长", today())
    act(shenyang_lead, run, "first_lead")
    act(beijing_lead, run, "second_lead")
    act(shenyang_editor, run, "first_group", consent=consent)
    act(beijing_editor, run, "second_group", consent=consent)
    act(cadre_authority, run, "cod_receive")
    act(coordinator, run, "ndrc_receive")
    with pytest.raises(Invalid) as refused:
        act(coordinator, run, "ndrc_issue")
    assert refused.value.fields.keys() == {"ask_document_number", "ask_document_date", "ask_in_force_on"}
    given = {"document_number": "发改振兴〔2018〕123号", "document_date": today(), "in_force_on": today()}
    run = act(coordinator, run, "ndrc_issue", given=given)
    assert run.state == RunState.FINISHED
    assert [what[1] for what in papers.told if what[0] == "stage"] == ["leads", "signed", "filed", "issued"]


def test_what_one_can_do_is_offered_with_the_reason_where_one_cannot(start, shenyang_editor, shenyang_lead, auditor):
    start(shenyang_editor, definition(LEADS))
    offered = {
        (one.verb, one.step.rule.code if one.step else ""): one
        for one in acts_open_to(actor=shenyang_lead.actor, run=run_of(KIND, 1))
    }
    assert offered["sign", "first_lead"].allowed
    assert offered["return", "first_lead"].allowed
    assert dict(offered["return", "first_lead"].targets).keys() == {"author"}
    assert not offered["sign", "second_lead"].allowed
    assert offered["withdraw", ""].allowed
    for one in acts_open_to(actor=auditor.actor, run=run_of(KIND, 1)):
        assert not one.allowed
        assert one.allowed.reason
        assert not one.is_theirs


def test_a_view_takes_the_same_queries_however_long_the_history(
    start, shenyang_editor, shenyang_lead, django_assert_num_queries
):
    for _turn in range(4):
        run = start(shenyang_editor, definition(LEADS))
        step_return(actor=shenyang_lead.actor, step_id=open_step(run, "first_lead").pk, to="author", reason="再改")
    start(shenyang_editor, definition(LEADS))
    with django_assert_num_queries(5):
        view = run_of(KIND, 1)
        acts_open_to(actor=shenyang_lead.actor, run=view)
        assert [(one.verb, one.step and one.step.label, one.account_id) for one in view.history]
