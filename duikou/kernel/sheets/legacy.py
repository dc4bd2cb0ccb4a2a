""".xls, .xlsb and .ods: small by their nature, read whole by calamine (no hidden rows, no formula check there)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits, Merge, Row


@dataclass(slots=True)
class LegacySheet:
    """One sheet: name, whether it is hidden, its merged ranges (1-based rows, 0-based columns)."""

    name: str
    hidden: bool
    merges: list[Merge]
    height: int


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise BadFile(Cause.ENCRYPTED) from None
    except (CalamineError, OSError, ValueError):
        raise BadFile(Cause.CORRUPT) from None


def sheets_of(path: Path) -> list[LegacySheet]:
    """The worksheets of the workbook in order; raises `BadFile`."""
    book = _opened(path)
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except (CalamineError, ValueError):
            raise BadFile(Cause.CORRUPT) from None
        merges = [
            Merge(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in (sheet.merged_cell_ranges or [])
        ]
        found.append(LegacySheet(meta.name, meta.visible != SheetVisibleEnum.Visible, merges, sheet.total_height))
    return found


def rows_of(path: Path, name: str, limits: Limits) -> Iterator[Row]:
    """Rows of one sheet; raises `BadFile`."""
    try:
        sheet = _opened(path).get_sheet_by_name(name)
    except (CalamineError, ValueError):
        raise BadFile(Cause.CORRUPT) from None
    if sheet.start is None:
        return
    first, left = sheet.start
    if sheet.height > limits.rows:
        raise BadFile(Cause.TOO_MANY_ROWS, sheet=name, limit=limits.rows)
    if left + sheet.width > limits.columns:
        raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=name, limit=limits.columns)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), first + 1):
        yield Row(name, number, [*[""] * left, *cells])
