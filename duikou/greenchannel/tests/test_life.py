"""A blocker from the phone to the asker's agreement: who owns it, when the clock stands, who may do what."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from duikou.access.models import PersonalDataRead
from duikou.flow.models import InboxItem, ItemState, Notice
from duikou.flow.services.calendar import day_set
from duikou.greenchannel.models import GreenChannelRequest, RequestPause, RequestStep
from duikou.greenchannel.selectors.scope import requests_visible
from duikou.greenchannel.services import tellings
from duikou.greenchannel.services.contact import contact_reveal
from duikou.greenchannel.services.follow import requests_follow, requests_redate
from duikou.greenchannel.services.raising import request_raise
from duikou.greenchannel.services.rules import parameters_set
from duikou.greenchannel.services.steps import request_step
from duikou.greenchannel.tests.conftest import draft_of, project_made, shift, take
from duikou.kernel.actor import Actor
from duikou.kernel.clock import add_working_days, is_working_day, today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.records.models import AuditEvent, Evidence


def waiting(request: GreenChannelRequest) -> list[InboxItem]:
    rows = InboxItem.objects.filter(subject_kind="greenchannel.greenchannelrequest", subject_id=str(request.pk))
    return list(rows.filter(state=ItemState.OPEN).order_by("id"))


def test_a_blocker_has_a_named_owner_and_a_running_clock_at_once(raised: Any, unit: Any) -> None:
    assert raised.owner_id == unit.account.pk
    assert unit.organisation.name in raised.owner_name
    assert (raised.basis, raised.state, raised.term) == ("rule", "raised", 10)
    assert raised.due_on == add_working_days(today(), 10)
    (item,) = waiting(raised)
    assert (item.account_id, item.due_on) == (unit.account.pk, raised.due_on)
    assert raised.number in item.words


def test_the_same_form_sent_twice_makes_one_request(project: Any, member: Any) -> None:
    draft = draft_of(project)
    first = request_raise(actor=member.actor, draft=draft)
    assert request_raise(actor=member.actor, draft=draft).pk == first.pk
    assert GreenChannelRequest.objects.count() == 1


def test_photos_and_files_come_with_it_and_a_bad_one_refuses_the_whole(project: Any, member: Any) -> None:
    good = SimpleUploadedFile("现场.txt", "照片说明".encode())
    made = request_raise(actor=member.actor, draft=draft_of(project), files=[good])
    assert Evidence.objects.filter(subject_id=str(made.pk), subject_kind__startswith="greenchannel").count() == 1
    bad = SimpleUploadedFile("现场.pdf", b"not a pdf")
    with pytest.raises(Invalid) as refused:
        request_raise(actor=member.actor, draft=draft_of(project, uid=uuid.uuid4()), files=[bad])
    assert "现场.pdf" in str(refused.value.fields["photos"])
    assert GreenChannelRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": "——"}),
        ("title", {"title": "长" * 101}),
        ("needed", {"needed": "长" * 2001}),
        ("wanted_on", {"wanted_on": dt.date(2001, 1, 1)}),
        ("wanted_on", {"wanted_on": dt.date(9999, 1, 1)}),
        ("side", {"side": "third"}),
        ("kind", {"kind_id": 10**9}),
        ("contact_phone", {"contact_phone": "打不通"}),
    ],
)
def test_what_is_not_right_is_refused_at_its_field(project: Any, member: Any, field: str, given: Any) -> None:
    with pytest.raises(Invalid) as refused:
        request_raise(actor=member.actor, draft=draft_of(project, **given))
    assert set(refused.value.fields) == {field}


def test_only_parties_raise_blockers(
    project: Any, dalian_editor: Any, auditor: Any, other_member: Any, shenyang_editor: Any, beijing_editor: Any
) -> None:
    for stranger in (dalian_editor, other_member):
        with pytest.raises(NotFound):
            request_raise(actor=stranger.actor, draft=draft_of(project))
    with pytest.raises(Forbidden):
        request_raise(actor=auditor.actor, draft=draft_of(project))
    for office in (shenyang_editor, beijing_editor):
        assert request_raise(actor=office.actor, draft=draft_of(project, uid=uuid.uuid4())).owner_name


def test_the_whole_way_to_the_askers_agreement(raised: Any, unit: Any, member: Any) -> None:
    take(unit, raised, "accept", "")
    take(unit, raised, "note", "已联系市生态环境局")
    take(unit, raised, "ask", "请补环评报告书")
    (item,) = waiting(raised)
    assert (item.account_id, item.about.is_duty) == (member.account.pk, True)
    take(member, raised, "answer", "已上传")
    take(unit, raised, "propose", "批复已出")
    take(member, raised, "reject", "批复编号有误")
    assert GreenChannelRequest.objects.get(pk=raised.pk).round == 1
    take(unit, raised, "propose", "已更正")
    done = take(member, raised, "agree", "")
    assert (done.state, done.clock_days, done.whole_days) == ("solved", 0, 0)
    assert done.ended_at is not None
    assert waiting(raised) == []
    kinds = list(RequestStep.objects.filter(request=raised).order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "raised", "accepted", "noted", "asked", "answered", "proposed", "rejected", "proposed", "agreed",
    ]  # fmt: skip
    actions = AuditEvent.objects.filter(subject_kind="greenchannel.greenchannelrequest", subject_id=str(raised.pk))
    said = [name.rpartition(".")[2] for name in actions.order_by("id").values_list("action", flat=True)]
    assert said == kinds


def test_nobody_but_the_asker_solves_it(
    raised: Any, unit: Any, shenyang_lead: Any, coordinator: Any, beijing_lead: Any
) -> None:
    take(unit, raised, "accept")
    take(unit, raised, "propose")
    for person in (unit, shenyang_lead, beijing_lead, coordinator):
        with pytest.raises(Forbidden):
            take(person, raised, "agree")


def test_who_proposed_does_not_agree_in_the_askers_name(project: Any, shenyang_lead: Any, shenyang_editor: Any) -> None:
    made = request_raise(actor=shenyang_lead.actor, draft=draft_of(project, kind="land"))
    assert made.owner_id == shenyang_lead.account.pk
    take(shenyang_lead, made, "accept")
    take(shenyang_lead, made, "propose")
    with pytest.raises(Forbidden, match="另一人"):
        take(shenyang_lead, made, "agree")
    assert take(shenyang_editor, made, "agree").state == "solved"


def test_the_asker_withdraws_with_a_reason(raised: Any, member: Any, unit: Any) -> None:
    with pytest.raises(Invalid):
        take(member, raised, "withdraw", "  ")
    with pytest.raises(Forbidden):
        take(unit, raised, "withdraw", "不想办")
    done = take(member, raised, "withdraw", "已自行解决")
    assert (done.state, done.clock_days, waiting(raised)) == ("withdrawn", None, [])


def test_the_clock_stands_only_while_it_waits_for_the_asker(raised: Any, unit: Any, member: Any) -> None:
    take(unit, raised, "accept")
    shift(raised, 7)
    take(unit, raised, "ask")
    shift(raised, 28)
    row = take(member, raised, "answer")
    start = row.started_on
    assert start == today() - dt.timedelta(days=35)
    pause = RequestPause.objects.get(request=raised)
    assert pause.days == (today() - dt.timedelta(days=28), today())
    ran = sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, 8))
    assert row.due_on == add_working_days(today(), 10 - ran)
    take(unit, row, "propose")
    done = take(member, row, "agree")
    assert done.clock_days == ran
    assert done.whole_days == sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, 36))


def test_late_stays_late_through_a_pause(raised: Any, unit: Any, member: Any) -> None:
    take(unit, raised, "accept")
    shift(raised, 60)
    row = take(unit, raised, "ask")
    assert row.late_on == row.due_on
    assert row.is_overdue
    again = take(member, raised, "answer")
    assert again.due_on == row.due_on
    take(unit, raised, "propose")
    done = take(member, raised, "agree")
    assert done.late_on is not None
    assert not done.is_overdue


def test_a_transfer_says_why_and_names_the_next_owner_while_the_clock_runs_on(
    raised: Any, unit: Any, beijing_editor: Any, member: Any
) -> None:
    due = raised.due_on
    with pytest.raises(Invalid):
        take(unit, raised, "transfer", "应由北京方办理", to="second:post:0")
    code = f"second:post:{beijing_editor.membership.pk}"
    row = take(unit, raised, "transfer", "应由北京方办理", to=code)
    assert (row.owner_id, row.side, row.basis) == (beijing_editor.account.pk, "second", "transfer")
    assert (row.region.adcode, row.due_on, row.state) == ("110000", due, "raised")
    (item,) = waiting(raised)
    assert item.account_id == beijing_editor.account.pk
    assert not requests_visible(actor=unit.actor).exists()
    with pytest.raises(Invalid):
        take(beijing_editor, raised, "transfer", "再转", to=code)
    telling = tellings.moved(request_id=row.pk, verb="transfer", revision=row.revision)
    assert telling is not None
    assert list(telling.accounts) == [member.account.pk]


def test_the_lead_of_the_side_may_hand_it_over_too_and_no_other_lead(
    raised: Any, shenyang_lead: Any, beijing_lead: Any, shenyang_editor: Any
) -> None:
    code = f"first:post:{shenyang_editor.membership.pk}"
    with pytest.raises(Forbidden):
        take(beijing_lead, raised, "transfer", "转给对方", to=code)
    assert take(shenyang_lead, raised, "transfer", "由办公室直接协调", to=code).owner_id == shenyang_editor.account.pk


def test_a_step_against_an_older_reading_is_stale(raised: Any, unit: Any) -> None:
    take(unit, raised, "accept")
    with pytest.raises(Stale):
        request_step(actor=unit.actor, request_id=raised.pk, revision=1, verb="note", text="晚了")


def test_who_comes_second_is_told_where_it_stands(raised: Any, unit: Any, member: Any) -> None:
    take(member, raised, "withdraw", "不需要了")
    with pytest.raises(Conflict, match="已撤回"):
        take(unit, raised, "accept")


def test_contact_particulars_are_masked_and_reading_them_leaves_a_trace(
    raised: Any, unit: Any, auditor: Any, dalian_editor: Any
) -> None:
    row = GreenChannelRequest.objects.get(pk=raised.pk)
    assert "13812345678" not in row.masked_contact
    assert "王小明" not in row.masked_contact
    assert contact_reveal(actor=unit.actor, request_id=raised.pk).contact_phone == "13812345678"
    assert PersonalDataRead.objects.get().subject_id == raised.pk
    with pytest.raises(Forbidden):
        contact_reveal(actor=auditor.actor, request_id=raised.pk)
    with pytest.raises(NotFound):
        contact_reveal(actor=dalian_editor.actor, request_id=raised.pk)
    events = AuditEvent.objects.filter(subject_kind="greenchannel.greenchannelrequest")
    assert not [event for event in events if "13812345678" in f"{event.before}{event.after}"]


def test_strangers_know_of_nothing_and_parties_of_their_own(
    raised: Any,
    member: Any,
    unit: Any,
    shenyang_editor: Any,
    beijing_lead: Any,
    coordinator: Any,
    auditor: Any,
    dalian_editor: Any,
    other_member: Any,
    ministry: Any,
    cadre_authority: Any,
    cadre_officer: Any,
    operator: Any,
    anonymous: Any,
) -> None:
    for person in (member, unit, shenyang_editor, beijing_lead, coordinator, auditor):
        assert requests_visible(actor=person.actor).count() == 1, person
    strangers = (dalian_editor, other_member, ministry, cadre_authority, cadre_officer, operator, anonymous)
    for person in strangers:
        assert requests_visible(actor=person.actor).count() == 0, person


def test_another_party_of_the_same_project_sees_it_and_may_not_answer(
    member: Any, other_member: Any, rule: Any
) -> None:
    both = project_made("两家的项目", member.organisation, other_member.organisation)
    made = request_raise(actor=member.actor, draft=draft_of(both))
    assert requests_visible(actor=other_member.actor).count() == 1
    with pytest.raises(Forbidden):
        take(other_member, made, "withdraw", "替人撤回")


def test_a_term_that_the_coordinator_sets_holds_from_then_on(
    raised: Any, project: Any, coordinator: Any, unit: Any, member: Any
) -> None:
    name = f"term-{raised.kind_id}"
    with pytest.raises(Forbidden):
        parameters_set(actor=unit.actor, programme=project.programme, days={name: 3})
    with pytest.raises(Invalid):
        parameters_set(actor=coordinator.actor, programme=project.programme, days={name: 0})
    assert parameters_set(actor=coordinator.actor, programme=project.programme, days={name: 3}, basis="年度要求") == 1
    assert parameters_set(actor=coordinator.actor, programme=project.programme, days={name: 3}) == 0
    later = request_raise(actor=member.actor, draft=draft_of(project, uid=uuid.uuid4()))
    assert later.due_on == add_working_days(today(), 3)
    raised.refresh_from_db()
    assert raised.term == 10


def test_days_off_put_off_what_is_open(raised: Any) -> None:
    before = raised.due_on
    for day in (before, add_working_days(today(), 1)):
        day_set(actor=Actor.command("tests"), day=day, works=False)
    assert requests_redate() == 1
    assert requests_redate() == 0
    raised.refresh_from_db()
    assert raised.due_on == add_working_days(today(), 10)
    assert raised.due_on > before
    (item,) = waiting(raised)
    assert item.due_on == raised.due_on


def test_requests_follow_a_project_that_is_merged(raised: Any, project: Any, member: Any) -> None:
    kept = project_made("沈北产业园（正）", member.organisation)
    assert requests_follow(kept_id=kept.pk, duplicate_id=project.pk) == 1
    assert requests_follow(kept_id=kept.pk, duplicate_id=project.pk) == 0
    raised.refresh_from_db()
    assert raised.project_id == kept.pk


def test_notices_carry_no_particulars(raised: Any, unit: Any) -> None:
    take(unit, raised, "accept")
    assert not [one for one in Notice.objects.all() if "王小明" in one.words or "138" in one.words]
