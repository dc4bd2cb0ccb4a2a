"""Which of many filters each of many projects passes, without trying every pair.

Every filter is one bit of a number. For each thing that a filter can ask, a table says which filters are content with
a value; a project passes the filters that are left when the numbers of all its values are taken together. So a
project costs a dozen look-ups, however many filters there are, and an import of alike projects is looked up once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Pairing
from duikou.projects.selectors.lists import ListFilter
from duikou.projects.states import states_of


@dataclass(frozen=True, slots=True)
class Needle:
    """One filter taken apart: values it is content with by name, least and most numbers, words in the texts."""

    values: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    exact: frozenset[str] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Straw:
    """One project taken apart in the same way."""

    values: Mapping[str, tuple[Any, ...]]
    numbers: Mapping[str, int | None]
    text: str
    exact: tuple[str, ...]
    source: str


class Matcher:
    """All filters at once; `passed(straw)` gives the bits of those that the project passes."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self.all = (1 << len(needles)) - 1
        self._tables: dict[str, tuple[int, dict[Any, int]]] = {}
        for name in sorted({name for needle in needles for name in needle.values}):
            self._tables[name] = _table([needle.values.get(name) for needle in needles], self.all)
        self._least = _ranges([needle.least for needle in needles], self.all, falling=False)
        self._most = _ranges([needle.most for needle in needles], self.all, falling=True)
        width = max((len(needle.words) for needle in needles), default=0)
        asked = [[needle.words[at : at + 1] or None for needle in needles] for at in range(width)]
        self._words = [_table([one and frozenset(one) for one in column], self.all) for column in asked]
        self._exact = _table([needle.exact or frozenset({""}) for needle in needles], self.all)[1]
        self._sources = _table([frozenset({n.source}) if n.source else None for n in needles], self.all)
        self._in_text = _WordIndex(word for needle in needles for word in needle.words)
        self._in_source = _WordIndex(needle.source for needle in needles if needle.source)
        self._known: dict[Any, int] = {}

    def passed(self, straw: Straw) -> int:
        """The filters that the project passes."""
        key = tuple(straw.values.get(name, ()) for name in self._tables)
        found = self._known.get(key)
        if found is None:
            found = self.all
            for (anything, table), values in zip(self._tables.values(), key, strict=True):
                found &= _content(anything, table, values)
            self._known[key] = found
        for name, (anything, bounds, masks) in self._least.items():
            value = straw.numbers.get(name)
            found &= anything if value is None else anything | masks[bisect_right(bounds, value)]
        for name, (anything, bounds, masks) in self._most.items():
            value = straw.numbers.get(name)
            found &= anything if value is None else anything | masks[bisect_left(bounds, value)]
        if found and self._words:
            found &= self._text(straw)
        if found and self._sources[1]:
            found &= _content(*self._sources, tuple(self._in_source.found(straw.source)))
        return found

    def _text(self, straw: Straw) -> int:
        there = tuple(self._in_text.found(straw.text))
        named = self.all
        for anything, table in self._words:
            named &= _content(anything, table, there)
        return named | _content(0, self._exact, straw.exact)


class _WordIndex:
    """Words by their first two characters, so that a text is read once, however many words there are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            self._by_start[word[:2]].append(word)

    def found(self, text: str) -> set[str]:
        """The words that stand in `text`."""
        met: set[str] = set()
        for at in range(len(text)):
            for start in (text[at : at + 2], text[at]):
                met.update(word for word in self._by_start.get(start, ()) if text.startswith(word, at))
        return met


def _table(asked: Sequence[frozenset[Any] | None], everything: int) -> tuple[int, dict[Any, int]]:
    """(filters that ask nothing, value → filters content with it)."""
    anything, table = everything, defaultdict[Any, int](int)
    for at, values in enumerate(asked):
        if values is not None:
            anything &= ~(1 << at)
            for value in values:
                table[value] |= 1 << at
    return anything, dict(table)


def _content(anything: int, table: Mapping[Any, int], values: Iterable[Any]) -> int:
    for value in values:
        anything |= table.get(value, 0)
    return anything


def _ranges(
    asked: Sequence[Mapping[str, int]], everything: int, *, falling: bool
) -> dict[str, tuple[int, list[int], list[int]]]:
    """By name: filters without a bound, the bounds in order, and which filters the first n (or the rest) are."""
    found = {}
    for name in sorted({name for bounds in asked for name in bounds}):
        pairs = sorted((bounds[name], at) for at, bounds in enumerate(asked) if name in bounds)
        anything = everything & ~sum(1 << at for _bound, at in pairs)
        masks = [0]
        for _bound, at in reversed(pairs) if falling else pairs:
            masks.append(masks[-1] | 1 << at)
        found[name] = (anything, [bound for bound, _at in pairs], masks[::-1] if falling else masks)
    return found


def needle_of(wanted: ListFilter, *, programme_id: int, pairings: list[Pairing], clauses: list[Clause]) -> Needle:
    """A list's filter taken apart; asks the database nothing (what it names is loaded)."""
    values: dict[str, frozenset[Any]] = {"programme": frozenset({programme_id})}
    if wanted.pairing is not None:
        below = {} if wanted.exact_pairing else {pair.pk: pair.parent_id for pair in pairings}
        values["pairing"] = _with_below(wanted.pairing.pk, below)
    if wanted.clause is not None:
        name = "any_clause" if wanted.any_clause else "clause"
        values[name] = _with_below(wanted.clause.pk, {clause.pk: clause.parent_id for clause in clauses})
    if wanted.other_clauses:
        values["is_task"] = frozenset({False})
    states = set(wanted.states)
    if wanted.groups:
        grouped = {state.value for state in states_of(wanted.groups)}
        states = states & grouped if states else grouped
    if states or wanted.groups:
        values["state"] = frozenset(states)
    if wanted.kind is not None:
        values["kind"] = frozenset({wanted.kind.pk})
    if wanted.region is not None:
        values["place"] = frozenset({wanted.region.path})
    for name in ("visibility", "opinion"):
        if getattr(wanted, name):
            values[name] = frozenset({getattr(wanted, name)})
    if wanted.organisation_id is not None:
        values["organisation"] = frozenset({wanted.organisation_id})
    if wanted.year_unknown:
        values["has_year"] = frozenset({False})
    least, most = {"year": wanted.year_from}, {"year": wanted.year_to}
    if wanted.amount_from is not None:
        least[wanted.amount_of] = wanted.amount_from.cents
    if wanted.amount_to is not None:
        most[wanted.amount_of] = wanted.amount_to.cents
    words = tuple(key for word in wanted.text.split() if (key := near_key(word)))
    if wanted.text.strip() and not words:
        values["programme"] = frozenset()
    return Needle(
        values,
        {name: bound for name, bound in least.items() if bound is not None},
        {name: bound for name, bound in most.items() if bound is not None},
        words,
        _exact(wanted.text) if words else frozenset(),
        wanted.source.strip().lower(),
    )


def _exact(text: str) -> frozenset[str]:
    """The code or number that a text may be as a whole."""
    code = text.strip().upper()
    number = code.removeprefix("XM")
    return frozenset({code, *([str(int(number))] if number.isascii() and number.isdigit() else [])})


def _with_below(top: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    found = {top}
    for _depth in range(len(parents)):
        more = {pk for pk, parent in parents.items() if parent in found} - found
        if not more:
            break
        found |= more
    return frozenset(found)
