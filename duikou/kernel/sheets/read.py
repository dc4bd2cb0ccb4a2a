"""Tables out of files people bring: any of the formats, one row at a time, memory flat."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from duikou.kernel.sheets import delimited, legacy
from duikou.kernel.sheets.content import Content, check_extension, content_of
from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.header import LOOK_AT, Header, find_header, is_heading, is_total
from duikou.kernel.sheets.values import Cell, Fault, Limits, Merge, Part, Row, RowKind
from duikou.kernel.sheets.xlsx import Grid, Survey, Workbook

ROWS = 2_000
"""Rows in one block where the format has no blocks of its own."""
Mine = Callable[[int], bool]


@dataclass(slots=True)
class Sheet:
    """One sheet of a book; `rows_hint` is how many rows are written in it (0 when not known beforehand)."""

    name: str
    hidden: bool
    rows_hint: int
    merges: list[Merge]
    hidden_columns: set[int]
    rows: Callable[[], Iterator[Row]]
    grids: Callable[[Mine | None], Iterator[tuple[int, list[Grid]]]] | None = None


@dataclass(slots=True)
class Block:
    """Consecutive rows of a table: its data rows column by column, the others one by one; blank rows are only counted.

    `index` counts the blocks of the sheet from 0; `last` is the number of the last row looked at (0 = none).
    """

    index: int
    sheet: str
    numbers: Sequence[int]
    columns: list[Sequence[Cell]]
    hidden: Collection[int]
    faults: Mapping[int, Sequence[Fault]]
    others: list[tuple[RowKind, Row]]
    count: int
    last: int


class Order(NamedTuple):
    """What another process needs to read the same table without looking the file through again."""

    path: Path
    name: str
    limits: Limits
    at: int
    merges: list[Merge]
    header: Header


@dataclass(slots=True)
class Table:
    """A sheet whose header is known: rows below it, each told data from blank, total and heading."""

    sheet: Sheet
    header: Header
    order: Order | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order ("" where none is written)."""
        return self.header.columns

    def rows(self) -> Iterator[tuple[RowKind, Row]]:
        """Rows below the header, exactly as wide as it, merged cells filled from their first; raises `BadFile`."""
        return self._told(self.sheet.rows())

    def blocks(self, mine: Mine | None = None) -> Iterator[Block]:
        """The same rows in blocks, only those whose number is `mine`; raises `BadFile`.

        Who takes part of the blocks reads little more than those: several processes can share a large sheet.
        """
        if self.sheet.grids is None or any(merge.last_row > self.header.last_row for merge in self.sheet.merges):
            yield from self._blocks_of_rows(mine)
            return
        for index, grids in self.sheet.grids(mine):
            quick = self._of_grid(index, grids[0]) if len(grids) == 1 else None
            some = [] if quick else list(self._told(row for grid in grids for row in grid.rows()))
            yield quick or self._of_rows(index, some)

    def _blocks_of_rows(self, mine: Mine | None) -> Iterator[Block]:
        rows = self.rows()
        for index in itertools.count():
            some = list(itertools.islice(rows, ROWS))
            if not some:
                return
            if mine is None or mine(index):
                yield self._of_rows(index, some)

    def _of_rows(self, index: int, rows: Sequence[tuple[RowKind, Row]]) -> Block:
        data = [row for kind, row in rows if kind == "data"]
        others: list[tuple[RowKind, Row]] = [(kind, row) for kind, row in rows if kind in ("total", "heading")]
        columns: list[Sequence[Cell]] = list(zip(*(row.cells for row in data), strict=True))
        columns = columns or [() for _column in self.header.columns]
        hidden = {row.number for row in data if row.hidden}
        faults = {row.number: row.faults for row in data if row.faults}
        numbers = [row.number for row in data]
        last = rows[-1][1].number if rows else 0
        return Block(index, self.sheet.name, numbers, columns, hidden, faults, others, len(rows), last)

    def _of_grid(self, index: int, grid: Grid) -> Block | None:
        """A block of data rows and nothing else, without a look at each row; None when it may hold others."""
        skip = max(0, self.header.last_row + 1 - grid.first)
        count = len(grid.table) - skip
        if grid.faults or count <= 0:
            return None
        columns = grid.columns(len(self.header.columns))
        if skip:
            columns = [column[skip:] for column in columns]
        for column in columns[:2]:
            cells = set(column)
            if "" in cells or any(_is_space(cell) for cell in cells) or any(is_total((cell,)) for cell in cells):
                return None
        numbers = range(grid.first + skip, grid.first + skip + count)
        hidden = [number for number in sorted(grid.hidden) if number in numbers]
        return Block(index, self.sheet.name, numbers, columns, hidden, {}, [], count, numbers[-1])

    def _told(self, rows: Iterable[Row]) -> Iterator[tuple[RowKind, Row]]:
        width = len(self.header.columns)
        blanks: list[Cell] = [""] * width
        fill = _Filler(self.sheet.merges, self.header.last_row) if self.sheet.merges else None
        last = self.header.last_row
        for row in rows:
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


@contextmanager
def opened(order: Order) -> Iterator[Table]:
    """The table of an order, in whichever process; raises `BadFile`."""
    with Book(order.path, name=order.name, limits=order.limits, survey=False) as book:
        sheet = book.sheets[order.at]
        sheet.merges = order.merges
        yield Table(sheet, order.header, order)


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

    def __init__(self, path: Path, *, name: str = "", limits: Limits | None = None, survey: bool = True) -> None:
        self.limits = limits or Limits()
        self.content = content_of(path, self.limits, name)
        check_extension(name or path.name, self.content)
        self._path, self._name = path, name
        self._survey = survey
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
            return [Sheet(stem, False, 0, [], set(), lines)]
        if self._workbook is None:
            return [self._legacy_sheet(found) for found in legacy.sheets_of(path, self.content, limits)]
        return [self._xlsx_sheet(self._workbook, part) for part in self._workbook.parts]

    def _legacy_sheet(self, found: legacy.LegacySheet) -> Sheet:
        def rows() -> Iterator[Row]:
            return legacy.rows_of(self._path, found, self.limits)

        return Sheet(found.name, found.hidden, found.height, found.merges, set(), rows)

    def _xlsx_sheet(self, book: Workbook, part: Part) -> Sheet:
        seen = book.survey(part) if self._survey else Survey()

        def rows() -> Iterator[Row]:
            return book.rows(part)

        def grids(mine: Mine | None) -> Iterator[tuple[int, list[Grid]]]:
            return book.grids(part, mine)

        return Sheet(part.name, part.hidden, seen.rows, seen.merges, seen.hidden_columns, rows, grids)

    def table(self, sheet: Sheet, expected: Collection[str] = ()) -> Table | None:
        """The table of a sheet, or None when it is empty; raises `BadFile` when it has cells but no header."""
        top = [row for row in itertools.islice(sheet.rows(), LOOK_AT * 2) if any(cell != "" for cell in row.cells)]
        if not top:
            return None
        header = find_header(top, [merge for merge in sheet.merges if merge.first_row <= top[-1].number], expected)
        if header is None:
            raise BadFile(Cause.NO_HEADER, sheet=sheet.name)
        at = next(at for at, found in enumerate(self.sheets) if found is sheet)
        return Table(sheet, header, Order(self._path, self._name, self.limits, at, sheet.merges, header))

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
