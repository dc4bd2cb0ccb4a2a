"""Bringing two writings of one text together, paragraph by paragraph, from what both started with.

Nothing is ever dropped silently: read down, the chunks' `mine` is the whole of one text and their `theirs` the whole of
the other. What only one side changed is taken; where both changed the same place (or next to each other) a person
decides, and until then both stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from duikou.plans.rules.diff import opcodes, paragraphs

SAME, MINE, THEIRS, BOTH, CONFLICT = "same", "mine", "theirs", "both", "conflict"
CHOICES = (MINE, THEIRS, BOTH)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of paragraphs.

    `kind`: same (nobody changed it, or both alike), mine or theirs (only that side did), conflict (both, differently).
    """

    kind: str
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def taken(self, choice: str = "") -> tuple[str, ...]:
        """The paragraphs that stand when `choice` (mine, theirs, both) is made; "" = as offered."""
        choice = choice if choice in CHOICES else self.kind
        if choice in {MINE, SAME}:
            return self.mine
        if choice == THEIRS:
            return self.theirs
        return self.theirs + tuple(one for one in self.mine if one not in self.theirs)


def merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Chunk]:
    """Three texts as lists of paragraphs, in chunks in order."""
    to_mine, to_theirs = _kept(base, mine), _kept(base, theirs)
    found: list[Chunk] = []
    at_base = at_mine = at_theirs = 0
    for place in range(len(base) + 1):
        stays = place < len(base) and place in to_mine and place in to_theirs
        if place < len(base) and not stays:
            continue
        end_mine = to_mine[place] if stays else len(mine)
        end_theirs = to_theirs[place] if stays else len(theirs)
        found += _chunk(base[at_base:place], mine[at_mine:end_mine], theirs[at_theirs:end_theirs])
        if stays:
            found.append(Chunk(SAME, (base[place],), (base[place],), (base[place],)))
            at_base, at_mine, at_theirs = place + 1, end_mine + 1, end_theirs + 1
    return found


def merge_html(base: str, mine: str, theirs: str) -> list[Chunk]:
    """The same for safe HTML."""
    return merge(paragraphs(base), paragraphs(mine), paragraphs(theirs))


def is_clean(chunks: Iterable[Chunk]) -> bool:
    """Whether no paragraph was changed by both."""
    return all(chunk.kind != CONFLICT for chunk in chunks)


def result(chunks: Sequence[Chunk], choices: Mapping[int, str] | None = None) -> str:
    """The text as it stands after the choices (place of a chunk → mine, theirs, both)."""
    choices = choices or {}
    return "".join(one for place, chunk in enumerate(chunks) for one in chunk.taken(choices.get(place, "")))


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of an entry that differs: what it was, what each side wants, and what is offered."""

    name: str
    kind: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def offered(self) -> Any:
        """The only changed one; where both changed it, mine (theirs is shown beside)."""
        return self.theirs if self.kind == THEIRS else self.mine


def merge_fields(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], names: Iterable[str]
) -> list[FieldChoice]:
    """Field by field: those on which the two do not agree."""
    found = []
    for name in names:
        old, own, other = base.get(name), mine.get(name), theirs.get(name)
        if own == other:
            continue
        kind = THEIRS if own == old else MINE if other == old else CONFLICT
        found.append(FieldChoice(name, kind, old, own, other))
    return found


def _kept(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Place in the base → place in the other of what is in both, in order."""
    found: dict[int, int] = {}
    for tag, i1, i2, j1, _j2 in opcodes(base, other):
        if tag == "equal":
            found |= {place: j1 + place - i1 for place in range(i1, i2)}
    return found


def _chunk(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Chunk]:
    if not (base or mine or theirs):
        return []
    old, own, other = tuple(base), tuple(mine), tuple(theirs)
    if own == other:
        kind = SAME
    elif own == old:
        kind = THEIRS
    elif other == old:
        kind = MINE
    else:
        kind = CONFLICT
    return [Chunk(kind, old, own, other)]
