"""The columns of the lists of parks, companies and official figures, on the page and in the export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.templatetags.look import money, state_badge
from duikou.parks.models import OfficialFigure, Park, Resident
from duikou.parks.selectors.page import sides_of
from duikou.parks.selectors.totals import Cell, YearTotals
from duikou.parks.states import MEASURES, TAX_KINDS, Measure


def _park_link(park: Park) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("parks:park", args=[park.pk]), park.project.name)


def _resident_link(row: Resident) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("parks:resident", args=[row.pk]), row.name)


def origin_words(row: Resident) -> str:
    """Where a company came from, by the side's name."""
    project = row.park.project
    if row.origin == "first":
        return project.first_region.label
    if row.origin == "second" and project.second_region is not None:
        return project.second_region.label
    return str(row.get_origin_display())


PARKS = Columns(
    all=(
        Column("name", _("园区"), lambda p: p.project.name, _park_link, width=40),
        Column("pairing", _("对口关系"), lambda p: p.project.pairing.label, width=22),
        Column("mode", _("合作模式"), lambda p: str(p.get_mode_display()), width=12),
        Column("side", _("所在地"), lambda p: sides_of(p)[p.side == "second"], width=14),
        Column("area", _("面积（亩）"), lambda p: p.area, kind="number", width=14),
        Column("settled", _("入园企业数"), lambda p: p.settled_count, kind="integer", width=12),
        Column("company", _("开发运营公司"), lambda p: p.company, width=30, usual=False),
        Column("manager", _("填报单位"), lambda p: p.manager.label if p.manager else "", width=24, usual=False),
        Column("from", _("合作期自"), lambda p: p.valid_from, kind="date", width=12, usual=False),
        Column("to", _("合作期至"), lambda p: p.valid_to, kind="date", width=12, usual=False),
    ),
    always="name",
)
RESIDENTS = Columns(
    all=(
        Column("name", _("企业名称"), lambda r: r.name, _resident_link, sort="near_key", width=34),
        Column("uscc", _("统一社会信用代码"), lambda r: r.uscc, width=22),
        Column("state", _("状态"), lambda r: r.state_label, lambda r: state_badge(r.state, r.state_label), width=10),
        Column("origin", _("来自"), origin_words, width=12),
        Column("industry", _("行业"), lambda r: str(r.industry) if r.industry else "", width=26),
        Column("land", _("用地面积（亩）"), lambda r: r.land, kind="number", width=14),
        Column("in", _("入园日期"), lambda r: r.moved_in_on, kind="date", width=12),
        Column("produced", _("投产日期"), lambda r: r.produced_on, kind="date", width=12, usual=False),
        Column("out", _("迁出日期"), lambda r: r.moved_out_on, kind="date", width=12),
        Column("reason", _("迁出原因"), lambda r: r.out_reason, width=30, usual=False),
    ),
    always="name",
    order=Order("near_key"),
)


def _official(name: str) -> tuple[Callable[[OfficialFigure], Any], Callable[[OfficialFigure], Any]]:
    def plain(row: OfficialFigure) -> Any:
        amount = getattr(row, name)
        return None if amount is None else amount.money.wan

    def html(row: OfficialFigure) -> Any:
        amount = getattr(row, name)
        return money(None if amount is None else amount.money, unit="万元", bare=True)

    return plain, html


WAN_LABELS = {
    Measure.INVESTMENT: _("固定资产投资(万元)"),
    Measure.OUTPUT: _("产值(万元)"),
    Measure.SALES: _("销售收入(万元)"),
    Measure.PROFIT: _("利润总额(万元)"),
    Measure.TAX: _("税收(万元)"),
    Measure.VAT: _("增值税地方分享部分(万元)"),
    Measure.CIT: _("企业所得税地方分享部分(万元)"),
    Measure.PIT: _("个人所得税地方分享部分(万元)"),
}
"""The measures as headers of tables that are written and read back."""


def _figure_link(row: OfficialFigure) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("parks:resident", args=[row.resident_id]), row.resident.name)


FIGURES = Columns(
    all=(
        Column("name", _("企业名称"), lambda f: f.resident.name, _figure_link, width=34),
        Column("uscc", _("统一社会信用代码"), lambda f: f.resident.uscc, width=22, usual=False),
        Column("span", _("期间"), lambda f: f.span.text, width=18),
        *(
            Column(name, WAN_LABELS[Measure(name)], *_official(name), kind="money_wan", usual=name not in TAX_KINDS)
            for name in MEASURES
        ),
        Column("jobs", _("期末就业人数"), lambda f: f.jobs, kind="integer", width=12),
        Column("state", _("审核状态"), lambda f: f.state_label, lambda f: state_badge(f.state, f.state_label)),
        Column("note", _("填报说明"), lambda f: f.note, width=30, usual=False),
        Column("reason", _("更正理由"), lambda f: f.reason, width=30, usual=False),
    ),
    always="name",
    order=Order("id", descending=True),
)
BLANK = tuple(
    Column(column.name, column.label, column.plain, kind=column.kind, width=column.width)
    for column in FIGURES.all
    if column.name != "state"
)
"""The form of a span that is filled in and imported: what is known stands in it."""

OFFICIAL, AGREED = _("在地统计数（官方）"), _("协议分成数（双方考核用）")
"""The names of the two columns, the same on every page and in every export."""


def totals_rows(totals: list[YearTotals]) -> list[tuple[int, Cell]]:
    """A row a year and measure there is something to say of."""
    return [(one.year, cell) for one in totals for cell in one.shown]


def totals_columns(first: str, second: str) -> tuple[Column, ...]:
    """The two columns side by side, each under its label; what must not be shown says so."""

    def official(row: tuple[int, Cell]) -> Any:
        cell = row[1]
        return cell.official.money.wan if cell.official is not None else None

    def share(name: str) -> Callable[[tuple[int, Cell]], Any]:
        def plain(row: tuple[int, Cell]) -> Any:
            agreed = row[1].agreed
            return getattr(agreed, name).money.wan if agreed is not None else None

        return plain

    def remark(row: tuple[int, Cell]) -> str:
        cell = row[1]
        if not cell.hidden and not cell.agreed_hidden:
            return ""
        return _t("企业过少，为保护单个企业的数据不显示。")

    def headed(column: Any, name: Any) -> Any:
        return format_lazy("{}：{}", column, name)

    return (
        Column("year", _("年份"), lambda row: row[0], kind="integer", width=8),
        Column("measure", _("指标"), lambda row: row[1].label, width=20),
        Column("official", headed(OFFICIAL, _("金额(万元)")), official, kind="money_wan", width=28),
        Column("n", headed(OFFICIAL, _("企业数")), lambda row: row[1].companies or None, kind="integer", width=22),
        Column("base", headed(AGREED, _("分成基数(万元)")), share("whole"), kind="money_wan", width=34),
        Column("first", headed(AGREED, format_lazy("{}(万元)", first)), share("first"), kind="money_wan", width=34),
        Column("second", headed(AGREED, format_lazy("{}(万元)", second)), share("second"), kind="money_wan", width=34),
        Column("remark", _("备注"), remark, width=34),
    )
