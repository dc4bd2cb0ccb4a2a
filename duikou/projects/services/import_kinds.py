"""Which kind of project a row speaks of: by the pack's own words for records, else by the clause. No row, no query."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from duikou.programme.models import Clause, ProjectKind


class Kinded(NamedTuple):
    """A kind, the fields its word fills in, and how it was found ("" = it was not)."""

    kind: int | None = None
    extra: Mapping[str, Any] = {}
    why: str = ""


class _Word(NamedTuple):
    found: Kinded
    clauses: frozenset[str]
    unless: tuple[str, ...]


OPEN = Kinded()


class KindWords:
    """The words of one programme's kinds."""

    def __init__(self, kinds: Iterable[ProjectKind]) -> None:
        self._brackets: dict[str, _Word] = {}
        self._names: dict[str, list[_Word]] = defaultdict(list)
        by_clause: dict[int, list[ProjectKind]] = defaultdict(list)
        for kind in kinds:
            for clause in kind.clauses.all():
                by_clause[clause.pk].append(kind)
            for given in kind.record_words:
                text, word = given["word"], _word(kind, given)
                if given["at"] == "bracket":
                    self._brackets[text] = word
                else:
                    self._names[text].append(word)
        longest = sorted(self._names, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest))) if longest else None
        self._only = {
            clause: many[0]
            for clause, many in by_clause.items()
            if len(many) == 1 and not any(spec.get("required") for spec in many[0].fields)
        }
        self._by_clause: dict[int, Kinded] = {}

    def find(self, tag: str, name: str, clause: Clause) -> Kinded:
        """The kind a bracket names; else the one kind whose words the name holds; else the only one of the clause."""
        word = self._brackets.get(tag)
        if word is not None:
            return word.found
        if self._any is not None and self._any.search(name):
            fitting = self._fitting(name, clause.code)
            if len({word.found.kind for word in fitting}) == 1:
                return fitting[0].found
            if fitting:
                return OPEN
        if clause.pk not in self._by_clause:
            kind = self._only.get(clause.pk)
            reason = _("类别：由条款 %(clause)s 得出“%(kind)s”。")
            self._by_clause[clause.pk] = (
                Kinded(kind.pk, {}, reason % {"clause": clause.code, "kind": kind.title}) if kind else OPEN
            )
        return self._by_clause[clause.pk]

    def _fitting(self, name: str, clause: str) -> list[_Word]:
        return [
            word
            for text, words in self._names.items()
            if text in name
            for word in words
            if (not word.clauses or clause in word.clauses) and not any(against in name for against in word.unless)
        ]


def _word(kind: ProjectKind, given: Mapping[str, Any]) -> _Word:
    """A word as the pack gives it, with all that is to be said where it is met."""
    in_bracket = _("类别：由括号词“%(word)s”得出“%(kind)s”。")
    reason = in_bracket if given["at"] == "bracket" else _("类别：由名称中的“%(word)s”得出“%(kind)s”。")
    found = Kinded(kind.pk, given["sets"], reason % {"word": given["word"], "kind": kind.title})
    return _Word(found, frozenset(given["clauses"]), tuple(given["unless"]))
