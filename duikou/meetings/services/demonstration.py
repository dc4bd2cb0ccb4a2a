"""Meetings to try the product with: made up, marked as such, and never in production."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Membership
from duikou.access.selectors import actor_of_membership
from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI, today
from duikou.kernel.errors import Conflict
from duikou.meetings.models import ActionItem, Meeting, MinutesVersion
from duikou.meetings.rules.lines import people
from duikou.meetings.services.actions import action_report
from duikou.meetings.services.cadences import CadenceDraft, cadence_set
from duikou.meetings.services.meetings import MeetingDraft, meeting_hold, meeting_plan
from duikou.meetings.services.minutes import DecisionDraft, decision_save, minutes_begin, minutes_save
from duikou.meetings.services.signing import minutes_close, minutes_signed
from duikou.meetings.services.table import agenda_carry_over, agenda_set, attendance_set
from duikou.programme.models import Duty, Pairing

MARK = "（演示）"
BODY = "<p>本纪要为演示数据，不是官方文本。</p><p>双方通报了对口合作工作进展，研究了下一步重点工作，议定事项见后。</p>"


@transaction.atomic
def meetings_demonstrate(*, actor: Actor) -> int:
    """Make the demonstration's meetings, once; returns how many. Raises `Conflict` outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    if Meeting.objects.exists():
        return 0
    pairings = Pairing.objects.filter(programme__code=settings.PROGRAMME).select_related(
        "programme", "first_region", "second_region"
    )
    dalian = pairings.filter(code="dalian-shanghai").first()
    shenyang = pairings.filter(code="shenyang-beijing").first()
    if dalian is None or shenyang is None:
        return 0
    host = _person("dalian-lead", actor)
    _minuted(actor, host, _planned(host, dalian, "沪连对口合作年度工作会商", days=-40, duty="work_meeting"))
    _planned(host, dalian, "大连市与上海市主要领导互访", days=25, kind="visit", layer="decision", whole_days=2)
    editor = _person("shenyang", actor)
    nearest = _planned(editor, shenyang, "京沈合作产业园区工作例会", days=9, layer="execution")
    agenda_set(
        actor=editor,
        meeting_id=nearest.pk,
        revision=nearest.revision,
        titles=["园区建设进展", "招商对接安排", "干部交流安排"],
    )
    draft = CadenceDraft(shenyang, "execution", "京沈合作产业园区例会" + MARK, 1, today().year - 1)
    cadence_set(actor=editor, draft=draft)
    return Meeting.objects.count()


def _planned(
    actor: Actor,
    pairing: Pairing,
    title: str,
    *,
    days: int,
    kind: str = "consultation",
    layer: str = "coordination",
    whole_days: int = 0,
    duty: str = "",
) -> Meeting:
    day = today() + dt.timedelta(days=days)
    start = dt.datetime.combine(day, dt.time(0 if whole_days else 9), SHANGHAI)
    draft = MeetingDraft(
        pairing=pairing,
        kind=kind,
        layer=layer,
        title=title + MARK,
        host="first",
        starts_at=start,
        ends_at=start + (dt.timedelta(days=whole_days) if whole_days else dt.timedelta(hours=3)),
        all_day=bool(whole_days),
        place=pairing.first_region.name,
        duty=Duty.objects.filter(programme=pairing.programme, code=duty, retired_in=None).first() if duty else None,
    )
    return meeting_plan(actor=actor, draft=draft)


def _minuted(platform: Actor, host: Actor, meeting: Meeting) -> None:
    """Held, minuted, signed; one thing reported done, one late, one still open."""
    at: dict[str, Any] = {"actor": host, "meeting_id": meeting.pk}
    meeting = agenda_set(**at, revision=meeting.revision, titles=["通报上年工作", "商定本年重点工作"])
    seats = {
        "first": people("演示甲，副市长，大连市政府\n6人，大连市有关部门"),
        "second": people("演示乙，副秘书长，上海市政府\n5人，上海市有关部门"),
    }
    meeting = attendance_set(**at, revision=meeting.revision, seats=seats)
    meeting_hold(**at)
    version = minutes_begin(**at)
    minutes_save(actor=host, version_id=version.pk, revision=version.revision, body=BODY)
    for text, owner, days in (
        ("编制本年度重点工作计划", "first", -10),
        ("组织沪连产业对接活动一次", "second", 30),
        ("梳理可复制推广的改革经验清单", "second", 60),
    ):
        version = MinutesVersion.objects.get(pk=version.pk)
        draft = DecisionDraft(text + MARK, owner, today() + dt.timedelta(days=days))
        decision_save(actor=host, version_id=version.pk, revision=version.revision, draft=draft)
    version = MinutesVersion.objects.get(pk=version.pk)
    minutes_close(actor=host, version_id=version.pk, revision=version.revision)
    minutes_signed(actor=platform, version_id=version.pk)
    second = ActionItem.objects.filter(meeting=meeting, owner_side="second").order_by("due_on").first()
    if second is not None:
        other = _person("shanghai-lead", platform)
        action_report(actor=other, action_id=second.pk, revision=second.revision, report="活动已举办" + MARK)
    _next(host, meeting)


def _next(host: Actor, meeting: Meeting) -> None:
    coming = _planned(host, meeting.pairing, "沪连对口合作办公室碰头会", days=4, layer="execution")
    agenda_carry_over(actor=host, meeting_id=coming.pk, revision=coming.revision)


def _person(username: str, fallback: Actor) -> Actor:
    rows = Membership.objects.select_related("account", "organisation", "region")
    found = rows.filter(account__username=username).order_by("id").first()
    return actor_of_membership(found) if found else fallback
