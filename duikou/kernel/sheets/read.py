"""Tables out of files people bring: any of the formats, one row at a time, memory flat."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from duikou.kernel.sheets import delimited, legacy
from duikou.kernel.sheets.ahead import rows_ahead
from duikou.kernel.sheets.content import Content, check_extension, content_of
from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.header import LOOK_AT, Header, find_header, is_heading, is_total
from duikou.kernel.sheets.values import Cell, Limits, Merge, Part, Row, RowKind
from duikou.kernel.sheets.xlsx import Workbook

AHEAD_FROM = 5_000
"""Written rows from which reading in a second process pays for starting it."""


@dataclass(slots=True)
class Sheet:
    """One sheet of a book; `rows_hint` is how many rows are written in it (0 when not known beforehand).

    `rows_ahead` gives the same rows as `rows`, for those who want all of them.
    """

    name: str
    hidden: bool
    rows_hint: int
    merges: list[Merge]
    hidden_columns: set[int]
    rows: Callable[[], Iterator[Row]]
    rows_ahead: Callable[[], Iterator[Row]]


@dataclass(slots=True)
class Table:
    """A sheet whose header is known: rows below it, each told data from blank, total and heading."""

    sheet: Sheet
    header: Header

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order ("" where none is written)."""
        return self.header.columns

    def rows(self, *, ahead: bool = False) -> Iterator[tuple[RowKind, Row]]:
        """Rows below the header, exactly as wide as it, merged cells filled from their first; raises `BadFile`.

        `ahead`: all rows are wanted, so a large sheet may be read by a second process meanwhile.
        """
        width = len(self.header.columns)
        blanks: list[Cell] = [""] * width
        fill = _Filler(self.sheet.merges, self.header.last_row) if self.sheet.merges else None
        last = self.header.last_row
        for row in self.sheet.rows_ahead() if ahead else self.sheet.rows():
            if row.number <= last:
                continue
            cells = row.cells
            if fill is not None:
                heading = is_heading(row, fill.starting(row.number), width)
                cells = fill(row.number, [*cells, *blanks[len(cells) :]])
                if heading:
                    yield "heading", row._replace(cells=cells[:width])
                    continue
            if len(cells) != width:
                row = row._replace(cells=[*cells, *blanks[len(cells) :]] if len(cells) < width else cells[:width])
            elif fill is not None:
                row = row._replace(cells=cells)
            cells = row.cells
            if cells[0] == "" and not any(cell != "" and not _is_space(cell) for cell in cells) and not row.faults:
                yield "blank", row
            elif is_total(cells):
                yield "total", row
            else:
                yield "data", row


def _is_space(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


@dataclass(slots=True)
class _Filler:
    """Gives every cell of a merged range the value of its first."""

    merges: list[Merge]
    header_row: int
    _starts: dict[int, list[Merge]] = field(default_factory=dict)
    _open: list[tuple[Merge, Cell]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for merge in self.merges:
            if merge.first_row > self.header_row:
                self._starts.setdefault(merge.first_row, []).append(merge)

    def starting(self, number: int) -> list[Merge]:
        """Ranges whose first row is `number`."""
        return self._starts.get(number, [])

    def __call__(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The row's cells with every merged range filled that covers it."""
        if self._open:
            self._open = [(merge, value) for merge, value in self._open if merge.last_row >= number]
        for merge in self._starts.pop(number, ()):
            if merge.first_column < len(cells):
                self._open.append((merge, cells[merge.first_column]))
        for merge, value in self._open:
            for column in range(merge.first_column, min(merge.last_column + 1, len(cells))):
                cells[column] = value
        return cells


class Book:
    """An opened file: its sheets and tables. Use it as a context manager."""

    def __init__(self, path: Path, *, name: str = "", limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.content = content_of(path, self.limits)
        check_extension(name or path.name, self.content)
        self._path = path
        self._workbook = Workbook(path, self.limits) if self.content is Content.XLSX else None
        self.sheets = self._sheets(Path(name or path.name).stem or "CSV")

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._workbook is not None:
            self._workbook.close()

    def _sheets(self, stem: str) -> list[Sheet]:
        path, limits = self._path, self.limits
        if self.content is Content.CSV:
            lines: Callable[[], Iterator[Row]] = lambda: delimited.rows_of(path, stem, limits)  # noqa: E731
            return [Sheet(stem, False, 0, [], set(), lines, lines)]
        if self._workbook is None:
            return [self._legacy_sheet(found) for found in legacy.sheets_of(path)]
        return [self._xlsx_sheet(self._workbook, part) for part in self._workbook.parts]

    def _legacy_sheet(self, found: legacy.LegacySheet) -> Sheet:
        def rows() -> Iterator[Row]:
            return legacy.rows_of(self._path, found.name, self.limits)

        return Sheet(found.name, found.hidden, found.height, found.merges, set(), rows, rows)

    def _xlsx_sheet(self, book: Workbook, part: Part) -> Sheet:
        seen = book.survey(part)

        def rows() -> Iterator[Row]:
            return book.rows(part)

        def all_rows() -> Iterator[Row]:
            return rows_ahead(self._path, part, self.limits) if seen.rows >= AHEAD_FROM else book.rows(part)

        return Sheet(part.name, part.hidden, seen.rows, seen.merges, seen.hidden_columns, rows, all_rows)

    def table(self, sheet: Sheet, expected: Collection[str] = ()) -> Table | None:
        """The table of a sheet, or None when it is empty; raises `BadFile` when it has cells but no header."""
        top = [row for row in itertools.islice(sheet.rows(), LOOK_AT * 2) if any(cell != "" for cell in row.cells)]
        if not top:
            return None
        header = find_header(top, [merge for merge in sheet.merges if merge.first_row <= top[-1].number], expected)
        if header is None:
            raise BadFile(Cause.NO_HEADER, sheet=sheet.name)
        return Table(sheet, header)

    def tables(self, expected: Collection[str] = (), *, hidden: bool = False) -> list[Table]:
        """Every sheet that holds a table, hidden sheets only when asked for; raises `BadFile` when there is none."""
        found, last = [], BadFile(Cause.EMPTY)
        for sheet in self.sheets:
            if sheet.hidden and not hidden:
                continue
            try:
                table = self.table(sheet, expected)
            except BadFile as problem:
                if problem.cause is not Cause.NO_HEADER:
                    raise
                last = problem
                continue
            if table is not None:
                found.append(table)
        if not found:
            raise last
        return found
