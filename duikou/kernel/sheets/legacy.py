""".xls, .xlsb and .ods: small by their nature, read whole by calamine, after a look at how large they become.

Hidden rows are told of .ods only; formulas without a stored value are not told of any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from duikou.kernel.sheets import ods, xlsb
from duikou.kernel.sheets.content import Content
from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits, Merge, Row


@dataclass(slots=True)
class LegacySheet:
    """One sheet: name, whether it is hidden, its merged ranges (1-based rows, 0-based columns)."""

    name: str
    hidden: bool
    merges: list[Merge]
    height: int
    hidden_rows: set[int] = field(default_factory=set)


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise BadFile(Cause.ENCRYPTED) from None
    except (CalamineError, OSError, ValueError):
        raise BadFile(Cause.CORRUPT) from None


def sheets_of(path: Path, content: Content, limits: Limits) -> list[LegacySheet]:
    """The worksheets of the workbook in order; raises `BadFile`."""
    if content is Content.XLSB:
        xlsb.check_size(path, limits)
    seen = {found.name: found for found in ods.outlines(path, limits)} if content is Content.ODS else {}
    book = _opened(path)
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except (CalamineError, OSError, ValueError):
            raise BadFile(Cause.CORRUPT) from None
        hidden = meta.visible != SheetVisibleEnum.Visible
        if meta.name in seen:
            here = seen[meta.name]
            found.append(LegacySheet(meta.name, hidden, here.merges, sheet.total_height, here.hidden))
            continue
        merges = [
            Merge(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in (sheet.merged_cell_ranges or [])
        ]
        found.append(LegacySheet(meta.name, hidden, merges, sheet.total_height))
    return found


def rows_of(path: Path, found: LegacySheet, limits: Limits) -> Iterator[Row]:
    """Rows of one sheet; raises `BadFile`."""
    name = found.name
    try:
        sheet = _opened(path).get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError):
        raise BadFile(Cause.CORRUPT) from None
    if sheet.start is None:
        return
    first, left = sheet.start
    if sheet.height > limits.rows:
        raise BadFile(Cause.TOO_MANY_ROWS, sheet=name, limit=limits.rows)
    if left + sheet.width > limits.columns:
        raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=name, limit=limits.columns)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), first + 1):
        yield Row(name, number, [*[""] * left, *cells], number in found.hidden_rows)
