"""Finding words in a text and showing where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duikou.kernel.text import normalise


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text; `is_hit` where it is one of the words looked for."""

    text: str
    is_hit: bool


def words_of(query: str) -> list[str]:
    """The words of a query in the form used for comparing, longest first, at most eight."""
    return sorted(dict.fromkeys(normalise(query).split()), key=len, reverse=True)[:8]


def _folded(text: str) -> str:
    """`text` folded character by character, so that positions stay: width and case aside."""
    return "".join(folded if len(folded := normalise(char)) == 1 else char for char in text)


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Start and end of every hit in `text`, not overlapping; empty unless every word is there."""
    folded = _folded(text)
    if not words or any(word not in folded for word in words):
        return []
    spans: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            if all(at >= end or at + len(word) <= start for start, end in spans):
                spans.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(spans)


def marked(text: str, words: Sequence[str]) -> list[Stretch]:
    """The whole text in stretches, hits marked."""
    return _cut(text, hits(text, words), 0, len(text))


def snippet(text: str, words: Sequence[str], around: int = 36) -> list[Stretch]:
    """The surroundings of each word's first hit with all hits inside marked; empty when a word is missing."""
    spans = hits(text, words)
    if not spans:
        return []
    folded = _folded(text)
    windows: list[tuple[int, int]] = []
    for at in sorted(folded.find(word) for word in words):
        start, end = max(0, at - around), min(len(text), at + around * 2)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((start, end))
    found: list[Stretch] = []
    for start, end in windows:
        found += [Stretch("…", False)] if start else []
        found += _cut(text, [span for span in spans if span[0] >= start and span[1] <= end], start, end)
    return [*found, *([Stretch("…", False)] if windows[-1][1] < len(text) else [])]


def _cut(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Stretch]:
    found, place = [], start
    for first, last in spans:
        found += [Stretch(text[place:first], False), Stretch(text[first:last], True)]
        place = last
    return [part for part in [*found, Stretch(text[place:end], False)] if part.text]
