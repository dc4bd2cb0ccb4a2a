"""Which row names the columns, and which rows are not data: titles above, section headings, totals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from duikou.kernel.sheets.values import Cell, Merge, Row, text_of
from duikou.kernel.text import near_key

LOOK_AT = 40
"""How many written rows from the top may stand above the header."""

_TOTAL = re.compile(r"(?:本页|本表|全部|以上)?(?:合计|总计|小计|共计|累计合计)(?:[:：]|\(.*\)|（.*）|\d.*)?")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns as written (levels joined by /), and the rows (1-based) they stand in."""

    columns: tuple[str, ...]
    first_row: int
    last_row: int


def find_header(rows: Sequence[Row], merges: Collection[Merge], expected: Collection[str] = ()) -> Header | None:
    """The header among the first rows of a sheet; `expected` are names (any spelling) that make a row more likely.

    Returns None when no row can be a header. Merged cells across the header make two levels, joined "一级/二级".
    """
    wanted = {near_key(name) for name in expected}
    best, best_score = -1, 0.0
    width = max((_filled(row.cells) for row in rows), default=0)
    for index, row in enumerate(rows[:LOOK_AT]):
        score = _score(row, rows[index + 1 :], width, wanted, merges)
        if score > best_score:
            best, best_score = index, score
    if best < 0:
        return None
    return _joined(rows, best, merges)


def _filled(cells: Iterable[Cell]) -> int:
    return sum(1 for cell in cells if cell != "")


def _score(row: Row, below: Sequence[Row], width: int, wanted: set[str], merges: Collection[Merge]) -> float:
    texts = [text_of(cell) for cell in row.cells]
    names = [text for text in texts if text]
    if not names or any(len(name) > 60 for name in names):
        return 0.0
    if len(names) < min(2, width):
        return 0.0
    words = sum(1 for cell in row.cells if isinstance(cell, str) and cell.strip() and not _figure(cell)) / len(names)
    hits = len({near_key(name) for name in names} & wanted)
    spread = sum(
        merge.last_column - merge.first_column for merge in merges if merge.first_row == merge.last_row == row.number
    )
    filled = min(1.0, (len(names) + spread) / max(1, width))
    distinct = len(set(names)) / len(names)
    if words < 0.6 and not hits:
        return 0.0
    followed = 0.2 if any(_filled(other.cells) for other in below) else 0.0
    early = 0.05 / (1 + row.number)
    return hits * 2 + filled * words * distinct + followed + early if filled >= 0.4 or hits >= 2 else 0.0


def _figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\d\s.,%+\-/:年月日]+", text))


def _joined(rows: Sequence[Row], index: int, merges: Collection[Merge]) -> Header:
    top = rows[index]
    first = last = top.number
    touching = [merge for merge in merges if merge.first_row <= top.number <= merge.last_row]
    first = min([first, *(merge.first_row for merge in touching)])
    last = max([last, *(merge.last_row for merge in touching)])
    above = rows[index - 1] if index else None
    if above is not None and above.number == first - 1 and _groups(above, merges, rows):
        first = above.number
    if last == top.number and _groups(top, merges, rows):
        last += 1
    by_number = {row.number: row for row in rows}
    width = max(len(by_number[n].cells) for n in range(first, last + 1) if n in by_number)
    levels = [_spread(by_number[number], width, merges) for number in range(first, last + 1) if number in by_number]
    columns = []
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            name = _SPACES.sub(" ", text_of(level[column]))
            if name and name not in parts:
                parts.append(name)
        columns.append("/".join(parts))
    while columns and not columns[-1]:
        columns.pop()
    return Header(tuple(columns), first, last)


def _groups(row: Row, merges: Collection[Merge], rows: Sequence[Row]) -> bool:
    """Whether the row groups columns below it: merged across some, but not all, of the width."""
    width = max(len(found.cells) for found in rows)
    across = [m for m in merges if m.first_row == m.last_row == row.number and m.last_column > m.first_column]
    return (
        any(merge.last_column - merge.first_column + 1 < max(2, width) for merge in across) and _filled(row.cells) > 1
    )


def _spread(row: Row, width: int, merges: Collection[Merge]) -> list[Cell]:
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    for merge in merges:
        if row.number == merge.first_row and merge.first_column < width:
            value = cells[merge.first_column]
            for column in range(merge.first_column, min(merge.last_column + 1, width)):
                cells[column] = value
    return cells


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether the row adds others up (合计, 总计, 小计): one of its first two cells says nothing else."""
    seen = 0
    for cell in cells:
        if cell == "":
            continue
        if isinstance(cell, str) and _TOTAL.fullmatch(_SPACES.sub("", cell)):
            return True
        seen += 1
        if seen >= 2:
            return False
    return False


def is_heading(row: Row, merges: Iterable[Merge], width: int) -> bool:
    """Whether the row is a section heading: one text merged across at least half of the table."""
    written = [cell for cell in row.cells if cell != ""]
    if len(written) != 1 or not isinstance(written[0], str):
        return False
    return any(
        merge.first_row == row.number and (merge.last_column - merge.first_column + 1) * 2 >= width > 2
        for merge in merges
    )
