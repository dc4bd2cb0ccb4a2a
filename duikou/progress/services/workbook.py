"""The monthly form as a workbook: one's own projects filled in, the layout locked, the project's number hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.sheets.write import safe_text
from duikou.progress.models import FUNDS, ProgressReport, month_label

HEADERS: dict[str, Any] = {
    "number": _l("项目编号"),
    "month": _l("月份"),
    "has_started": _l("是否开工"),
    "started_on": _l("开工日期"),
    "invested_month": _l("本月完成投资(万元)"),
    "invested_year": _l("本年累计完成投资(万元)"),
    "invested_total": _l("累计完成投资(万元)"),
    "paid_month": _l("本月支付(万元)"),
    "paid_total": _l("累计支付(万元)"),
    "funds_central": _l("累计到位中央资金(万元)"),
    "funds_local": _l("累计到位地方资金(万元)"),
    "funds_own": _l("累计到位企业自有(万元)"),
    "funds_loan": _l("累计到位银行贷款(万元)"),
    "funds_other": _l("累计到位其他资金(万元)"),
    "percent": _l("形象进度(%)"),
    "physical": _l("形象进度说明"),
    "problems": _l("存在问题"),
    "planned_finish": _l("预计完工日期"),
    "remark": _l("备注"),
    "fall_reason": _l("累计数下调的理由"),
}
_LOCKED = ("number", "month")
_MONEY = tuple(name for name in HEADERS if name.startswith(("invested", "paid", "funds")))
_DAYS = ("started_on", "planned_finish")
_TEXTS = ("physical", "problems", "remark", "fall_reason")


def form_write(target: IO[bytes], month: int, rows: Iterable[tuple[str, str, ProgressReport | None]]) -> int:
    """Write the form of a month: `rows` are number, name and the report before; returns how many.

    Only the cells to fill in are open; what was said last month stands beside them, greyed.
    """
    import xlsxwriter  # noqa: PLC0415 - only who writes workbooks waits for it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(_("进展月报"))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    grey = book.add_format({"bg_color": "#F2F2F2", "font_color": "#666666"})
    formats = {
        name: book.add_format({"locked": False, "num_format": _format_of(name)})
        for name in HEADERS
        if name not in _LOCKED
    }
    said = [_("参考：项目名称"), _("参考：上次月份"), _("参考：上次累计投资"), _("参考：上次累计支付")]
    titles = [str(HEADERS["number"]), *said, *(str(title) for name, title in HEADERS.items() if name != "number")]
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, head)
    sheet.set_row(0, 48)
    sheet.set_column(0, 0, 12, None, {"hidden": True})
    sheet.set_column(1, 1, 36)
    sheet.set_column(2, len(titles) - 1, 14)
    sheet.freeze_panes(1, 2)
    count = 0
    for number, name, last in rows:
        count += 1
        _row(sheet, count, grey, formats, (number, name, month), last)
    if count:
        first = len(said) + 1
        at = first + [key for key in HEADERS if key != "number"].index("has_started")
        sheet.data_validation(1, at, count, at, {"validate": "list", "source": [_("是"), _("否")]})
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    book.close()
    return count


def _format_of(name: str) -> str:
    if name in _MONEY:
        return "#,##0.00####"
    return "yyyy-mm-dd" if name in _DAYS else "@" if name in _TEXTS else "General"


def _row(
    sheet: Any, at: int, grey: Any, formats: dict[str, Any], known: tuple[str, str, int], last: ProgressReport | None
) -> None:
    number, name, month = known
    for place, text in enumerate((number, name, month_label(last.month) if last else "")):
        sheet.write_string(at, place, safe_text(text), grey)
    for place, amount in enumerate((last.invested_total, last.paid_total) if last else (None, None), 3):
        if amount is not None:
            sheet.write_number(at, place, float(amount.wan), grey)
        else:
            sheet.write_blank(at, place, None, grey)
    carried = _carried(last)
    for place, key in enumerate((key for key in HEADERS if key != "number"), 5):
        if key == "month":
            sheet.write_string(at, place, f"{month // 100}-{month % 100:02d}", grey)
        elif (value := carried.get(key)) is None:
            sheet.write_blank(at, place, None, formats[key])
        elif isinstance(value, float):
            sheet.write_number(at, place, value, formats[key])
        elif isinstance(value, str):
            sheet.write_string(at, place, value, formats[key])
        else:
            sheet.write_datetime(at, place, value, formats[key])


def _carried(last: ProgressReport | None) -> dict[str, Any]:
    """What a new month goes on from: whether it has started, when it finishes, the money in place."""
    if last is None:
        return {}
    started = {True: _("是"), False: _("否")}.get(last.has_started) if last.has_started is not None else None
    funds = {name: float(amount.wan) for name in FUNDS if (amount := getattr(last, name)) is not None}
    return {"has_started": started, "started_on": last.started_on, "planned_finish": last.planned_finish, **funds}
