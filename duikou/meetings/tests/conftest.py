"""A meeting of Shenyang and Beijing, held and minuted, and short ways through its life."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.flow.models import RouteStep
from duikou.flow.services.routes import step_act
from duikou.kernel.clock import SHANGHAI, today
from duikou.meetings.models import ActionItem, Meeting, MinutesVersion
from duikou.meetings.rules.lines import people
from duikou.meetings.services.meetings import MeetingDraft, meeting_hold, meeting_plan
from duikou.meetings.services.minutes import DecisionDraft, decision_save, minutes_begin, minutes_save
from duikou.meetings.services.route import minutes_submit
from duikou.meetings.services.table import agenda_set, attendance_set
from duikou.programme.models import Duty, Pairing


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    """A moment of a day in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time(hour), SHANGHAI)


def days_ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


@pytest.fixture
def pairing(db: None, shenyang_editor: Any) -> Pairing:
    return Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )


def draft_of(pairing: Pairing, **given: Any) -> MeetingDraft:
    """A yearly work meeting at Shenyang's invitation, a week ago."""
    day = given.pop("day", days_ago(7))
    duty = given.pop("duty", None)
    facts: dict[str, Any] = {
        "kind": "work",
        "layer": "coordination",
        "title": "年度工作会",
        "host": "first",
        "starts_at": at(day, 9),
        "ends_at": at(day, 12),
        "place": "沈阳市政府会议室",
        "duty": Duty.objects.get(programme=pairing.programme, code=duty) if duty else None,
        **given,
    }
    return MeetingDraft(pairing=pairing, **facts)


@pytest.fixture
def planned(pairing: Pairing, shenyang_editor: Any) -> Meeting:
    return meeting_plan(actor=shenyang_editor.actor, draft=draft_of(pairing))


@pytest.fixture
def held(planned: Meeting, shenyang_editor: Any) -> Meeting:
    """Held, with an agenda and people on both sides."""
    return hold(planned, shenyang_editor.actor)


def hold(meeting: Meeting, actor: Any) -> Meeting:
    meeting = agenda_set(
        actor=actor, meeting_id=meeting.pk, revision=meeting.revision, titles=["通报进展", "商定重点工作"]
    )
    seats = {
        "first": people("王市长，市长，沈阳市政府\n12人，沈阳市有关部门"),
        "second": people("李主任，主任，北京市发展改革委"),
    }
    meeting = attendance_set(actor=actor, meeting_id=meeting.pk, revision=meeting.revision, seats=seats)
    return meeting_hold(actor=actor, meeting_id=meeting.pk)


@pytest.fixture
def drafted(held: Meeting, shenyang_editor: Any) -> MinutesVersion:
    """Minutes with a text and one decision for each side's office."""
    actor = shenyang_editor.actor
    version = minutes_begin(actor=actor, meeting_id=held.pk)
    version = minutes_save(actor=actor, version_id=version.pk, revision=version.revision, body="<p>会议议定如下。</p>")
    for text, owner in (("建成产业园", "first"), ("选派干部", "second")):
        version.refresh_from_db()
        draft = DecisionDraft(text, owner, today() + dt.timedelta(days=30))
        decision_save(actor=actor, version_id=version.pk, revision=version.revision, draft=draft)
    return MinutesVersion.objects.get(pk=version.pk)


def send(version: MinutesVersion, actor: Any) -> MinutesVersion:
    version.refresh_from_db()
    return minutes_submit(actor=actor, version_id=version.pk, revision=version.revision)


def open_step(code: str) -> RouteStep:
    return RouteStep.objects.filter(code=code, state="open").latest("id")


def sign(person: Any, code: str) -> None:
    step = open_step(code)
    step_act(actor=person.actor, step_id=step.pk, seen=step.run.digest)


@pytest.fixture
def signed(drafted: MinutesVersion, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any) -> MinutesVersion:
    """Minutes that both leads signed."""
    send(drafted, shenyang_editor.actor)
    sign(shenyang_lead, "first_lead")
    sign(beijing_lead, "second_lead")
    return MinutesVersion.objects.get(pk=drafted.pk)


@pytest.fixture
def ours(signed: MinutesVersion) -> ActionItem:
    """What Shenyang's office owes."""
    return ActionItem.objects.get(meeting=signed.meeting_id, owner_side="first")
