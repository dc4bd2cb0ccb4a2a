"""Days as plans and tables write them: 2019年底, 2019年上半年, 第三季度, 2018—2020年; first and last day of each."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from typing import NamedTuple


class Period(NamedTuple):
    """From the first to the last day, both included."""

    first: dt.date
    last: dt.date


_WHOLE = re.compile(
    r"截?[至止到]?(\d{4})(?:[-/.]?|年度?)"
    r"(?:(?<!\d)(\d{1,2})(?:月份?)?(?:底|末)?|((?:第?[一二三四1-4]季度|Q[1-4]|[上下]半年|全年|年?[底末终]))末?)?"
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_SPAN = re.compile(r"(.*\d.*?)\s*(?:--?|[—–~～]+|至|到)\s*(\d.*)")
_TAIL = re.compile(r"(?:之前|以前|前|止|完成|前完成)+$")
_QUARTERS = {name: at for at, names in enumerate(("一1", "二2", "三3", "四4"), start=1) for name in names}


def period_of(text: str) -> Period | None:
    """The days of a year, a part of a year or a month as people write it, else None; a single day is none."""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year = int(found[1])
    if found[2]:
        first, last = int(found[2]), int(found[2])
    else:
        first, last = _months(found[3] or "")
    if not (1900 <= year <= 2100 and 1 <= first <= last <= 12):
        return None
    return Period(dt.date(year, first, 1), _month_end(year, last))


def period_end(text: str) -> dt.date | None:
    """The last day of a year, part of a year or month as people write it (2019, 2019年上半年, 2019年5月底)."""
    found = period_of(text)
    return found.last if found else None


def days_of(text: str, year: int | None = None) -> Period | None:
    """What a cell or a phrase of a plan says of time: a day, a period, or from one to another; None when it says none.

    “前” and “完成” at the end add nothing. Where the words name no year, `year` is meant (12月底前, 上半年).
    """
    plain = _TAIL.sub("", unicodedata.normalize("NFKC", text).replace(" ", "")).strip("。,;")
    if (one := _one(plain, year)) is not None:
        return one
    span = _SPAN.fullmatch(plain)
    if span is None:
        return None
    last = _one(span[2], year)
    first = _one(span[1], last.last.year if last else year)
    if first is None or last is None or last.last < first.first:
        return None
    return Period(first.first, last.last)


def _one(text: str, year: int | None) -> Period | None:
    named = text if re.match(r"截?[至止到]?\d{4}", text) or year is None else f"{year}年{text}"
    if (whole := period_of(named)) is not None:
        return whole
    found = _DAY.fullmatch(named)
    if found is None:
        return None
    try:
        day = dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return Period(day, day) if 1900 <= day.year <= 2100 else None


def _months(part: str) -> tuple[int, int]:
    if part.endswith("半年"):
        return (1, 6) if part.startswith("上") else (7, 12)
    if part.endswith("季度") or part.startswith("Q"):
        quarter = next(_QUARTERS[sign] for sign in part if sign in _QUARTERS)
        return 3 * quarter - 2, 3 * quarter
    return 1, 12


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
