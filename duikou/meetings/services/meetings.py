"""Planning a meeting and taking it through its life."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word
from duikou.meetings import policies
from duikou.meetings.models import Host, Layer, Meeting, MeetingKind
from duikou.meetings.services.cadences import cadences_follow
from duikou.meetings.services.keeping import duty_keep, duty_reopen, minutes_wait, minutes_wait_no_more
from duikou.meetings.states import LIFECYCLE, OPEN_MINUTES, MeetingState
from duikou.programme.models import Duty, Pairing
from duikou.records.services.audit import changes, record, snapshot

DUTY_KINDS = ("meeting", "event")
"""Kinds of duties of the pack that a meeting may keep."""
LONGEST = dt.timedelta(days=60)
_SHOWN = ("title", "all_day", "starts_at", "ends_at", "place", "online_link", "pairing_id")
"""What calendars show: a change of these is a new sequence."""


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """The facts of a meeting; moments are aware, and the end of whole days is the midnight after the last."""

    pairing: Pairing
    kind: str
    layer: str
    title: str
    host: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    all_day: bool = False
    place: str = ""
    online_link: str = ""
    duty: Duty | None = None


@transaction.atomic
def meeting_plan(*, actor: Actor, draft: MeetingDraft) -> Meeting:
    """Plan a meeting; both sides' offices are told. Raises `Invalid` by field."""
    draft = checked(draft)
    policies.create(actor, draft.pairing).or_raise()
    moment = now()
    meeting = Meeting.objects.create(
        programme_id=draft.pairing.programme_id,
        created_at=moment,
        created_by=actor.name[:150],
        changed_at=moment,
        changed_by=actor.name[:150],
        **_facts(draft),
    )
    after = changes(None, snapshot(meeting))[1]
    record(actor=actor, action="meetings.meeting.planned", subject=meeting, after=after)
    announce("meetings.meeting.planned", meeting_id=meeting.pk)
    return meeting


@transaction.atomic
def meeting_update(*, actor: Actor, meeting_id: int, revision: int, draft: MeetingDraft) -> Meeting:
    """Change the facts; `revision` is what the writer had seen. Raises `Stale` with the present facts, `Invalid`."""
    draft = checked(draft)
    meeting = meeting_locked(meeting_id)
    policies.change(actor, meeting, is_correcting=correcting(meeting)).or_raise()
    refuse_stale(meeting, revision)
    if draft.pairing.pk != meeting.pairing_id:
        raise Invalid(fields={"pairing": [_("会议的对口关系不能更换，请取消后另行安排。")]})
    before = snapshot(meeting)
    for name, value in _facts(draft).items():
        setattr(meeting, name, value)
    old, new = changes(before, meeting)
    if not old and not new:
        return meeting
    is_shown = any(name in (new or {}) for name in _SHOWN)
    meeting.sequence += is_shown
    _touch(actor, meeting)
    record(actor=actor, action="meetings.meeting.updated", subject=meeting, before=old, after=new)
    announce("meetings.meeting.changed", meeting_id=meeting.pk, sequence=meeting.sequence if is_shown else None)
    return meeting


@transaction.atomic
def meeting_hold(*, actor: Actor, meeting_id: int) -> Meeting:
    """It took place: the duty it was for is kept, and the minutes wait for the host. A second time is a conflict."""
    meeting = meeting_locked(meeting_id)
    if meeting.starts_at > now():
        raise Invalid(_("会议还没有到开始时间。"))
    _step(actor, meeting, "hold", "held")
    duty_keep(actor=actor, meeting=meeting)
    cadences_follow(actor=actor, meeting=meeting)
    minutes_wait(actor=actor, meeting=meeting)
    return meeting


@transaction.atomic
def meeting_postpone(*, actor: Actor, meeting_id: int, reason: str) -> Meeting:
    """Put it off without a new date; the reason is a must."""
    return _step(actor, meeting_locked(meeting_id), "postpone", "postponed", _reason(reason))


@transaction.atomic
def meeting_cancel(*, actor: Actor, meeting_id: int, reason: str) -> Meeting:
    """It will not take place; the reason is a must. Calendars learn that it is cancelled."""
    return _step(actor, meeting_locked(meeting_id), "cancel", "cancelled", _reason(reason))


@transaction.atomic
def meeting_correct(*, actor: Actor, meeting_id: int, reason: str) -> Meeting:
    """It was marked as held by mistake: planned again, and what it kept is owed again. The reason is a must."""
    reason = _reason(reason)
    meeting = meeting_locked(meeting_id)
    _step(actor, meeting, "correct", "corrected", reason, keeps_reason=False)
    if meeting.minutes.exists():
        raise Invalid(_("已经开始起草纪要，不能撤销“已召开”。"))
    duty_reopen(actor=actor, meeting=meeting, reason=reason)
    minutes_wait_no_more(actor=actor, meeting=meeting)
    return meeting


