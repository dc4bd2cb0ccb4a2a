"""Text tables: which encoding, which delimiter, then one row at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits, Row

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 1 << 20
END = "\ue000"
"""A line after the last: it is a row of its own unless a quote is still open."""
DELIMITERS = (",", "\t", ";")


def encoding_of(path: Path) -> str:
    """The encoding that decodes the whole file strictly and plausibly; raises `BadFile` when none does."""
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, name in _BOMS:
        if start.startswith(mark):
            if not _decodes(path, name):
                raise BadFile(Cause.ENCODING)
            return name
    if _holds_nul(path):
        raise BadFile(Cause.NUL_BYTES)
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "gb18030") and _looks_like_gb(path):
        return "gb18030"
    raise BadFile(Cause.ENCODING)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def _holds_nul(path: Path) -> bool:
    return any(b"\x00" in block for block in _blocks(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in _blocks(path):
            if "\x00" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _looks_like_gb(path: Path) -> bool:
    """Almost any bytes decode as GB18030; Chinese office text lies in the GB 2312 square (hanzi, punctuation)."""
    with path.open("rb") as stream:
        text = stream.read(_BLOCK).decode("gb18030", "ignore")
    wide = [char for char in text if ord(char) > 127]
    if any(0xE000 <= ord(char) <= 0xF8FF or 0x80 <= ord(char) < 0xA0 for char in wide):
        return False
    usual = sum(1 for char in wide if _in_gb2312(char))
    return usual * 10 >= len(wide) * 8


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first lines into the most even rows; a comma when there is but one column."""
    with path.open(encoding=encoding, newline="", errors="ignore") as stream:
        sample = stream.read(65_536)
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=mark) if any(row)][:50]
        except csv.Error:
            continue
        if len(rows) > 2:
            rows = rows[:-1]  # the sample may end inside a row
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (times / len(rows)) * min(width, 30) if width > 1 else 0.0
        if score > best_score:
            best, best_score = mark, score
    return best


class _Lines:
    """Lines for a reader of rows: remembers which make the row at hand, and tells the end by a line of its own."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self.taken: list[str] = []
        self.count = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = next(self._stream, None)
        if line is None:
            self.ended, line = True, END
        self.count += 1
        self.taken.append(line)
        return line


def _refuse_open_quote(lines: _Lines, cells: list[str], delimiter: str) -> None:
    """Raise `BadFile` where several lines are one row because a quote was never closed, or at a wrong place."""
    first = lines.count - len(lines.taken) + 1
    if lines.ended:
        if cells != [END]:
            raise BadFile(Cause.OPEN_QUOTE, line=first)
        return
    try:
        strict = list(csv.reader(iter(lines.taken), delimiter=delimiter, strict=True))
    except csv.Error:
        strict = []
    if strict != [cells]:
        raise BadFile(Cause.OPEN_QUOTE, line=first)


def rows_of(path: Path, sheet: str, limits: Limits) -> Iterator[Row]:
    """Rows of a text table, numbered as a spreadsheet program would show them; raises `BadFile`."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as stream:
        delimiter = delimiter_of(path, encoding)
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter)
        number = 0
        try:
            for cells in reader:
                if len(lines.taken) > 1 or lines.ended:
                    _refuse_open_quote(lines, cells, delimiter)
                    if lines.ended:
                        return
                lines.taken.clear()
                number += 1
                if number > limits.rows:
                    raise BadFile(Cause.TOO_MANY_ROWS, sheet=sheet, limit=limits.rows)
                if len(cells) > limits.columns:
                    if any(cells[limits.columns :]):
                        raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=sheet, limit=limits.columns)
                    cells = cells[: limits.columns]
                yield Row(sheet, number, cells)  # type: ignore[arg-type]
        except csv.Error:
            raise BadFile(
                Cause.CORRUPT, where=_("（第 %(row)s 行之后引号不成对或单元格过长）") % {"row": number}
            ) from None
