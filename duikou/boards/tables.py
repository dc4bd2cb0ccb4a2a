"""The columns of the Gantt as a table: what the picture shows, in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.boards.selectors.bars import Bar, Span
from duikou.kernel.columns import Column, Columns
from duikou.kernel.templatetags.look import state_badge


def span_words(span: Span) -> str:
    """From when to when; an unknown end is a dash."""
    if not span.is_known:
        return ""
    return f"{span.start or '—'} ～ {span.finish or '—'}"


def _link(bar: Bar) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("projects:project", args=[bar.project.pk]), bar.project.name)


def _next(bar: Bar) -> str:
    row = bar.next_milestone
    return f"{row.label} {row.expected_words}" if row is not None else ""


def _late(bar: Bar) -> Any:
    return state_badge("overdue", _t("%(count)d个逾期") % {"count": bar.overdue}) if bar.overdue else ""


BARS = Columns(
    all=(
        Column("name", _("项目名称"), lambda b: b.project.name, _link, width=36),
        Column("pairing", _("对口关系"), lambda b: b.project.pairing.label, width=22),
        Column(
            "state",
            _("状态"),
            lambda b: b.project.state_label,
            lambda b: state_badge(b.project.state, b.project.state_label),
        ),
        Column("planned", _("计划"), lambda b: span_words(b.planned), width=26),
        Column("baseline", _("基线"), lambda b: span_words(b.baseline), width=26),
        Column("going", _("实际与预计"), lambda b: span_words(b.going), width=26),
        Column("progress", _("完成投资占计划"), lambda b: "" if b.progress is None else f"{b.progress}%", width=10),
        Column("milestones", _("里程碑"), lambda b: len(b.milestones), kind="integer", width=8),
        Column("next", _("下一里程碑"), _next, width=26),
        Column("late", _("逾期"), lambda b: b.overdue or "", _late, width=10),
    ),
    always="name",
)
