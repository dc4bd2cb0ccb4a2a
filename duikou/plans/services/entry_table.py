"""The table of promises as a workbook carries it: which columns there are, and what stands in them.

What is written here is read back as the same promise; the words are Chinese in every language of the interface.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Column
from duikou.kernel.errors import Invalid
from duikou.kernel.money import parse_amount
from duikou.kernel.money_headers import is_foreign, unit_under
from duikou.kernel.sheets import Cell, number_of, text_of
from duikou.kernel.text import clean
from duikou.plans.models import PlanVersion
from duikou.plans.rules.content import EntryContent, PlanContent, plain_figure
from duikou.plans.rules.units import Named, SideNames, bare, side_name, written
from duikou.plans.services.entry_money import money_written
from duikou.plans.states import MoneySource

UID = "uid"
MONEY = {
    "money_central": (MoneySource.CENTRAL, ""),
    "money_local": (MoneySource.LOCAL, ""),
    "money_first": (MoneySource.LOCAL, "first"),
    "money_second": (MoneySource.LOCAL, "second"),
    "money_own": (MoneySource.OWN, ""),
    "money_loan": (MoneySource.LOAN, ""),
    "money_other": (MoneySource.OTHER, ""),
}
"""Columns that hold the money of one source: the source and the side that gives it."""


class Written(NamedTuple):
    """A column of the workbook: key, Chinese title, width."""

    key: str
    title: str
    width: float


def names_of(version: PlanVersion) -> SideNames:
    """How the plan's two sides are called in Chinese, whatever the language of the interface."""
    pairing = version.plan.pairing
    return SideNames(pairing.first_region.name, pairing.second_region.name if pairing.second_region else "")


def written_columns(names: SideNames) -> tuple[Written, ...]:
    """The columns of the workbook that is written."""
    return (
        Written("number", "序号", 8),
        Written("title", "事项", 28),
        Written("measure", "具体举措", 40),
        Written("section", "所属章节", 18),
        Written("clauses", "对应条款", 14),
        Written("target", "目标", 28),
        Written("indicator", "指标", 16),
        Written("target_value", "目标值", 12),
        Written("target_unit", "目标单位", 10),
        Written("first_units", f"{side_name(names.first)}责任单位", 26),
        Written("second_units", f"{side_name(names.second)}责任单位", 26),
        Written("starts_on", "开始日期", 12),
        Written("due_on", "完成期限", 12),
        Written("money", "资金", 26),
        Written(UID, "事项标识", 38),
    )


def written_cells(entry: EntryContent, content: PlanContent, names: SideNames) -> dict[str, Cell | Decimal | None]:
    """What stands in each column for a promise; what it does not say is left out."""
    headings = {section.uid: section.heading for section in content.sections}
    found: dict[str, Cell | Decimal | None] = {
        "number": entry.number,
        "title": entry.title,
        "measure": entry.measure,
        "section": headings.get(entry.section or ""),
        "clauses": "；".join(clause.code for clause in entry.clauses),
        "target": entry.target,
        "indicator": entry.indicator_label,
        "target_value": _exact(entry.target_value),
        "target_unit": entry.target_unit,
        "first_units": "\n".join(written(Named(unit.name, unit.is_lead)) for unit in entry.first_units),
        "second_units": "\n".join(written(Named(unit.name, unit.is_lead)) for unit in entry.second_units),
        "starts_on": entry.starts_on,
        "due_on": entry.due_on,
        "money": "\n".join(money_written(row, names) for row in entry.money),
        UID: entry.uid,
    }
    return {key: value for key, value in found.items() if value not in (None, "")}


def _exact(value: Decimal | None) -> Decimal | str | None:
    """A number where a spreadsheet keeps every digit of it, else its digits as text."""
    if value is None or Decimal(repr(float(value))) == value:
        return value
    return plain_figure(value)


def read_columns(names: SideNames) -> tuple[Column, ...]:
    """The columns that are understood, the sides named as the plan names them."""
    first, second = side_name(names.first), side_name(names.second)
    return (
        Column(
            "title",
            _("事项"),
            _text(200),
            (
                "事项",
                "事项名称",
                "工作事项",
                "重点事项",
                "重点工作",
                "重点任务",
                "任务",
                "工作任务",
                "合作事项",
                "名称",
            ),
            required=True,
            example=_("共建某某产业园"),
        ),
        Column(
            "measure",
            _("具体举措"),
            _text(10_000),
            ("具体举措", "主要内容", "工作内容", "工作举措", "措施", "具体措施", "举措", "内容", "重点内容"),
        ),
        Column("section", _("所属章节"), _text(200), ("所属章节", "章节", "所属领域", "领域", "类别", "板块")),
        Column(
            "clauses",
            _("对应条款"),
            _text(200),
            ("对应条款", "条款", "任务条款", "政策条款"),
            help=_("条款编号（3.2.2）、原文序号（三（二）2）或名称，几个之间用分号隔开。"),
            example="3.2.2；3.4.2",
        ),
        Column("target", _("目标"), _text(500), ("目标", "工作目标", "预期目标", "年度目标", "预期成果", "成果形式")),
        Column("indicator", _("指标"), _text(120), ("指标", "指标名称", "考核指标")),
        Column("target_value", _("目标值"), _figure, ("目标值", "指标值", "数值"), example="5"),
        Column("target_unit", _("目标单位"), _text(20), ("目标单位", "指标单位", "计量单位", "单位")),
        *_unit_columns("first", first, names.first, "甲"),
        *_unit_columns("second", second, names.second, "乙"),
        Column(
            "units",
            _("双方责任单位"),
            _text(4000),
            ("双方责任单位", "责任单位", "责任单位（双方）", "责任部门"),
            help=_("一格里写两方：“%(first)s：甲单位（牵头）、乙单位；%(second)s：丙单位”。")
            % {"first": first, "second": second},
        ),
        Column("starts_on", _("开始日期"), _text(40), ("开始日期", "开始时间", "启动时间", "起始时间")),
        Column(
            "due_on",
            _("完成期限"),
            _text(40),
            ("完成期限", "完成时限", "完成时间", "截止时间", "时间节点", "时限", "时间安排", "进度安排"),
            help=_("可写 2019-12-31、2019年底、2019年上半年；不写年份时按计划的年度。"),
            example="2019-12-31",
        ),
        Column(
            "money",
            _("资金"),
            _text(1000),
            ("资金", "资金来源", "资金安排", "投资"),
            help=_("每行一项，先写来源：“中央资金3000万元；%(first)s自有资金约1.2亿元”。") % {"first": first},
        ),
        *_money_columns(first, second),
        Column(UID, _("事项标识"), _text(60), ("事项标识",), help=_("导出的表格带有这一列，用来认出原来的事项。")),
    )


