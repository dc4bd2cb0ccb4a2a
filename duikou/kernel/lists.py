"""Pages that are lists: what their address holds, so that it can be kept under a name and opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.urls import NoReverseMatch, resolve, reverse

from duikou.kernel.actor import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SLOT = "kernel.list"
"""The slot above the filters of a list; its subject is a `ListBar`."""

PICKED = "view"
"""The parameter that says under which name the address was kept ("0": under none, nor the usual one)."""

PASSING = frozenset({"cursor", "page", "after", "before", PICKED})
"""What an address says of the moment, not of the list."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list: its name, and what its address may hold `also`, beside filters, order and columns."""

    label: _StrPromise | str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBar:
    """One list as it is open now: its address's name, what was asked, which names and columns it knows, what it
    cannot read."""

    name: str
    path: str
    page: ListPage
    query: str
    picked: int | None
    names: frozenset[str]
    columns: frozenset[str] | None
    faults: frozenset[str]


Start = Callable[[Actor, str], str]
_start: list[Start] = []


def use_start(start: Start) -> None:
    """Ask `start(actor, name)` where a list opens that was asked for nothing, "" for as it is (once, in `apps.py`)."""
    _start[:] = [start]


def start_of(actor: Actor, name: str) -> str:
    """Where the list opens for this actor; "" for as it is."""
    return next((address for start in _start if (address := start(actor, name))), "")


def list_named(name: str) -> ListPage | None:
    """The list at an address's name ("room:page"); None when there is no such list (any more)."""
    try:
        view = getattr(resolve(reverse(name)).func, "view_class", None)
    except NoReverseMatch:
        return None
    found: ListPage | None = getattr(view, "list_page", None)
    return found


def canonical(query: str) -> str:
    """The same list is the same text: by name, without what is empty, passing or said twice."""
    pairs = dict.fromkeys(pair for pair in parse_qsl(query) if pair[0] not in PASSING)
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))