@transaction.atomic
def meeting_reschedule(
    *, actor: Actor, meeting_id: int, starts_at: dt.datetime, ends_at: dt.datetime, all_day: bool
) -> Meeting:
    """Give a postponed meeting its new date."""
    meeting = meeting_locked(meeting_id)
    faults = _time_faults(starts_at, ends_at)
    if faults:
        raise Invalid(fields=faults)
    meeting.starts_at, meeting.ends_at, meeting.all_day = starts_at, ends_at, all_day
    return _step(actor, meeting, "reschedule", "rescheduled", fields=("starts_at", "ends_at", "all_day"))


def _step(
    actor: Actor,
    meeting: Meeting,
    verb: str,
    said: str,
    reason: str = "",
    *,
    keeps_reason: bool = True,
    fields: tuple[str, ...] = (),
) -> Meeting:
    """One step of its life: recorded and told; calendars learn of it."""
    policies.create(actor, meeting.pairing).or_raise()
    before = meeting.state
    meeting.state = LIFECYCLE.go(MeetingState(before), verb).value
    meeting.state_reason = reason if keeps_reason else ""
    meeting.sequence += 1
    _touch(actor, meeting)
    record(
        actor=actor,
        action=f"meetings.meeting.{said}",
        subject=meeting,
        before={"state": before},
        after={"state": meeting.state, **{name: getattr(meeting, name) for name in fields}},
        reason=reason,
    )
    announce("meetings.meeting.moved", meeting_id=meeting.pk, verb=verb, sequence=meeting.sequence)
    return meeting


def meeting_locked(meeting_id: int) -> Meeting:
    """The row for changing, with what policies look at; raises `NotFound`."""
    related = ("programme", "duty", "pairing__first_region", "pairing__second_region")
    found = Meeting.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=meeting_id).first()
    if found is None:
        raise NotFound
    return found


def correcting(meeting: Meeting) -> bool:
    """Whether a correction of signed minutes is being drafted (one query for a signed meeting, else none)."""
    return meeting.state == MeetingState.SIGNED and meeting.minutes.filter(state=OPEN_MINUTES[0]).exists()


def refuse_stale(meeting: Meeting, revision: int) -> None:
    """Raise `Stale` unless the writer has seen the meeting as it is."""
    if meeting.revision != revision:
        raise Stale(
            _("%(name)s在您打开之后修改了会议信息。下面是现在的内容和您填写的内容，请核对后再保存。")
            % {"name": meeting.changed_by},
            revision=meeting.revision,
        )


def meeting_touch(*, actor: Actor, meeting: Meeting) -> None:
    """Something that belongs to the meeting changed: its revision grows."""
    _touch(actor, meeting)


def _touch(actor: Actor, meeting: Meeting) -> None:
    meeting.revision += 1
    meeting.changed_at, meeting.changed_by = now(), actor.name[:150]
    meeting.save()


def checked(draft: MeetingDraft) -> MeetingDraft:
    """The draft as it is stored; raises `Invalid` by field."""
    draft = replace(
        draft,
        title=clean_name(draft.title),
        place=clean_name(draft.place),
        online_link=draft.online_link.strip(),
    )
    faults = _time_faults(draft.starts_at, draft.ends_at)
    if not has_word(draft.title) or len(draft.title) > 200:
        faults["title"] = [_("请填写标题，最多200个字。")]
    for name, known in (("kind", MeetingKind.values), ("layer", Layer.values), ("host", Host.values)):
        if getattr(draft, name) not in known:
            faults[name] = [_("没有这一项。")]
    if len(draft.place) > 200:
        faults["place"] = [_("最多%(limit)s个字。") % {"limit": 200}]
    if draft.online_link and not _is_link(draft.online_link):
        faults["online_link"] = [_("请填写以https://开头的完整地址。")]
    if not draft.place and not draft.online_link:
        faults["place"] = [_("请填写地点或线上会议链接。")]
    if draft.duty is not None and (
        draft.duty.programme_id != draft.pairing.programme_id or draft.duty.kind not in DUTY_KINDS
    ):
        faults["duty"] = [_("没有这一项。")]
    if faults:
        raise Invalid(fields=faults)
    return draft


def _is_link(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return len(text) <= 300


def _time_faults(starts_at: dt.datetime, ends_at: dt.datetime) -> dict[str, list[object]]:
    if not 2000 <= starts_at.year <= 2100:
        return {"starts_on": [_("日期应在2000年至2100年之间。")]}
    if ends_at <= starts_at:
        return {"ends_on": [_("结束时间应晚于开始时间。")]}
    if ends_at - starts_at > LONGEST:
        return {"ends_on": [_("一次会议或互访最多%(days)s天。") % {"days": LONGEST.days}]}
    return {}


def _reason(reason: str) -> str:
    reason = clean(reason)
    if not has_word(reason) or len(reason) > 500:
        raise Invalid(fields={"reason": [_("请写明理由，最多500个字。")]})
    return reason


def _facts(draft: MeetingDraft) -> dict[str, Any]:
    names = ("pairing", "kind", "layer", "title", "host", "starts_at", "ends_at", "all_day", "place", "online_link")
    return {**{name: getattr(draft, name) for name in names}, "duty": draft.duty}
