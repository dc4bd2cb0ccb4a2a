"""OpenDocument sheets looked through before they are read whole: how large they become, what is merged and hidden.

One element may stand for a million equal rows of sixteen thousand equal cells, so size is counted as it would unfold.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits, Merge

_PART = "content.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_VALUE_TYPE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 value-type"
_PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
_BLOCK = 1 << 16


@dataclass(slots=True)
class Outline:
    """One sheet as it would unfold: last row and column that hold something, merged ranges, hidden rows (from 1)."""

    name: str
    rows: int = 0
    columns: int = 0
    merges: list[Merge] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)


def outlines(path: Path, limits: Limits) -> list[Outline]:
    """Every sheet of the file in order; raises `BadFile` for what is too large to be read whole."""
    looker = _Looker(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = looker.start, looker.end
    parser.StartDoctypeDeclHandler = looker.doctype
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PART) as stream:
            while block := stream.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError, ValueError):
        raise BadFile(Cause.CORRUPT) from None
    except expat.ExpatError:
        raise BadFile(Cause.CORRUPT) from None
    return looker.found


class _Looker:
    """Walks the elements; nothing of them is kept but numbers."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: list[Outline] = []
        self._row = self._repeat = self._column = self._width = 0
        self._last_cell = 0

    def doctype(self, *_declared: object) -> None:
        raise BadFile(Cause.ENTITIES)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self.found.append(Outline(attributes.get(f"{_TABLE}name", "")))
            self._row = 0
        elif tag == f"{_TABLE}table-row" and self.found:
            self._repeat = int(attributes.get(f"{_TABLE}number-rows-repeated", "1"))
            self._column = self._width = 0
            if attributes.get(f"{_TABLE}visibility") in ("collapse", "filter") and self._repeat <= self.limits.rows:
                self.found[-1].hidden.update(range(self._row + 1, self._row + self._repeat + 1))
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and self.found:
            self._cell(attributes)
        elif tag == _PARAGRAPH:
            self._width = max(self._width, self._last_cell)

    def end(self, tag: str) -> None:
        if tag != f"{_TABLE}table-row" or not self.found:
            return
        here = self.found[-1]
        if self._width:
            here.rows, here.columns = self._row + self._repeat, max(here.columns, self._width)
            check_area(here.name, here.rows, here.columns, self.limits)
        self._row += self._repeat

    def _cell(self, attributes: dict[str, str]) -> None:
        first = self._column
        self._column += int(attributes.get(f"{_TABLE}number-columns-repeated", "1"))
        self._last_cell = self._column
        if _VALUE_TYPE in attributes:
            self._width = max(self._width, self._column)
        down = int(attributes.get(f"{_TABLE}number-rows-spanned", "1"))
        right = int(attributes.get(f"{_TABLE}number-columns-spanned", "1"))
        if down > 1 or right > 1:
            merges = self.found[-1].merges
            merges.append(Merge(self._row + 1, first, self._row + down, first + right - 1))
            if len(merges) > self.limits.merges:
                raise BadFile(Cause.BOMB, limit=self.limits.merges)


def check_area(sheet: str, rows: int, columns: int, limits: Limits) -> None:
    """Refuse a sheet that cannot be held whole: too many rows, columns, or cells in all."""
    if rows > limits.rows:
        raise BadFile(Cause.TOO_MANY_ROWS, sheet=sheet, limit=limits.rows)
    if columns > limits.columns:
        raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=sheet, limit=limits.columns)
    if rows * columns > limits.cells:
        raise BadFile(Cause.TOO_MANY_CELLS, sheet=sheet, limit=limits.cells)
