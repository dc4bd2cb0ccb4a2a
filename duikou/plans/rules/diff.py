"""What differs between two texts: paragraphs aligned first, then characters inside the changed ones, tables by cell.

Everything is pure and bounded: very long neighbours without anything in common are shown whole, out and in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from duikou.kernel.rich_text import blocks, plain, safe_html

Author = TypeVar("Author")
SAME, OUT, IN, CHANGED = "same", "out", "in", "changed"
MOST_TOKENS = 4_000
"""Beyond this many tokens a side (after what is common at both ends) two texts are not compared further."""
ALIKE = 0.4
"""From this likeness on, a paragraph is the same one rewritten; below, one went and another came."""
_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_INLINE = frozenset({"strong", "em", "u", "s", "sub", "sup"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that are in both texts (`same`), only in the left (`out`) or only in the right (`in`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Two paragraphs beside each other; `pieces` tell a changed one's words, `table` a changed table's cells."""

    kind: str
    left: str = ""
    right: str = ""
    pieces: tuple[Piece, ...] = ()
    table: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


def tokens(text: str) -> list[str]:
    """Words of Latin letters, figures, blanks, and every other character for itself; joined they are the text."""
    return _TOKEN.findall(text)


def pieces(left: str, right: str) -> tuple[Piece, ...]:
    """The characters that differ; the `same` and `out` pieces joined give `left`, the `same` and `in` ones `right`."""
    if left == right:
        return (Piece(SAME, left),) if left else ()
    a, b = tokens(left), tokens(right)
    head = _common(a, b)
    tail = _common(a[head:][::-1], b[head:][::-1])
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    found = [(SAME, a[:head])]
    if max(len(middle_a), len(middle_b)) > MOST_TOKENS:
        found += [(OUT, middle_a), (IN, middle_b)]
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, middle_a, middle_b, autojunk=False).get_opcodes():
            if tag == "equal":
                found.append((SAME, middle_a[i1:i2]))
            else:
                found += [(OUT, middle_a[i1:i2]), (IN, middle_b[j1:j2])]
    found.append((SAME, a[len(a) - tail :]))
    return tuple(Piece(kind, "".join(words)) for kind, words in found if words)


def paragraphs(html: str) -> list[str]:
    """The outermost elements of a safe text, each as HTML; loose words between them become paragraphs.

    Joined they read as the text does; the empty text has none. A list or a table is one paragraph.
    """
    html = safe_html(html)
    found, depth, start, loose = [], 0, 0, 0
    for tag in _TAG.finditer(html):
        name = tag[2]
        if name == "br" or (depth == 0 and name in _INLINE):
            continue
        if not tag[1]:
            if depth == 0:
                found += _loose(html[loose : tag.start()])
                start = tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                found.append(html[start : tag.end()])
                loose = tag.end()
    found += _loose(html[loose:])
    return [one for one in found if plain(one) or "<td" in one]


def rows(left: str, right: str) -> list[Row]:
    """Two safe HTML texts beside each other, paragraph by paragraph."""
    return aligned(paragraphs(left), paragraphs(right))


def aligned(left: Sequence[str], right: Sequence[str]) -> list[Row]:
    """Two lists of paragraphs beside each other; the left column read down is `left`, the right one `right`."""
    found: list[Row] = []
    for tag, i1, i2, j1, j2 in opcodes(left, right):
        if tag == "equal":
            found += [Row(SAME, one, one) for one in left[i1:i2]]
        else:
            found += _paired(left[i1:i2], right[j1:j2])
    return found


def opcodes(left: Sequence[str], right: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """As of difflib, with nothing taken for junk."""
    return SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def likeness(left: str, right: str) -> float:
    """0 to 1: how much of two paragraphs is the same (an upper bound, cheap)."""
    matcher = SequenceMatcher(None, left[:2000], right[:2000], autojunk=False)
    return min(matcher.real_quick_ratio(), matcher.quick_ratio())


def _paired(left: Sequence[str], right: Sequence[str]) -> list[Row]:
    """Each rewritten paragraph beside its old form, in order; the others alone."""
    found: list[Row] = []
    taken = 0
    for old in left:
        partner = next(
            (place for place in range(taken, min(len(right), taken + 20)) if likeness(old, right[place]) >= ALIKE), None
        )
        if partner is None:
            found.append(Row(OUT, left=old))
            continue
        found += [Row(IN, right=new) for new in right[taken:partner]]
        found.append(_changed(old, right[partner]))
        taken = partner + 1
    return [*found, *(Row(IN, right=new) for new in right[taken:])]


def _changed(left: str, right: str) -> Row:
    if "<table" in left and "<table" in right:
        return Row(CHANGED, left, right, table=table(left, right))
    return Row(CHANGED, left, right, pieces(plain(left), plain(right)))


def table(left: str, right: str) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
    """Two tables in one: rows by rows, cells by cells, each cell with the pieces of its words."""
    old, new = _cells(left), _cells(right)
    found: list[tuple[tuple[Piece, ...], ...]] = []
    keys_old, keys_new = ["\t".join(row) for row in old], ["\t".join(row) for row in new]
    for _tag, i1, i2, j1, j2 in opcodes(keys_old, keys_new):
        for place in range(max(i2 - i1, j2 - j1)):
            a = old[i1 + place] if i1 + place < i2 else []
            b = new[j1 + place] if j1 + place < j2 else []
            width = max(len(a), len(b))
            found.append(tuple(pieces(a[n] if n < len(a) else "", b[n] if n < len(b) else "") for n in range(width)))
    return tuple(found)


def authors(history: Sequence[tuple[str, Author]]) -> list[tuple[str, Author]]:
    """Who last touched each paragraph of the last text, by replaying the texts in order: (paragraph, author)."""
    current: list[tuple[str, Author]] = []
    for html, author in history:
        new = paragraphs(html)
        kept: list[tuple[str, Author]] = []
        for tag, i1, i2, j1, j2 in opcodes([one for one, _who in current], new):
            kept += current[i1:i2] if tag == "equal" else [(one, author) for one in new[j1:j2]]
        current = kept
    return current


def _cells(html: str) -> list[list[str]]:
    return [[cell.text for cell in row] for block in blocks(html) if block.kind == "table" for row in block.rows]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _loose(text: str) -> list[str]:
    return [f"<p>{text.strip()}</p>"] if text.strip() else []
