"""The columns of the list of milestones; the headers are those that an import reads."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.templatetags.look import state_badge
from duikou.schedule.models import DoneAs, Milestone, Standing

_TONES = {Standing.DONE: "good", Standing.OVERDUE: "", Standing.SOON: "warn", Standing.SLIPPED: "warn"}


def _link(row: Milestone) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("schedule:milestone", args=[row.pk]), row.label)


def _project(row: Milestone) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("projects:project", args=[row.project_id]), row.project.name)


def _standing(row: Milestone) -> Any:
    return state_badge(row.standing.value, str(row.standing.label), tone=_TONES.get(row.standing, ""))


def _before(row: Milestone) -> str:
    """What it waits for, as `with_links` attached it."""
    links: list[tuple[str, int]] = getattr(row, "shown_links", [])
    return "；".join(f"{title}+{lag}" if lag else title for title, lag in links)


def _done(row: Milestone) -> Any:
    return row.expected_words if row.done_on is not None else ""


def done_written(row: Milestone) -> Any:
    """The done day as a workbook says it, in words that an import reads back in any language of the interface."""
    if row.done_on is None or row.done_as == DoneAs.DAY:
        return row.done_on
    return f"不晚于{row.done_on.year}年" if row.done_as == DoneAs.YEAR else f"不晚于{row.done_on.isoformat()}"


MILESTONES = Columns(
    all=(
        Column("title", _("里程碑"), lambda m: m.title, _link, width=20),
        Column("number", _("项目编号"), lambda m: m.project.number, width=12, usual=False),
        Column("project", _("项目名称"), lambda m: m.project.name, _project, width=36),
        Column("pairing", _("对口关系"), lambda m: m.project.pairing.label, width=22),
        Column("kind", _("类型"), lambda m: str(m.get_kind_display()), width=8),
        Column("standing", _("状态"), lambda m: str(m.standing.label), _standing, width=12),
        Column("planned", _("计划日期"), lambda m: m.planned_on, kind="date", width=12),
        Column("baseline", _("基线日期"), lambda m: m.baseline_on, kind="date", width=12),
        Column("forecast", _("预计日期"), lambda m: m.forecast_on, kind="date", width=12, usual=False),
        Column("expected", _("推算日期"), lambda m: m.expected_words, sort="expected_on", width=14),
        Column("done", _("完成日期"), done_written, _done, width=14, usual=False),
        Column("slip", _("推迟（天）"), lambda m: m.slip, kind="integer", width=10),
        Column("before", _("前置里程碑"), _before, width=24, usual=False),
        Column("side", _("责任方"), lambda m: str(m.get_side_display()) if m.side != "none" else "", usual=False),
        Column("body", _("责任单位"), lambda m: m.organisation.name if m.organisation else "", width=26),
        Column("weight", _("权重（百分数）"), lambda m: m.weight, kind="integer", width=8, usual=False),
        Column("note", _("说明"), lambda m: m.note, width=30, usual=False),
        Column("source", _("来源"), lambda m: m.source, width=24, usual=False),
    ),
    always="title",
    order=Order("expected_on"),
)
