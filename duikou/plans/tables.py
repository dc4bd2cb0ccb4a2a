"""The columns of the list of plans, on the page and in the export."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.columns import Column, Columns
from duikou.kernel.templatetags.look import state_badge
from duikou.plans.states import STATE_LABELS, VersionState


def _link(plan: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("plans:plan", args=[plan.pk]), plan.title)


def _state(plan: Any) -> Any:
    return state_badge(plan.version_state, STATE_LABELS[VersionState(plan.version_state)])


PLANS = Columns(
    all=(
        Column("title", _("标题"), lambda p: p.title, _link, sort="title", width=40),
        Column("pairing", _("对口关系"), lambda p: p.pairing.label, width=24),
        Column("kind", _("计划类别"), lambda p: str(p.get_kind_display())),
        Column("year", _("年度"), lambda p: p.year, kind="integer", width=8),
        Column("starts", _("起始日期"), lambda p: p.starts_on, sort="starts_on", kind="date", width=12),
        Column("ends", _("截止日期"), lambda p: p.ends_on, sort="ends_on", kind="date", width=12),
        Column("number", _("版次"), lambda p: p.version_number, kind="integer", width=8),
        Column("state", _("状态"), lambda p: str(STATE_LABELS[VersionState(p.version_state)]), _state, width=12),
        Column("parent", _("上级计划"), lambda p: p.parent.title if p.parent else "", width=30, usual=False),
        Column(
            "created",
            _("建立时间"),
            lambda p: p.created_at.astimezone(SHANGHAI).date(),
            sort="id",
            kind="date",
            width=12,
            usual=False,
        ),
    ),
    always="title",
)
