"""The monthly form as a kind of import: which columns there are, and how each cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.services.kinds import Column, ImportKind, Options, register
from duikou.kernel.money import Bound, parse_amount
from duikou.kernel.sheets import Cell, date_of, text_of
from duikou.kernel.text import clean
from duikou.progress import policies
from duikou.progress.models import FUNDS
from duikou.progress.rules.months import month_of, parse_month
from duikou.progress.services.report_import import ReportJudge, ReportWriter, data_stamp
from duikou.progress.services.workbook import HEADERS

CODE = "reports"
_NUMBER = re.compile(r"(?:XM)?0*([1-9]\d{0,14})", re.IGNORECASE | re.ASCII)
_STARTED = {"是": True, "已开工": True, "yes": True, "否": False, "未开工": False, "no": False}


def register_kind() -> None:
    """Offer monthly forms to the import engine."""
    register(
        ImportKind(
            code=CODE,
            label=gettext_lazy("进展月报表"),
            permission=policies.WRITE.code,
            columns=columns,
            checker=ReportJudge,
            committer=ReportWriter,
            stamp=data_stamp,
            result_url=lambda _run: reverse("progress:list"),
            order=3,
        )
    )


def columns(_options: Options) -> Sequence[Column]:
    """The columns of the monthly form; a project is named by its number."""
    return (
        Column("number", str(HEADERS["number"]), _number, ("编号", "项目号"), required=True, example="XM000123"),
        Column("month", str(HEADERS["month"]), _month, ("报告月份", "所属月份"), required=True, example="2026-11"),
        Column("has_started", str(HEADERS["has_started"]), _started, ("开工情况",), example="是"),
        Column("started_on", str(HEADERS["started_on"]), _date, ("实际开工日期",)),
        *(
            Column(name, str(HEADERS[name]), _amount, example="1200")
            for name in ("invested_month", "invested_year", "invested_total", "paid_month", "paid_total")
        ),
        *(Column(name, str(HEADERS[name]), _amount) for name in FUNDS),
        Column("percent", str(HEADERS["percent"]), _percent, ("形象进度百分比",)),
        Column("physical", str(HEADERS["physical"]), _text(1000), ("进展情况", "工程形象进度")),
        Column("problems", str(HEADERS["problems"]), _text(1000), ("问题", "存在的问题")),
        Column("planned_finish", str(HEADERS["planned_finish"]), _date, ("计划完工日期",)),
        Column("remark", str(HEADERS["remark"]), _text(500), ("说明",)),
        Column("fall_reason", str(HEADERS["fall_reason"]), _text(500), ("下调理由",)),
    )


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字，现有%(count)s个字。") % {"limit": limit, "count": len(text)})
        return text

    return parse


def _number(cell: Cell) -> int:
    found = _NUMBER.fullmatch(text_of(cell).strip().removesuffix(".0"))
    if found is None:
        raise ValueError(_("项目编号应写作 XM000123。"))
    return int(found[1])


def _month(cell: Cell) -> int:
    month = parse_month(text_of(cell).strip().removesuffix(".0"))
    if month is None:
        try:
            day = date_of(cell)
        except ValueError:
            day = None
        month = month_of(day) if day else None
    if month is None:
        raise ValueError(_("月份应写作 2026-11。"))
    return month


def _started(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = _STARTED.get(clean(text_of(cell)).lower())
    if found is None:
        raise ValueError(_("只能填写：%(words)s。") % {"words": _("是或否")})
    return found


def _date(cell: Cell) -> str | None:
    try:
        day = date_of(cell)
    except ValueError:
        raise ValueError(_("日期应写作 2026-06-30。")) from None
    return day.isoformat() if day else None


def _amount(cell: Cell) -> int | None:
    """分; 万元 where no unit is written. A monthly report states exact figures."""
    found = parse_amount(cell if isinstance(cell, (int, float)) else text_of(cell), "万元")  # type: ignore[arg-type]
    if found is not None and found.bound is not Bound.EXACT:
        raise ValueError(_("月报须填写准确数，不能写约数。"))
    return found.amount.cents if found else None


def _percent(cell: Cell) -> str:
    text = text_of(cell).strip().removesuffix("%").removesuffix(".0")
    if not re.fullmatch(r"\d{1,3}(?:\.\d)?", text, re.ASCII) or float(text) > 100:
        raise ValueError(_("形象进度是0到100之间的数，最多一位小数。"))
    return text
