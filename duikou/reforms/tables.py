"""The columns of the lists of this room, on the page and in the export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.templatetags.look import day, state_badge
from duikou.reforms.models import Adoption, ReformMeasure

LONG_AGO = dt.date(1, 1, 1)
"""What an unknown day sorts as."""


def _measure_link(row: ReformMeasure) -> Any:
    mark = format_html(' <span class="dk-soft">{}</span>', _t("（演示）")) if row.is_demonstration else ""
    return format_html('<a href="{}">{}</a>{}', reverse("reforms:measure", args=[row.pk]), row.title, mark)


def title_of(row: ReformMeasure) -> str:
    """The title, marked where it is made up."""
    return f"{row.title}{_t('（演示）')}" if row.is_demonstration else row.title


def _adoption_link(row: Adoption) -> Any:
    mark = format_html(' <span class="dk-soft">{}</span>', _t("（演示）")) if row.is_demonstration else ""
    return format_html('<a href="{}">{}</a>{}', reverse("reforms:adoption", args=[row.pk]), row.measure.title, mark)


def _planned(row: Adoption) -> Any:
    late = state_badge("overdue", _t("逾期")) if row.is_overdue else ""
    return format_html("{} {}", day(row.planned_on), late) if row.planned_on else ""


def _has_file(row: Adoption) -> str:
    if row.adopted_on is None:
        return ""
    return _t("有") if getattr(row, "has_file", False) else _t("缺")


MEASURES = Columns(
    all=(
        Column("title", _("名称"), title_of, _measure_link, sort="title", width=40),
        Column("topic", _("改革主题"), lambda m: m.topic.label if m.topic else "", width=22),
        Column("clauses", _("条款"), lambda m: _t("、").join(one.code for one in m.clauses.all()), width=14),
        Column("origin", _("来源地区"), lambda m: m.origin.label, width=14),
        Column("issuer", _("发文单位"), lambda m: m.issuer_label, width=26, usual=False),
        Column("document", _("依据文件"), lambda m: m.document_title, width=36, usual=False),
        Column("number", _("文号"), lambda m: m.document_number, width=22),
        Column("document_date", _("成文日期"), lambda m: m.document_date, lambda m: day(m.document_date),
               kind="date", width=12, usual=False),
        Column("published_on", _("发布日期"), lambda m: m.published_on, lambda m: day(m.published_on),
               sort="published_on", kind="date", width=12),
        Column("state", _("状态"), lambda m: m.state_label, lambda m: state_badge(m.state, m.state_label), width=12),
        Column("adopted", _("推广地区数"), lambda m: m.adopted, kind="integer", width=10),
        Column("working", _("关注和本地化"), lambda m: m.working, kind="integer", width=12),
        Column("owner", _("牵头单位"), lambda m: m.owner.name if m.owner else "", width=26, usual=False),
        Column("reach", _("可见范围"), lambda m: str(m.get_reach_display()), width=10, usual=False),
        Column("url", _("文件网址"), lambda m: m.document_url, width=36, usual=False),
        Column("source", _("信息来源"), lambda m: m.source_name, width=26, usual=False),
    ),
    always="title",
    order=Order("published_on", descending=True, null=LONG_AGO),
)  # fmt: skip
ADOPTIONS = Columns(
    all=(
        Column("measure", _("改革经验"), lambda a: title_of(a.measure), _adoption_link, width=40),
        Column("region", _("推广地区"), lambda a: a.region.label, width=14),
        Column("origin", _("来源地区"), lambda a: a.measure.origin.label, width=14),
        Column("pairing", _("对口关系"), lambda a: a.pairing.label if a.pairing else "", width=22, usual=False),
        Column("topic", _("改革主题"), lambda a: a.measure.topic.label if a.measure.topic else "",
               width=22, usual=False),
        Column("state", _("状态"), lambda a: a.state_label, lambda a: state_badge(a.state, a.state_label), width=12),
        Column("unit", _("责任单位"), lambda a: a.unit.name if a.unit else "", width=26),
        Column("planned_on", _("计划完成日期"), lambda a: a.planned_on, _planned, kind="date", width=12),
        Column("adopted_on", _("推广日期"), lambda a: a.adopted_on, lambda a: day(a.adopted_on),
               sort="adopted_on", kind="date", width=12),
        Column("days", _("历时（天）"), lambda a: a.days, kind="integer", width=10),
        Column("document", _("本地文件"), lambda a: a.document_title, width=36),
        Column("number", _("本地文号"), lambda a: a.document_number, width=22),
        Column("document_date", _("本地文件日期"), lambda a: a.document_date, lambda a: day(a.document_date),
               kind="date", width=12, usual=False),
        Column("file", _("佐证材料"), _has_file, width=10),
        Column("ended_on", _("停止执行日期"), lambda a: a.ended_on, lambda a: day(a.ended_on),
               kind="date", width=12, usual=False),
        Column("reason", _("理由"), lambda a: a.reason, width=30, usual=False),
        Column("differences", _("与原做法的不同"), lambda a: a.differences, width=36, usual=False),
        Column("source", _("信息来源"), lambda a: a.source_name, width=26, usual=False),
    ),
    always="measure",
    order=Order("adopted_on", descending=True, null=LONG_AGO),
)  # fmt: skip
