"""What the search of the top bar looks through: each room registers its own finder, nobody knows the others'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duikou.kernel.actor import Actor
from duikou.kernel.text import clean, has_word

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST = 100
"""Characters of a query that are looked for; the rest is cut off."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is called, where it is, and a line that tells it from others."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """One kind of things. `find(actor, query, limit)` gives at most `limit`, best first, in a constant number of
    queries and only what the actor may know of; `all_url(actor, query)` leads to the list of all of them, "" for none.
    """

    name: str
    label: _StrPromise | str
    icon: str
    order: int
    find: Callable[[Actor, str, int], Sequence[Hit]]
    all_url: Callable[[Actor, str], str] = lambda _actor, _query: ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one finder found; `more` says that there is more than is shown, `all_url` where."""

    name: str
    label: _StrPromise | str
    icon: str
    hits: Sequence[Hit]
    more: bool
    all_url: str


_finders: dict[str, Finder] = {}


def register(finder: Finder) -> None:
    """Take part in the search (once, in `apps.py`); a finder of the same name is replaced."""
    _finders[finder.name] = finder


def words_asked(text: str) -> str:
    """What is looked for, "" when there is nothing to read in it."""
    words = " ".join(clean(text).split())[:LONGEST].strip()
    return words if has_word(words) else ""


def found(actor: Actor, query: str, *, limit: int) -> list[Group]:
    """Groups in which something was found, in their order, each with at most `limit` hits."""
    if not query:
        return []
    groups = []
    for finder in sorted(_finders.values(), key=lambda each: (each.order, each.name)):
        hits = finder.find(actor, query, limit + 1)
        if hits:
            more = len(hits) > limit
            address = finder.all_url(actor, query)
            groups.append(Group(finder.name, finder.label, finder.icon, hits[:limit], more, address))
    return groups
