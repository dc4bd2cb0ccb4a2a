"""Named facts announced after commit; rooms above listen by job (docs/facts.md lists who)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.db import transaction

Listener = Callable[..., object]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def subscribe(name: str, listener: Listener) -> None:
    """Call `listener(**ids)` after every committed fact `name`; register in `apps.py`, once."""
    if listener not in _listeners[name]:
        _listeners[name].append(listener)


def announce(name: str, **ids: object) -> None:
    """Tell listeners of `room.noun.past` once the running transaction has committed; `ids` are plain values."""
    for listener in _listeners[name]:
        transaction.on_commit(lambda listener=listener: listener(**ids))  # type: ignore[misc]


def listeners() -> dict[str, tuple[Listener, ...]]:
    """Who listens to what (documentation and tests)."""
    return {name: tuple(found) for name, found in _listeners.items() if found}
