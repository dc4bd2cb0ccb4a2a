"""Things of one room that others may point at without knowing the room: offered for choice, found again by id."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duikou.kernel.actor import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing: its id within the kind, its name, where it is shown, and (for lists) what it belongs to."""

    id: str
    label: str
    url: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Referable:
    """A kind of things that may be pointed at.

    `offer(actor, pairing_id)` gives what the actor may point at in a pairing; `find(actor, ids)` those of `ids` that
    the actor may know of. Both in a constant number of queries.
    """

    kind: str
    label: _StrPromise | str
    offer: Callable[[Actor, int], list[Reference]]
    find: Callable[[Actor, Collection[str]], dict[str, Reference]]


_kinds: dict[str, Referable] = {}


def register_referable(referable: Referable) -> None:
    """Add a kind (once, in `apps.py`)."""
    _kinds[referable.kind] = referable


def referables() -> tuple[Referable, ...]:
    """All kinds, by code."""
    return tuple(_kinds[kind] for kind in sorted(_kinds))
