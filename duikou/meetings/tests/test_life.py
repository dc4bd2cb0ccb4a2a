"""A meeting's life, its minutes and their signatures, and what a correction does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.flow.models import InboxItem, Obligation
from duikou.flow.services.routes import run_withdraw, step_act, step_return
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.kernel.tests.machines import reachable
from duikou.meetings.models import ActionItem, Meeting, MinutesVersion
from duikou.meetings.rules.lines import people
from duikou.meetings.selectors import meetings_visible, minutes_content, minutes_of
from duikou.meetings.services import meetings as life
from duikou.meetings.services.minutes import (
    DecisionDraft,
    decision_remove,
    decision_save,
    minutes_abandon,
    minutes_begin,
    minutes_correct,
    minutes_save,
)
from duikou.meetings.services.signing import Unready, is_intact
from duikou.meetings.services.table import agenda_carry_over, agenda_set, attendance_set
from duikou.meetings.states import (
    ACTIONS,
    HELD_STATES,
    LIFECYCLE,
    MINUTES,
    ActionState,
    MeetingState,
    MinutesState,
)
from duikou.meetings.tests.conftest import days_ago, draft_of, open_step, send, sign


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted({verb for row in LIFECYCLE.table.values() for verb in row}))))
def test_no_order_of_steps_unsigns_or_revives_a_meeting(verbs: list[str]) -> None:
    """Whatever is asked in whatever order: nothing leaves `signed` or `cancelled`, nothing signed was not held."""
    state, path = MeetingState.PLANNED, [MeetingState.PLANNED]
    for verb in verbs:
        if LIFECYCLE.allows(state, verb):
            state = LIFECYCLE.go(state, verb)
            path.append(state)
        else:
            with pytest.raises(Conflict):
                LIFECYCLE.go(state, verb)
    for ended in (MeetingState.SIGNED, MeetingState.CANCELLED):
        assert ended not in path[:-1]
    if MeetingState.SIGNED in path:
        assert path[-3:] == [MeetingState.HELD, MeetingState.IN_SIGNOFF, MeetingState.SIGNED]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["report", "close", "return", "drop"])))
def test_an_action_item_is_closed_only_after_it_was_reported(verbs: list[str]) -> None:
    state, before = ActionState.OPEN, ActionState.OPEN
    for verb in verbs:
        if ACTIONS.allows(state, verb):
            before, state = state, ACTIONS.go(state, verb)
    if state is ActionState.CLOSED:
        assert before is ActionState.REPORTED


def test_every_state_is_reached_and_signed_minutes_end_only_superseded() -> None:
    assert reachable(LIFECYCLE, MeetingState.PLANNED) == frozenset(MeetingState)
    assert reachable(MINUTES, MinutesState.DRAFT) == frozenset(MinutesState)
    assert reachable(ACTIONS, ActionState.OPEN) == frozenset(ActionState)
    assert MINUTES.verbs(MinutesState.SIGNED) == ("supersede",)


def test_both_sides_plan_and_change_and_a_stale_save_is_refused(
    planned: Meeting, pairing: Any, beijing_editor: Any, shenyang_editor: Any, coordinator: Any, dalian_editor: Any
) -> None:
    changed = life.meeting_update(
        actor=beijing_editor.actor, meeting_id=planned.pk, revision=1, draft=draft_of(pairing, place="北京")
    )
    assert (changed.revision, changed.sequence) == (2, 1)
    with pytest.raises(Stale):
        life.meeting_update(
            actor=shenyang_editor.actor, meeting_id=planned.pk, revision=1, draft=draft_of(pairing, place="沈阳")
        )
    with pytest.raises(Forbidden, match="您的岗位可以查看"):
        life.meeting_plan(actor=coordinator.actor, draft=draft_of(pairing))
    with pytest.raises(Forbidden, match="不在您负责的地区"):
        life.meeting_plan(actor=dalian_editor.actor, draft=draft_of(pairing))
    assert meetings_visible(actor=coordinator.actor).count() == 1
    assert not meetings_visible(actor=dalian_editor.actor).exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "！！"}, "title"),
        ({"kind": "party"}, "kind"),
        ({"place": "", "online_link": ""}, "place"),
        ({"online_link": "javascript:alert(1)"}, "online_link"),
        ({"duty": "annual_plan"}, "duty"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    pairing: Any, shenyang_editor: Any, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        life.meeting_plan(actor=shenyang_editor.actor, draft=draft_of(pairing, **given))
    assert field in refused.value.fields
    assert not Meeting.objects.exists()


def test_a_meeting_is_put_off_planned_anew_and_cancelled(planned: Meeting, beijing_lead: Any) -> None:
    actor = beijing_lead.actor
    with pytest.raises(Invalid, match="理由"):
        life.meeting_postpone(actor=actor, meeting_id=planned.pk, reason=" ")
    life.meeting_postpone(actor=actor, meeting_id=planned.pk, reason="防汛")
    start = dt.datetime.combine(today() + dt.timedelta(days=30), dt.time(9), dt.UTC)
    life.meeting_reschedule(
        actor=actor, meeting_id=planned.pk, starts_at=start, ends_at=start + dt.timedelta(hours=2), all_day=False
    )
    with pytest.raises(Invalid, match="还没有到开始时间"):
        life.meeting_hold(actor=actor, meeting_id=planned.pk)
    life.meeting_cancel(actor=actor, meeting_id=planned.pk, reason="改为书面沟通")
    planned.refresh_from_db()
    assert (planned.state, planned.sequence, planned.state_reason) == ("cancelled", 3, "改为书面沟通")
    with pytest.raises(Conflict):
        life.meeting_cancel(actor=actor, meeting_id=planned.pk, reason="再来一次")


def test_holding_keeps_the_duty_and_taking_it_back_owes_it_again(pairing: Any, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    meeting = life.meeting_plan(actor=actor, draft=draft_of(pairing, duty="work_meeting"))
    life.meeting_hold(actor=actor, meeting_id=meeting.pk)
    row = Obligation.objects.get(duty__code="work_meeting", pairing=pairing, year=days_ago(7).year)
    assert (row.fulfilled_on, row.subject_id) == (days_ago(7), str(meeting.pk))
    assert InboxItem.objects.get(kind="meetings.minutes", state="open").params["meeting"] == "年度工作会"
    life.meeting_correct(actor=actor, meeting_id=meeting.pk, reason="点错了")
    row.refresh_from_db()
    assert row.fulfilled_on is None
    assert not InboxItem.objects.filter(kind="meetings.minutes", state="open").exists()


def test_a_visit_in_the_first_of_two_years_keeps_the_duty_of_the_second(pairing: Any, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    day = dt.date(2023, 5, 4)
    meeting = life.meeting_plan(actor=actor, draft=draft_of(pairing, day=day, duty="leaders_visit", kind="visit"))
    life.meeting_hold(actor=actor, meeting_id=meeting.pk)
    row = Obligation.objects.get(duty__code="leaders_visit", pairing=pairing)
    base = pairing.valid_from.year if pairing.valid_from else 2023
    assert row.year in {2023, 2024}
    assert (row.year - base + 1) % 2 == 0
    assert row.fulfilled_on == day


def test_minutes_go_to_both_leads_and_decisions_come_to_life(
    signed: MinutesVersion, coordinator: Any, ministry: Any, dalian_editor: Any
) -> None:
    assert (signed.state, len(signed.digest), signed.meeting.state) == ("signed", 64, "signed")
    assert is_intact(signed)
    content = minutes_content(signed)
    assert [(side.label, side.total, side.leader.name) for side in content.attendance] == [
        ("沈阳市", 13, "王市长"),
        ("北京市", 1, "李主任"),
    ]
    assert [item.title for item in content.agenda] == ["通报进展", "商定重点工作"]
    assert [(one.text, one.owner_name) for one in content.decisions] == [
        ("建成产业园", "沈阳市对口合作办公室"),
        ("选派干部", "北京市对口合作办公室"),
    ]
    assert [block.text for block in content.blocks] == ["会议议定如下。"]
    assert InboxItem.objects.filter(kind="meetings.action", state="open").count() == 2
    for person in (coordinator, ministry):
        assert minutes_of(actor=person.actor, version_id=signed.pk).digest == signed.digest
    with pytest.raises(NotFound):
        minutes_of(actor=dalian_editor.actor, version_id=signed.pk)
    Meeting.objects.filter(pk=signed.meeting_id).update(title="另一个标题")
    again = MinutesVersion.objects.get(pk=signed.pk)
    assert minutes_content(again).title == "年度工作会"


def test_only_the_host_writes_and_only_both_offices_read_a_draft(
    drafted: MinutesVersion, beijing_editor: Any, ministry: Any, cadre_authority: Any, auditor: Any
) -> None:
    with pytest.raises(Forbidden, match="主办方"):
        minutes_save(actor=beijing_editor.actor, version_id=drafted.pk, revision=drafted.revision, body="<p>改</p>")
    for person in (beijing_editor, auditor):
        assert minutes_of(actor=person.actor, version_id=drafted.pk).state == "draft"
    for person in (ministry, cadre_authority):
        with pytest.raises(NotFound):
            minutes_of(actor=person.actor, version_id=drafted.pk)


def test_a_stale_text_is_refused_with_the_present_one(drafted: MinutesVersion, shenyang_lead: Any) -> None:
    actor = shenyang_lead.actor
    with pytest.raises(Stale) as stale:
        minutes_save(actor=actor, version_id=drafted.pk, revision=1, body="<p>我的话</p>")
    assert stale.value.data["present"] == "<p>会议议定如下。</p>"
    saved = minutes_save(
        actor=actor,
        version_id=drafted.pk,
        revision=drafted.revision,
        body="<script>alert(1)</script><p onclick=x>新的话</p>",
    )
    assert saved.body == "<p>新的话</p>"


def test_what_is_missing_holds_signing_back(held: Meeting, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    held = attendance_set(
        actor=actor, meeting_id=held.pk, revision=held.revision, seats={"first": people("王市长，市长")}
    )
    version = minutes_begin(actor=actor, meeting_id=held.pk)
    with pytest.raises(Unready) as refused:
        send(version, actor)
    assert refused.value.missing == ["请填写纪要正文。", "请登记北京市出席人员。"]
    with pytest.raises(Forbidden, match="已经开始"):
        minutes_begin(actor=actor, meeting_id=held.pk)


def test_a_side_returns_and_the_host_withdraws(
    drafted: MinutesVersion, shenyang_editor: Any, beijing_lead: Any, shenyang_lead: Any
) -> None:
    send(drafted, shenyang_editor.actor)
    with pytest.raises(Forbidden, match="会签"):
        minutes_save(actor=shenyang_editor.actor, version_id=drafted.pk, revision=drafted.revision, body="<p>偷改</p>")
    step_return(actor=beijing_lead.actor, step_id=open_step("second_lead").pk, to="author", reason="期限写错")
    drafted.refresh_from_db()
    assert (drafted.state, drafted.meeting.state) == ("draft", "held")
    assert InboxItem.objects.filter(kind="meetings.minutes", state="open").count() == 1
    send(drafted, shenyang_editor.actor)
    run_withdraw(actor=shenyang_editor.actor, run_id=open_step("first_lead").run_id, reason="再改一处")
    drafted.refresh_from_db()
    assert drafted.state == "draft"
    send(drafted, shenyang_editor.actor)
    sign(shenyang_lead, "first_lead")
    Meeting.objects.filter(pk=drafted.meeting_id).update(place="别处")
    with pytest.raises(Stale):
        sign(beijing_lead, "second_lead")


def test_a_correction_supersedes_and_action_items_follow(
    signed: MinutesVersion, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any, ours: ActionItem
) -> None:
    actor = shenyang_editor.actor
    with pytest.raises(Invalid, match="理由"):
        minutes_correct(actor=actor, version_id=signed.pk, reason="")
    second = minutes_correct(actor=actor, version_id=signed.pk, reason="期限有误")
    with pytest.raises(Conflict, match="已有一版"):
        minutes_correct(actor=actor, version_id=signed.pk, reason="再来")
    rows = {row.owner_side: row for row in second.decisions.all()}
    decision_remove(actor=actor, version_id=second.pk, revision=second.revision, uid=rows["second"].uid)
    second.refresh_from_db()
    draft = DecisionDraft("建成产业园一期", "first", today() + dt.timedelta(days=90))
    decision_save(actor=actor, version_id=second.pk, revision=second.revision, draft=draft, uid=rows["first"].uid)
    meeting = Meeting.objects.get(pk=signed.meeting_id)
    agenda_set(actor=actor, meeting_id=meeting.pk, revision=meeting.revision, titles=["通报进展"])
    send(second, actor)
    sign(shenyang_lead, "first_lead")
    sign(beijing_lead, "second_lead")
    signed.refresh_from_db()
    second.refresh_from_db()
    ours.refresh_from_db()
    assert (signed.state, second.state, signed.meeting.state) == ("superseded", "signed", "signed")
    assert is_intact(signed)
    assert len(minutes_content(signed).agenda) == 2
    assert len(minutes_content(second).agenda) == 1
    assert (ours.text, ours.state, ours.round) == ("建成产业园一期", "open", 2)
    dropped = ActionItem.objects.get(meeting=meeting, owner_side="second")
    assert dropped.state == "dropped"
    waiting = InboxItem.objects.filter(kind="meetings.action", state="open")
    assert [item.params["action"] for item in waiting] == ["建成产业园一期"]


def test_a_correction_may_be_given_up_the_first_version_not(
    signed: MinutesVersion, drafted: MinutesVersion, shenyang_editor: Any
) -> None:
    actor = shenyang_editor.actor
    second = minutes_correct(actor=actor, version_id=signed.pk, reason="有误")
    minutes_abandon(actor=actor, version_id=second.pk, reason="核对后无误")
    third = minutes_correct(actor=actor, version_id=signed.pk, reason="又有误")
    assert third.number == 3
    with pytest.raises(Forbidden, match="不再改变"):
        minutes_abandon(actor=actor, version_id=signed.pk, reason="不行")


def test_signing_twice_does_nothing_twice(
    drafted: MinutesVersion, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any
) -> None:
    send(drafted, shenyang_editor.actor)
    step = open_step("first_lead")
    sign(shenyang_lead, "first_lead")
    with pytest.raises(Conflict):
        step_act(actor=shenyang_lead.actor, step_id=step.pk, seen=step.run.digest)
    sign(beijing_lead, "second_lead")
    assert ActionItem.objects.count() == 2


def test_what_was_left_undone_goes_on_the_next_agenda_once(
    signed: MinutesVersion, ours: ActionItem, pairing: Any, beijing_editor: Any
) -> None:
    actor = beijing_editor.actor
    nearest = life.meeting_plan(actor=actor, draft=draft_of(pairing, title="下次会议", day=days_ago(1)))
    assert agenda_carry_over(actor=actor, meeting_id=nearest.pk, revision=nearest.revision) == 2
    nearest.refresh_from_db()
    assert agenda_carry_over(actor=actor, meeting_id=nearest.pk, revision=nearest.revision) == 0
    assert [item.action_id is not None for item in nearest.agenda.all()] == [True, True]
    titles = [item.title for item in nearest.agenda.all()]
    agenda_set(actor=actor, meeting_id=nearest.pk, revision=nearest.revision, titles=["开场", *titles])
    assert [item.action_id is not None for item in nearest.agenda.all()] == [False, True, True]


def test_what_took_place_is_named_by_its_states() -> None:
    assert set(HELD_STATES) == {"held", "in_signoff", "signed"}
