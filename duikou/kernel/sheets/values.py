"""What a table is made of: rows, cells, limits, and how a cell is read as text, number or date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta
RowKind = Literal["data", "blank", "total", "heading"]
FaultCode = Literal["formula_without_value", "error_value"]

MARK = "\ue000"
"""Private-use character that stands before an index into the shared strings while a sheet is being read."""


class Fault(NamedTuple):
    """A cell whose value cannot be trusted: column (0-based), code, what stands there."""

    column: int
    code: FaultCode
    shown: str


class Row(NamedTuple):
    """One row of a sheet as a person counts it (`number` from 1); `faults` names its unreadable cells."""

    sheet: str
    number: int
    cells: list[Cell]
    hidden: bool = False
    faults: tuple[Fault, ...] = ()


class Part(NamedTuple):
    """One worksheet of a workbook, as its index tells: its name, where it lies in the archive, whether it is hidden."""

    name: str
    path: str
    hidden: bool


class Merge(NamedTuple):
    """A merged range: 1-based rows and 0-based columns, all inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; every one is checked before memory is spent on it."""

    bytes: int = 100 * 1024 * 1024
    inflated: int = 1024 * 1024 * 1024
    rows: int = 300_000
    columns: int = 400
    parts: int = 5_000
    merges: int = 200_000
    cells: int = 6_000_000
    """Of a sheet that is read whole (.ods, .xlsb), counted as the rectangle around its filled cells."""
    whole: int = 256 * 1024 * 1024
    """Of a file that is read whole, inflated."""


_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ue000]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?|[+-]?\.\d+")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[日号月]?(?:[ T].*)?")
_COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")


def text_of(cell: Cell) -> str:
    """A cell as the text a person reads: no control characters, ends trimmed, 5.0 as 5, dates as ISO."""
    if cell.__class__ is str:
        text: str = cell
        if text.isprintable():  # then nothing in it is invisible
            return text.strip()
        return _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time.min else cell.isoformat(" ", "seconds")
    return str(cell)


def number_of(cell: Cell) -> Decimal | None:
    """A cell as an exact number ("１，２３４.５" and "12%" included); None when empty; raises `ValueError`."""
    if isinstance(cell, bool):
        raise ValueError("a truth value is not a number")
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
        if not number.is_finite():
            raise ValueError("not a finite number")
        return number
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    if not text:
        return None
    percent = text.endswith("%")
    if not _NUMBER.fullmatch(text.removesuffix("%")):
        raise ValueError("not a number")
    try:
        number = Decimal(text.removesuffix("%").replace(",", ""))
    except InvalidOperation:
        raise ValueError("not a number") from None
    return number.scaleb(-2) if percent else number


def date_of(cell: Cell) -> dt.date | None:
    """A cell as a date (date cells, 2019-05-09, 2019年5月9日, 20190509); None when empty; raises `ValueError`."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    found = _COMPACT_DATE.fullmatch(text) or _DATE.fullmatch(text)
    if not found:
        raise ValueError("not a date")
    return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))


def year_of(cell: Cell) -> int | None:
    """A cell as a year ("2019", 2019.0, "2019年", a date); None when empty; raises `ValueError` beyond 1900–2100."""
    if isinstance(cell, (dt.date, dt.datetime)):
        return cell.year
    text = unicodedata.normalize("NFKC", text_of(cell)).removesuffix("年度").removesuffix("年").strip()
    if not text:
        return None
    year = int(text) if text.isdecimal() else int((date_of(text) or dt.date.min).year)
    if not 1900 <= year <= 2100:
        raise ValueError("not a year")
    return year


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA: as spreadsheet programs name columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
