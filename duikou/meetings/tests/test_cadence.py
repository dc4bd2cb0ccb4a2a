"""Mechanisms: which period a day lies in, who falls behind, and that both offices are asked once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.flow.models import InboxItem, Notice
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.jobs import drain
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.rules.cadence import beat_of, period_before, period_of
from duikou.meetings.rules.lines import items, people, people_text
from duikou.meetings.services.cadences import CadenceDraft, cadence_end, cadence_set, cadences_tick
from duikou.meetings.services.meetings import meeting_correct, meeting_hold, meeting_plan, meeting_postpone
from duikou.meetings.services.tellings import actions_tick
from duikou.meetings.tests.conftest import days_ago, draft_of

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))


@UNHURRIED
@given(st.integers(2000, 2030), st.integers(1, 5), DAYS)
def test_every_day_lies_in_one_period_and_periods_touch(since: int, years: int, day: dt.date) -> None:
    period = period_of(since, years, day)
    if period is None:
        assert day.year < since
        return
    assert period.holds(day)
    assert (period.start.year - since) % years == 0
    assert period.end.year - period.start.year == years - 1
    after = period_of(since, years, period.end + dt.timedelta(days=1))
    assert after is not None
    assert after.start == period.end + dt.timedelta(days=1)
    assert period_before(after, since) == period


@UNHURRIED
@given(st.integers(2000, 2030), st.integers(1, 5), st.lists(DAYS, max_size=6), DAYS)
def test_who_met_in_the_running_period_is_never_behind_and_who_is_behind_missed_a_whole_one(
    since: int, years: int, held: list[dt.date], day: dt.date
) -> None:
    beat = beat_of(since, years, held, day)
    running = period_of(since, years, day)
    past = [one for one in held if one <= day]
    if running is not None and any(running.holds(one) for one in past):
        assert beat.state == "kept"
    if beat.state == "behind":
        assert beat.period is not None
        assert beat.period.end < day
        assert not any(beat.period.holds(one) for one in held)
    assert beat.last == max(past, default=None)
    assert beat_of(since, years, list(reversed(held)), day) == beat


@UNHURRIED
@given(st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_lines_of_people_are_read_back_as_they_were(counts: list[int]) -> None:
    text = "\n".join(f"{count}人，单位{count}" for count in counts) + "\n张三，局长，某局"
    assert people(people_text(list(people(text)))) == people(text)


def test_lines_are_read_as_people_type_them() -> None:
    found = people("王某，市长，市政府\n\n另有12人，有关部门\n李某")
    assert [(one.name, one.post, one.organisation, one.count) for one in found] == [
        ("王某", "市长", "市政府", 1),
        ("", "", "有关部门", 12),
        ("李某", "", "", 1),
    ]
    assert items("1. 开场\n（二）商定\n2、商定\n\n2020年工作") == ("开场", "（二）商定", "商定", "2020年工作")


def _draft(pairing: Any, **given: Any) -> CadenceDraft:
    facts: dict[str, Any] = {"layer": "coordination", "title": "年度工作会", "years": 1, "since": today().year - 1}
    return CadenceDraft(pairing, **{**facts, **given})


def test_what_falls_behind_waits_for_both_offices_once_until_they_meet(
    pairing: Any, shenyang_editor: Any, beijing_editor: Any
) -> None:
    actor = shenyang_editor.actor
    cadence_set(actor=actor, draft=_draft(pairing))
    assert cadences_tick() == 1
    assert cadences_tick() == 0
    waiting = InboxItem.objects.filter(kind="meetings.behind", state="open")
    assert {row.region_path for row in waiting} == {actor.region_path, beijing_editor.actor.region_path}
    meeting = meeting_plan(actor=actor, draft=draft_of(pairing, day=today() - dt.timedelta(days=1)))
    Meeting.objects.filter(pk=meeting.pk).update(layer="execution")
    meeting_hold(actor=actor, meeting_id=meeting.pk)
    assert waiting.all().count() == 2
    meeting_correct(actor=actor, meeting_id=meeting.pk, reason="层级有误")
    Meeting.objects.filter(pk=meeting.pk).update(layer="coordination")
    meeting_hold(actor=actor, meeting_id=meeting.pk)
    assert not waiting.all().exists()
    assert cadences_tick() == 0


def test_a_mechanism_is_set_once_changed_and_ended(
    pairing: Any, shenyang_editor: Any, beijing_editor: Any, dalian_editor: Any, coordinator: Any
) -> None:
    actor = shenyang_editor.actor
    row = cadence_set(actor=actor, draft=_draft(pairing))
    with pytest.raises(Conflict, match="已经存在"):
        cadence_set(actor=beijing_editor.actor, draft=_draft(pairing, title="另一个"))
    for person in (dalian_editor, coordinator):
        with pytest.raises(Forbidden):
            cadence_set(actor=person.actor, draft=_draft(pairing, layer="decision"))
    with pytest.raises(Invalid) as refused:
        cadence_set(actor=actor, draft=_draft(pairing, years=9, since=1, title="！"))
    assert set(refused.value.fields) == {"years", "since", "title"}
    with pytest.raises(Stale):
        cadence_set(actor=actor, draft=_draft(pairing, years=2), cadence_id=row.pk, revision=9)
    cadences_tick()
    changed = cadence_set(actor=actor, draft=_draft(pairing, years=2), cadence_id=row.pk, revision=1)
    assert changed.years == 2
    assert not InboxItem.objects.filter(kind="meetings.behind", state="open").exists()
    cadence_end(actor=actor, cadence_id=row.pk, reason="合并到年度会商")
    with pytest.raises(Conflict):
        cadence_end(actor=actor, cadence_id=row.pk, reason="再停一次")
    assert cadence_set(actor=actor, draft=_draft(pairing)).pk != row.pk


def test_mechanisms_have_their_pages(
    client_for: Any, shenyang_editor: Any, coordinator: Any, dalian_editor: Any, pairing: Any
) -> None:
    client = client_for(shenyang_editor)
    new = reverse("meetings:cadence-new")
    assert client.get(new).status_code == 200
    facts = {"pairing": pairing.pk, "layer": "decision", "kind": "visit", "title": "互访", "years": 2, "since": 2018}
    assert client.post(new, {**facts, "years": 0}).status_code == 400
    assert client.post(new, facts).status_code == 302
    assert client.post(new, facts).status_code == 400
    assert "互访" in client_for(coordinator).get(reverse("meetings:cadences")).content.decode()
    strange = client_for(dalian_editor)
    assert "互访" not in strange.get(reverse("meetings:cadences")).content.decode().split("双方约定的会商")[1]


@pytest.mark.django_db(transaction=True)
def test_both_offices_are_told_of_plans_and_changes(pairing: Any, beijing_editor: Any, shenyang_editor: Any) -> None:
    meeting = meeting_plan(actor=beijing_editor.actor, draft=draft_of(pairing, title="又一次", day=days_ago(-3)))
    meeting_postpone(actor=beijing_editor.actor, meeting_id=meeting.pk, reason="防汛")
    drain()
    for person in (shenyang_editor, beijing_editor):
        told = Notice.objects.filter(account=person.account, kind="meetings.meeting")
        assert {notice.key for notice in told} == {
            f"meeting:{meeting.pk}:planned",
            f"meeting:{meeting.pk}:postpone:1",
        }


def test_owners_are_told_once_before_and_once_after_the_day(
    ours: ActionItem, beijing_editor: Any, shenyang_editor: Any
) -> None:
    ActionItem.objects.filter(pk=ours.pk).update(due_on=today() + dt.timedelta(days=3))
    assert actions_tick() == 1
    assert actions_tick() == 0
    ActionItem.objects.filter(pk=ours.pk).update(due_on=days_ago(1))
    assert actions_tick() == 1
    assert actions_tick() == 0
    assert Notice.objects.filter(account=shenyang_editor.account, kind="meetings.due").count() == 2
    assert not Notice.objects.filter(account=beijing_editor.account, kind="meetings.due").exists()
