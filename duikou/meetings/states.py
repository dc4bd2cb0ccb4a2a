"""Kinds, layers and lifecycles of meetings, minutes and action items."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.transitions import Machine


class MeetingKind(TextChoices):
    """What people call it."""

    CONSULTATION = "consultation", _("会商")
    VISIT = "visit", _("互访")
    JOINT = "joint", _("联席会议")
    TALKS = "talks", _("座谈交流")
    WORK = "work", _("工作会议")
    MATCHMAKING = "matchmaking", _("对接活动")
    OTHER = "other", _("其他")


class Layer(TextChoices):
    """The three layers of the mechanism."""

    DECISION = "decision", _("决策层")
    COORDINATION = "coordination", _("协调层")
    EXECUTION = "execution", _("执行层")


class Side(TextChoices):
    """First and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")


class Host(TextChoices):
    """Who invites and writes the minutes."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    BOTH = "both", _("双方共同")


class Seat(TextChoices):
    """On whose side of the table somebody sits."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    GUEST = "guest", _("列席")


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"
    IN_SIGNOFF = "in_signoff"
    SIGNED = "signed"


MEETING_LABELS: Mapping[MeetingState, Promise] = {
    MeetingState.PLANNED: _("已安排"),
    MeetingState.POSTPONED: _("已推迟"),
    MeetingState.CANCELLED: _("已取消"),
    MeetingState.HELD: _("已召开"),
    MeetingState.IN_SIGNOFF: _("纪要会签中"),
    MeetingState.SIGNED: _("纪要已签署"),
}
MEETING_CHOICES = [(state.value, label) for state, label in MEETING_LABELS.items()]

LIFECYCLE = Machine(
    {
        MeetingState.PLANNED: {
            "hold": MeetingState.HELD,
            "postpone": MeetingState.POSTPONED,
            "cancel": MeetingState.CANCELLED,
        },
        MeetingState.POSTPONED: {"reschedule": MeetingState.PLANNED, "cancel": MeetingState.CANCELLED},
        MeetingState.CANCELLED: {},
        MeetingState.HELD: {"submit": MeetingState.IN_SIGNOFF, "correct": MeetingState.PLANNED},
        MeetingState.IN_SIGNOFF: {
            "sign": MeetingState.SIGNED,
            "return": MeetingState.HELD,
            "withdraw": MeetingState.HELD,
        },
        MeetingState.SIGNED: {},
    }
)
"""planned → held → minutes in sign-off → signed; or postponed and planned anew, or cancelled.

`correct` takes back a wrong "held". A meeting whose minutes both signed stays signed while a correction is written.
"""

HELD_STATES = (MeetingState.HELD.value, MeetingState.IN_SIGNOFF.value, MeetingState.SIGNED.value)
"""In these the meeting took place."""


class MinutesState(StrEnum):
    """Where one version of the minutes stands."""

    DRAFT = "draft"
    IN_SIGNOFF = "in_signoff"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    ABANDONED = "abandoned"


MINUTES_LABELS: Mapping[MinutesState, Promise] = {
    MinutesState.DRAFT: _("起草中"),
    MinutesState.IN_SIGNOFF: _("会签中"),
    MinutesState.SIGNED: _("双方已签"),
    MinutesState.SUPERSEDED: _("已被更正取代"),
    MinutesState.ABANDONED: _("已放弃更正"),
}
MINUTES_CHOICES = [(state.value, label) for state, label in MINUTES_LABELS.items()]

MINUTES = Machine(
    {
        MinutesState.DRAFT: {"submit": MinutesState.IN_SIGNOFF, "abandon": MinutesState.ABANDONED},
        MinutesState.IN_SIGNOFF: {
            "sign": MinutesState.SIGNED,
            "return": MinutesState.DRAFT,
            "withdraw": MinutesState.DRAFT,
        },
        MinutesState.SIGNED: {"supersede": MinutesState.SUPERSEDED},
        MinutesState.SUPERSEDED: {},
        MinutesState.ABANDONED: {},
    }
)
"""What bears both signatures never changes: a correction is the next version, signed anew."""

