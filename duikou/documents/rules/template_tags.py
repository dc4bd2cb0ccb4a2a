"""The little language of templates: which tags there are, cut out of a paragraph's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<block>.*?)%\}|\{#(?P<comment>.*?)#\}", re.DOTALL)
_STRAY = re.compile(r"[{}]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
AROUND = 12


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a paragraph: `kind` value, block, comment or stray; `level` "p" or "tr" where it stands for all of its
    paragraph or row; `code` is what is said inside, `start` and `end` where it stands in the paragraph's words."""

    kind: str
    level: str
    code: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """The first word of a block: if, for, endif…"""
        return self.code.split(maxsplit=1)[0] if self.code.split() else ""


def tags_of(words: str) -> Iterator[Tag]:
    """The tags of a paragraph in order; a brace that belongs to none is a stray."""
    at = 0
    for found in _TAG.finditer(words):
        yield from _strays(words, at, found.start())
        at = found.end()
        kind = str(found.lastgroup)
        inside = (found[kind] or "").translate(_QUOTES)
        level = ""
        if kind != "comment" and (marked := re.match(r"(p|tr|tc|r)(?=\s)", inside)):
            level, inside = marked[1], inside[marked.end() :]
        yield Tag(kind, level, inside.strip(), found.start(), found.end())
    yield from _strays(words, at, len(words))


def _strays(words: str, start: int, end: int) -> Iterator[Tag]:
    found = _STRAY.search(words, start, end)
    if found:
        yield Tag("stray", "", found[0], found.start(), found.end())


def around(words: str, start: int, end: int) -> str:
    """The words at a place with a few on either side."""
    head, tail = max(start - AROUND, 0), min(end + AROUND, len(words))
    middle = words[head:tail]
    if len(middle) > 160:
        middle = middle[:160]
        tail = head + 160
    return f"{'…' if head else ''}{middle}{'…' if tail < len(words) else ''}"