def _unit_columns(side: str, name: str, label: str, order: str) -> tuple[Column, Column]:
    short = bare(label)
    aliases = [
        f"{one}{kind}" for one in (name, label, short, f"{order}侧", f"{order}方") for kind in ("责任单位", "单位")
    ]
    leads = [f"{one}牵头单位" for one in (name, label, short, f"{order}侧", f"{order}方")]
    return (
        Column(
            f"{side}_units",
            _("%(side)s责任单位") % {"side": name},
            _text(2000),
            (*aliases, name, label, short),
            help=_("几个单位之间用顿号或换行隔开，牵头的写“（牵头）”。"),
            example=_("市发展改革委（牵头）、市商务局"),
        ),
        Column(f"{side}_lead", _("%(side)s牵头单位") % {"side": name}, _text(200), tuple(leads)),
    )


def _money_columns(first: str, second: str) -> tuple[Column, ...]:
    named = (
        ("money_central", _("中央资金(万元)"), ("中央资金", "中央预算内投资", "中央财政资金", "中央投资")),
        ("money_local", _("地方财政资金(万元)"), ("地方财政资金", "地方资金", "财政资金", "地方投资")),
        (
            "money_first",
            _("%(side)s财政资金(万元)") % {"side": first},
            (f"{first}财政资金", f"{first}资金", f"{first}投资", f"{first}地方财政资金"),
        ),
        (
            "money_second",
            _("%(side)s财政资金(万元)") % {"side": second},
            (f"{second}财政资金", f"{second}资金", f"{second}投资", f"{second}地方财政资金"),
        ),
        ("money_own", _("自有资金(万元)"), ("自有资金", "自筹资金", "企业自筹", "企业投资")),
        ("money_loan", _("银行贷款(万元)"), ("银行贷款", "贷款")),
        ("money_other", _("其他资金(万元)"), ("其他资金", "社会资本")),
    )
    return tuple(
        Column(key, label, _amount("万元"), aliases, with_header=_amount_under) for key, label, aliases in named
    )


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字，现有%(count)s个字。") % {"limit": limit, "count": len(text)})
        return text

    return parse


def _figure(cell: Cell) -> str:
    """A number as its digits, with what stands behind it (85%, 100家)."""
    if isinstance(cell, dt.date | bool):
        raise ValueError(_("目标值应为数字。"))
    if isinstance(cell, int | float):
        return plain_figure(number_of(cell)) or ""
    return clean(text_of(cell))[:60]


def _amount(unit: str) -> Callable[[Cell], tuple[int, str] | None]:
    def parse(cell: Cell) -> tuple[int, str] | None:
        if isinstance(cell, bool | dt.date):
            raise ValueError(_("金额应为数字。"))
        found = parse_amount(cell if isinstance(cell, int | float) else text_of(cell), unit)  # type: ignore[arg-type]
        if found is not None and found.amount < 0:
            raise ValueError(_("金额不能为负数。"))
        return None if found is None else (found.amount.cents, found.bound.value)

    return parse


def _amount_under(header: str) -> Callable[[Cell], tuple[int, str] | None]:
    """The parser of amounts under a header; it refuses every cell where the header speaks of another currency."""
    if not is_foreign(header):
        return _amount(unit_under(header))

    def refuse(_cell: Cell) -> None:
        raise Invalid(_("列名“%(header)s”不是人民币金额，请换算成人民币后再导入。") % {"header": header[:40]})

    return refuse


def values_written(
    entry: EntryContent, content: PlanContent, names: SideNames, columns: Sequence[Column]
) -> dict[str, object]:
    """What would be read of the promise, had it been written into a workbook just now."""
    cells = written_cells(entry, content, names)
    found: dict[str, object] = {}
    for column in columns:
        cell = cells.get(column.key)
        if cell is None or column.key in MONEY:
            continue
        found[column.key] = column.parse(float(cell) if isinstance(cell, Decimal) else cell)
    return found
