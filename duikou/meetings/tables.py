"""The columns of the lists of meetings and action items, on the page and in the export."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.templatetags.look import day, state_badge
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.rules.content import span_words


def when(meeting: Meeting) -> str:
    """The days and, where it is not the whole day, the hours of a meeting."""
    starts_at, ends_at = meeting.starts_at.astimezone(SHANGHAI), meeting.ends_at.astimezone(SHANGHAI)
    return span_words(starts_at, ends_at, all_day=meeting.all_day)


def host_words(meeting: Meeting) -> str:
    """Who invites, by name."""
    sides = {"first": meeting.pairing.first_region.label, "second": meeting.pairing.second_label}
    return sides.get(meeting.host) or str(meeting.get_host_display())


def side_words(item: ActionItem, side: str) -> str:
    """A side by name."""
    return item.pairing.first_region.label if side == "first" else item.pairing.second_label


def _meeting_link(meeting: Meeting) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("meetings:meeting", args=[meeting.pk]), meeting.title)


def _action_link(item: ActionItem) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("meetings:action", args=[item.pk]), item.text)


def _due(item: ActionItem) -> Any:
    late = state_badge("overdue", _t("逾期")) if item.is_overdue else ""
    return format_html("{} {}", day(item.due_on), late)


MEETINGS = Columns(
    all=(
        Column("title", _("标题"), lambda m: m.title, _meeting_link, sort="title", width=36),
        Column("pairing", _("对口关系"), lambda m: m.pairing.label, width=22),
        Column("when", _("时间"), when, sort="starts_at", width=26),
        Column("kind", _("类别"), lambda m: str(m.get_kind_display()), width=12),
        Column("layer", _("层级"), lambda m: str(m.get_layer_display()), width=10),
        Column("host", _("主办方"), host_words, width=14),
        Column("place", _("地点"), lambda m: m.place, width=26, usual=False),
        Column("state", _("状态"), lambda m: m.state_label, lambda m: state_badge(m.state, m.state_label), width=14),
        Column("duty", _("完成的应办事项"), lambda m: m.duty.label if m.duty else "", width=24, usual=False),
        Column("open", _("未办结事项"), lambda m: m.open_actions, kind="integer", width=10),
    ),
    always="title",
    order=Order("starts_at", descending=True),
)
ACTIONS = Columns(
    all=(
        Column("text", _("议定事项"), lambda a: a.text, _action_link, width=48),
        Column("owner", _("责任方"), lambda a: a.owner_name, width=26),
        Column("given", _("交办方"), lambda a: side_words(a, a.given_side), width=14),
        Column("due", _("完成期限"), lambda a: a.due_on, _due, sort="due_on", kind="date", width=12),
        Column("state", _("状态"), lambda a: a.state_label, lambda a: state_badge(a.state, a.state_label), width=16),
        Column("meeting", _("会议"), lambda a: a.meeting.title, width=28),
        Column("pairing", _("对口关系"), lambda a: a.pairing.label, width=22),
        Column("report", _("办理结果"), lambda a: a.report, width=40, usual=False),
        Column("note", _("确认意见"), lambda a: a.note, width=30, usual=False),
    ),
    always="text",
    order=Order("due_on"),
)
