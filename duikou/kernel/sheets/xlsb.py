"""Binary workbooks looked through before they are read whole: where the last filled cell of each sheet stands."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.ods import check_area
from duikou.kernel.sheets.values import Limits

_ROW = 0
_CELLS = range(2, 12)
"""Records of cells that hold something; 1 is a cell with nothing but a style."""


def check_size(path: Path, limits: Limits) -> None:
    """Refuse a workbook one of whose sheets unfolds beyond the limits; raises `BadFile`."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".bin"):
                    with archive.open(name) as stream:
                        _check_sheet(PurePosixPath(name).stem, stream, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise BadFile(Cause.CORRUPT) from None


def _check_sheet(sheet: str, stream: IO[bytes], limits: Limits) -> None:
    row = columns = 0
    for kind, start in _records(stream):
        if kind == _ROW:
            row = int.from_bytes(start, "little") + 1
        elif kind in _CELLS:
            columns = max(columns, int.from_bytes(start, "little") + 1)
            check_area(sheet, row, columns, limits)


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Kind and first four bytes of every record: kind in one or two bytes, length in one to four, 7 bits each."""
    while head := stream.read(1):
        kind = head[0]
        if kind & 0x80:
            kind = kind & 0x7F | _byte(stream) << 7
        size, shift = 0, 0
        for _part in range(4):
            byte = _byte(stream)
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        start = stream.read(min(size, 4))
        rest = size - len(start)
        while rest > 0 and (skipped := stream.read(min(rest, 1 << 16))):
            rest -= len(skipped)
        yield kind, start


def _byte(stream: IO[bytes]) -> int:
    found = stream.read(1)
    if not found:
        raise BadFile(Cause.CORRUPT)
    return found[0]
