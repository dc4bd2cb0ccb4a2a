"""What people write into forms and tables of parks, read: exact amounts, industries, states, origins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Column
from duikou.kernel.area import parse_area
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, Money, parse_amount
from duikou.kernel.money_headers import is_foreign, unit_under
from duikou.kernel.sheets import Cell, date_of, number_of, text_of
from duikou.kernel.text import clean
from duikou.parks.rules.spans import span_of_text
from duikou.parks.states import MEASURES, Measure, Origin, ResidentState
from duikou.programme.models import Industry

MONEY_ALIASES = {
    Measure.INVESTMENT: ("固定资产投资", "固定资产投资额", "投资额", "完成投资", "投资"),
    Measure.OUTPUT: ("产值", "总产值", "工业总产值"),
    Measure.SALES: ("销售收入", "营业收入", "主营业务收入"),
    Measure.PROFIT: ("利润总额", "利润"),
    Measure.TAX: ("税收", "税收总额", "纳税总额", "上缴税收", "税金"),
    Measure.VAT: ("增值税地方分享部分", "增值税（地方）", "增值税"),
    Measure.CIT: ("企业所得税地方分享部分", "企业所得税（地方）", "企业所得税"),
    Measure.PIT: ("个人所得税地方分享部分", "个人所得税（地方）", "个人所得税"),
}
STATES = {
    "在谈": ResidentState.TALKING,
    "洽谈": ResidentState.TALKING,
    "签约": ResidentState.SIGNED,
    "已签约": ResidentState.SIGNED,
    "在建": ResidentState.BUILDING,
    "建设中": ResidentState.BUILDING,
    "投产": ResidentState.PRODUCING,
    "已投产": ResidentState.PRODUCING,
    "运营": ResidentState.PRODUCING,
    "迁出": ResidentState.LEFT,
    "已迁出": ResidentState.LEFT,
}


def exact_amount(text: Any, unit: str = "万元") -> Money | None:
    """An amount that is exact (official figures know no 约), None for nothing; raises `Invalid`."""
    if text in (None, ""):
        return None
    found = parse_amount(text, unit)
    if found is not None and found.bound is not Bound.EXACT:
        raise Invalid(_("请填写准确数，不写“约”“超过”等。"))
    return found.amount if found else None


def industry_named(text: str) -> Industry:
    """The industry of GB/T 4754 that a code (with or without its section's letter) or a name means; raises
    `Invalid`."""
    parts = text.split(maxsplit=1)
    plain = parts[0] if parts else ""
    bare = plain[1:] if len(plain) > 1 and plain[0].isascii() and plain[0].isalpha() else plain
    found = Industry.objects.filter(code__in=[plain.upper(), bare]).order_by("-level").first()
    found = found or Industry.objects.filter(name=text.strip()).order_by("level").first()
    if found is None:
        raise Invalid(_("没有找到行业“%(text)s”，请填写GB/T 4754-2017的代码或名称。") % {"text": text[:40]})
    return found


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字。") % {"limit": limit})
        return text

    return parse


def _money(header: str) -> Callable[[Cell], int | None]:
    """The parser of amounts under a header, in 分; it refuses every cell where the header says another currency."""
    unit, foreign = unit_under(header), is_foreign(header)

    def parse(cell: Cell) -> int | None:
        if foreign:
            raise ValueError(_("列名“%(header)s”不是人民币金额，请换算成人民币后再导入。") % {"header": header[:40]})
        if isinstance(cell, bool):
            raise ValueError(_("金额应为数字。"))
        found = exact_amount(cell if isinstance(cell, int | float) else text_of(cell), unit)
        return None if found is None else found.cents

    return parse


def _area(cell: Cell) -> int | None:
    found = parse_area(cell if isinstance(cell, int | float) else text_of(cell))  # type: ignore[arg-type]
    return None if found is None else found.hundredths


def _day(cell: Cell) -> str | None:
    day = date_of(cell)
    return day.isoformat() if day else None


def _jobs(cell: Cell) -> int | None:
    number = number_of(cell)
    if number is None:
        return None
    if number != number.to_integral_value() or not 0 <= number <= 1_000_000:
        raise ValueError(_("人数应为不小于0的整数。"))
    return int(number)


def _state(cell: Cell) -> str:
    found = STATES.get(clean(text_of(cell)))
    if found is None:
        raise ValueError(_("状态应为：在谈、已签约、在建、已投产、已迁出。"))
    return found.value


def _span(cell: Cell) -> str:
    number = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    text = str(int(number)) if number is not None and number == int(number) else clean(text_of(cell))
    found = span_of_text(text) if len(text) <= 30 else None
    if found is None:
        raise ValueError(_("请写一个年份、季度或月份，如2025年第三季度。"))
    return found.code


def resident_columns(sides: tuple[str, str]) -> tuple[Column, ...]:
    """The columns of a table of companies; origins may be written with the sides' names."""
    places = {"甲侧": Origin.FIRST, "乙侧": Origin.SECOND, "其他地区": Origin.ELSEWHERE, "其他": Origin.ELSEWHERE}
    places |= {name: side for name, side in zip(sides, (Origin.FIRST, Origin.SECOND), strict=True) if name}
    places |= {name.removesuffix("市").removesuffix("省"): side for name, side in places.items()}

    def origin(cell: Cell) -> str:
        found = places.get(clean(text_of(cell)))
        if found is None:
            raise ValueError(
                _("应为其中之一：%(names)s。") % {"names": _("、").join(name for name in sides if name) + "、其他地区"}
            )
        return found.value

    return (
        Column("name", _("企业名称"), _text(120), ("企业名称", "企业", "公司名称", "单位名称", "名称"), required=True),
        Column("uscc", _("统一社会信用代码"), _text(40), ("统一社会信用代码", "信用代码", "社会信用代码")),
        Column("state", _("状态"), _state, ("状态", "进展", "企业状态")),
        Column("origin", _("来自"), origin, ("来自", "来源地", "来源", "迁出地")),
        Column("industry", _("行业"), _text(60), ("行业", "行业代码", "所属行业")),
        Column("land", _("用地面积（亩）"), _area, ("用地面积（亩）", "用地面积", "用地", "占地面积（亩）")),
        Column("moved_in_on", _("入园日期"), _day, ("入园日期", "入驻日期", "入园时间", "入驻时间")),
        Column("produced_on", _("投产日期"), _day, ("投产日期", "投产时间")),
        Column("moved_out_on", _("迁出日期"), _day, ("迁出日期", "迁出时间")),
        Column("out_reason", _("迁出原因"), _text(500), ("迁出原因",)),
    )


def figure_columns() -> tuple[Column, ...]:
    """The columns of a table of official figures; the unit of money stands in the header, else 万元."""
    labels = {
        Measure.INVESTMENT: _("固定资产投资(万元)"),
        Measure.OUTPUT: _("产值(万元)"),
        Measure.SALES: _("销售收入(万元)"),
        Measure.PROFIT: _("利润总额(万元)"),
        Measure.TAX: _("税收(万元)"),
        Measure.VAT: _("增值税地方分享部分(万元)"),
        Measure.CIT: _("企业所得税地方分享部分(万元)"),
        Measure.PIT: _("个人所得税地方分享部分(万元)"),
    }
    money = (
        Column(name, labels[Measure(name)], _money(""), MONEY_ALIASES[Measure(name)], with_header=_money)
        for name in MEASURES
    )
    return (
        Column("name", _("企业名称"), _text(120), ("企业名称", "企业", "公司名称", "单位名称", "名称"), required=True),
        Column("uscc", _("统一社会信用代码"), _text(40), ("统一社会信用代码", "信用代码", "社会信用代码")),
        Column(
            "span",
            _("期间"),
            _span,
            ("期间", "期别", "统计期", "时间", "年份", "季度", "月份"),
            required=True,
            example="2025年第三季度",
        ),
        *money,
        Column("jobs", _("期末就业人数"), _jobs, ("期末就业人数", "就业人数", "从业人数", "职工人数")),
        Column("note", _("填报说明"), _text(500), ("填报说明", "说明", "备注")),
        Column("reason", _("更正理由"), _text(500), ("更正理由",)),
    )
