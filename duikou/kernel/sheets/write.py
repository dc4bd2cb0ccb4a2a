"""Tables into files: every export of the product goes through here, streaming, with typed cells and no formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Literal

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
LONGEST_TEXT = 32_767
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")

Kind = Literal["text", "number", "integer", "money_wan", "date", "percent"]
FORMATS: dict[str, str] = {
    "number": "#,##0.######",
    "integer": "0",
    "money_wan": "#,##0.00",
    "date": "yyyy-mm-dd",
    "percent": "0.0%",
}


@dataclass(frozen=True, slots=True)
class Out:
    """One column of an export: its header (with the unit), what it holds, its width in characters."""

    title: str
    kind: Kind = "text"
    width: float = 16.0


def sheet_title(wanted: str, taken: Iterable[str] = ()) -> str:
    """A title spreadsheet programs accept: at most 31 characters, none of []:*?/\\, not yet taken (case aside)."""
    used = {title.casefold() for title in taken}
    base = _FORBIDDEN_IN_TITLE.sub(" ", wanted).strip().strip("'").strip()[:31] or "Sheet"
    if base.casefold() == "history":
        base += "_"
    title, number = base, 2
    while title.casefold() in used:
        tail = f" ({number})"
        title, number = base[: 31 - len(tail)] + tail, number + 1
    return title


def safe_text(text: str) -> str:
    """Text without the characters a workbook cannot hold, cut to its longest."""
    return _CONTROL.sub("", text)[:LONGEST_TEXT]


def safe_csv(value: object) -> object:
    """A value for a CSV cell: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
    if value.startswith(_DANGEROUS) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def write_xlsx(target: Path | IO[bytes], title: str, columns: Sequence[Out], rows: Iterable[Sequence[Any]]) -> int:
    """Write one table (split into sheets where a sheet is full) in flat memory; returns the number of rows."""
    with Writer(target) as writer:
        return writer.table(title, columns, rows)


def write_csv(target: IO[str], columns: Sequence[Out], rows: Iterable[Sequence[Any]]) -> int:
    """Write one table as CSV with a byte order mark, formulas neutralised; returns the number of rows."""
    target.write("\ufeff")
    out = csv.writer(target)
    out.writerow([safe_csv(column.title) for column in columns])
    count = 0
    for row in rows:
        out.writerow([safe_csv(value) for value in row])
        count += 1
    return count


def csv_stream(columns: Sequence[Out], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The same CSV piece by piece, for a streaming response."""
    buffer = io.StringIO()
    out = csv.writer(buffer)
    yield "\ufeff"
    out.writerow([safe_csv(column.title) for column in columns])
    for number, row in enumerate(rows, 1):
        out.writerow([safe_csv(value) for value in row])
        if number % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


class Writer:
    """A workbook being written, one table after another; a context manager that closes the file."""

    def __init__(self, target: Path | IO[bytes], *, rows_per_sheet: int = LAST_ROW) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "default_date_format": "yyyy-mm-dd",
        }
        import xlsxwriter  # noqa: PLC0415 - only who writes workbooks waits for it

        self._book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self._titles: list[str] = []
        self._rows_per_sheet = rows_per_sheet
        self._head = self._book.add_format(
            {
                "bold": True,
                "bg_color": "#E8EEF7",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "align": "center",
            }
        )
        self._formats = {kind: self._book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._text = self._book.add_format({"text_wrap": False, "num_format": "@"})

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_error: object) -> None:
        self._book.close()

    def table(self, title: str, columns: Sequence[Out], rows: Iterable[Sequence[Any]]) -> int:
        """Add a table under a header that stays in sight; a full sheet continues on the next. Returns the rows."""
        if len(columns) > LAST_COLUMN:
            raise ValueError("too many columns for a sheet")
        sheet, at, count = self._sheet(title, columns), 1, 0
        for row in rows:
            if at >= self._rows_per_sheet:
                self._finish(sheet, at, columns)
                sheet, at = self._sheet(title, columns), 1
            for column, value in enumerate(row):
                self._cell(sheet, at, column, value, columns[column].kind if column < len(columns) else "text")
            at += 1
            count += 1
        self._finish(sheet, at, columns)
        return count

    def _sheet(self, title: str, columns: Sequence[Out]) -> Any:
        name = sheet_title(title, self._titles)
        self._titles.append(name)
        sheet = self._book.add_worksheet(name)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width, self._formats.get(column.kind))
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for index, column in enumerate(columns):
            sheet.write_string(0, index, safe_text(column.title), self._head)
        return sheet

    def _finish(self, sheet: Any, rows: int, columns: Sequence[Out]) -> None:
        if columns:
            sheet.autofilter(0, 0, max(0, rows - 1), len(columns) - 1)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, kind: Kind) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float | Decimal):
            if not -(10**15) < value < 10**15:  # a spreadsheet keeps 15 digits: a longer number is a code
                sheet.write_string(row, column, str(value), self._text)
            else:
                sheet.write_number(row, column, value, self._formats.get(kind, self._formats["number"]))
        elif isinstance(value, dt.datetime):
            naive = value.replace(tzinfo=None)
            if naive.year < 1900:
                sheet.write_string(row, column, naive.isoformat(" ", "seconds"))
            else:
                sheet.write_datetime(row, column, naive, self._formats["date"] if kind == "date" else self._moment)
        elif isinstance(value, dt.date):
            if value.year < 1900:
                sheet.write_string(row, column, value.isoformat())
            else:
                sheet.write_datetime(row, column, value, self._formats["date"])
        else:
            sheet.write_string(row, column, safe_text(str(value)))
