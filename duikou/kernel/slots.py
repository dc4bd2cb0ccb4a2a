"""Panel slots: a lower room's page shows what upper rooms hang into it, without knowing who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from duikou.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """`render(actor, subject)` gives a template's context or None for nothing to show."""

    name: str
    template: str
    context: Callable[[Actor, Any], dict[str, Any] | None]
    order: int = 100


_slots: dict[str, list[Panel]] = defaultdict(list)


def register(slot: str, panel: Panel) -> None:
    """Hang `panel` into `slot` (once, in `apps.py`); panels of the same name replace one another."""
    kept = [known for known in _slots[slot] if known.name != panel.name]
    _slots[slot] = sorted([*kept, panel], key=lambda found: (found.order, found.name))


def panels(slot: str) -> tuple[Panel, ...]:
    """Panels hung into `slot`, in order."""
    return tuple(_slots[slot])