SEALED = (MinutesState.SIGNED.value, MinutesState.SUPERSEDED.value)
OPEN_MINUTES = (MinutesState.DRAFT.value, MinutesState.IN_SIGNOFF.value)


class ActionState(StrEnum):
    """How far an action item is."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"
    DROPPED = "dropped"


ACTION_LABELS: Mapping[ActionState, Promise] = {
    ActionState.OPEN: _("办理中"),
    ActionState.REPORTED: _("已报完成，待确认"),
    ActionState.CLOSED: _("已办结"),
    ActionState.DROPPED: _("不再办理"),
}
ACTION_CHOICES = [(state.value, label) for state, label in ACTION_LABELS.items()]

ACTIONS = Machine(
    {
        ActionState.OPEN: {"report": ActionState.REPORTED, "drop": ActionState.DROPPED},
        ActionState.REPORTED: {
            "close": ActionState.CLOSED,
            "return": ActionState.OPEN,
            "drop": ActionState.DROPPED,
        },
        ActionState.CLOSED: {},
        ActionState.DROPPED: {},
    }
)
"""Its owner reports it done; the side that gave it closes it, sends it back or drops it."""

LIVE_ACTIONS = (ActionState.OPEN.value, ActionState.REPORTED.value)


class CadenceState(TextChoices):
    """How a mechanism keeps its beat."""

    KEPT = "kept", _("本期已召开")
    DUE = "due", _("本期待召开")
    SOON = "soon", _("即将到期")
    BEHIND = "behind", _("已落后")


TRAIL_ACTIONS = {
    "meetings.meeting.planned": _("安排会议"),
    "meetings.meeting.updated": _("修改会议信息"),
    "meetings.meeting.held": _("会议已召开"),
    "meetings.meeting.postponed": _("推迟会议"),
    "meetings.meeting.rescheduled": _("重新安排会议"),
    "meetings.meeting.cancelled": _("取消会议"),
    "meetings.meeting.corrected": _("撤销“已召开”"),
    "meetings.meeting.attendance": _("登记出席人员"),
    "meetings.meeting.agenda": _("修改议程"),
    "meetings.meeting.links": _("关联计划事项"),
    "meetings.minutes.begun": _("起草会议纪要"),
    "meetings.minutes.saved": _("修改会议纪要"),
    "meetings.minutes.decided": _("修改议定事项"),
    "meetings.minutes.submitted": _("会议纪要送签"),
    "meetings.minutes.drafted": _("会议纪要退回起草"),
    "meetings.minutes.signed": _("双方签署会议纪要"),
    "meetings.minutes.superseded": _("会议纪要被更正取代"),
    "meetings.minutes.abandoned": _("放弃更正会议纪要"),
    "meetings.action.opened": _("下达议定事项"),
    "meetings.action.amended": _("议定事项随纪要更正"),
    "meetings.action.reported": _("报告议定事项完成"),
    "meetings.action.returned": _("退回议定事项"),
    "meetings.action.closed": _("办结议定事项"),
    "meetings.action.dropped": _("议定事项不再办理"),
    "meetings.cadence.set": _("设定会商机制"),
    "meetings.cadence.ended": _("停用会商机制"),
    "meetings.feed.renewed": _("生成日历订阅地址"),
    "meetings.feed.withdrawn": _("停用日历订阅地址"),
    "meetings.list.exported": _("导出会议列表"),
    "meetings.actions.exported": _("导出议定事项列表"),
}
"""What this room leaves in the trail, in words."""

TRAIL_KINDS = {"meetings.list": _("会议列表"), "meetings.actions": _("议定事项列表")}
TRAIL_FIELDS = {
    "agenda": _("议程"),
    "attendance": _("出席人员"),
    "links": _("关联事项"),
    "decision": _("议定事项"),
    "decisions": _("议定事项"),
    "body": _("正文"),
    "revision": _("修改序号"),
    "digest": _("内容摘要"),
    "count": _("数量"),
    "meeting": _("会议"),
    "owner": _("责任方"),
    "text": _("文字"),
}
"""Names of what it keeps there beside the fields of its models."""
TRAIL_VALUES = {"owner_side": dict(Side.choices), "given_side": dict(Side.choices), "seat": dict(Seat.choices)}
