"""Shared strings of a workbook: any number of them, on disk, each found by its number without a search."""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import IO
from xml.sax.saxutils import unescape

_OTHER_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_KEPT = b"\x01"
"""Stands, where no XML can have it, before a string whose outer spaces count."""
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


class StringTable:
    """Strings in a file of our own that is mapped, not held: memory keeps what is used, and 8 bytes for each.

    `source` gives them in the order of their index as UTF-8, a list at a time, and is read only as far as somebody
    asks.
    """

    def __init__(self, source: Iterator[list[bytes]]) -> None:
        self._source = source
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the workbook
        self._ends = array("Q", [0])
        self._mapped: mmap.mmap | bytes = b""

    def text(self, index: int) -> str:
        """The shared string at `index`; raises `IndexError`."""
        if index + 1 >= len(self._ends):
            self._read_on(index)
        elif index < 0:
            raise IndexError(index)
        return self._mapped[self._ends[index] : self._ends[index + 1]].decode()

    def texts(self, indexes: Sequence[int]) -> list[str]:
        """The shared strings at `indexes`; raises `IndexError`."""
        if not indexes:
            return []
        self.text(max(indexes))  # reads as far as that
        if min(indexes) < 0:
            raise IndexError(min(indexes))
        mapped, ends = self._mapped, self._ends
        return [mapped[ends[index] : ends[index + 1]].decode() for index in indexes]

    def _read_on(self, index: int) -> None:
        ends = self._ends
        while index + 1 >= len(ends):
            texts = next(self._source, None)
            if texts is None:
                raise IndexError(index)
            ends.extend(islice(accumulate(map(len, texts), initial=ends[-1]), 1, None))
            self._file.write(b"".join(texts))
        self._file.flush()
        if ends[-1]:
            self._mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        """Give the space back."""
        self._mapped = b""
        self._file.close()


def simple_texts(block: bytes) -> list[bytes] | None:
    """The strings of a block that holds nothing but plain ones, as most do; None where a parser must look."""
    block = block.strip().replace(b'<t xml:space="preserve">', b"<t>" + _KEPT)
    if not block.startswith(b"<si><t>") or not block.endswith(b"</t></si>"):
        return None
    if b"\r" in block or b"_x" in block or _OTHER_ENTITY.search(block):
        return None
    try:
        block.decode()
    except UnicodeDecodeError:
        return None
    texts = block[7:-9].split(b"</t></si><si><t>")
    if block.count(b"<") != 4 * len(texts):
        return None
    texts = [text[1:] if text[:1] == _KEPT else text.strip(b" \t\n") for text in texts]
    return [unescape(text.decode(), _ENTITIES).encode() if b"&" in text else text for text in texts]
