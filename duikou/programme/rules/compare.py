"""Two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+$")
LIKE = 0.5
"""Sentences alike from this ratio on are compared character by character; others are replaced whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, that only the old has (gone) or only the new one (new)."""

    kind: Kind
    text: str


def sentences(text: str) -> list[str]:
    """Sentences with their closing marks; joined they are the text."""
    return _SENTENCE.findall(text)


def compare(old: str, new: str) -> list[Piece]:
    """Pieces that lead from `old` to `new`: same + gone make the old text, same + new the new one."""
    return list(_joined(_pieces(old, new)))


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = sentences(old), sentences(new)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[i:j]), "".join(after[k:m])
        if tag == "equal":
            yield Piece("same", gone)
        elif gone and come and SequenceMatcher(None, gone, come, autojunk=False).ratio() >= LIKE:
            yield from _characters(gone, come)
        else:
            yield Piece("gone", gone)
            yield Piece("new", come)


def _characters(old: str, new: str) -> Iterator[Piece]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", old[i:j])
        else:
            yield Piece("gone", old[i:j])
            yield Piece("new", new[k:m])


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
