"""What tests ask of a transition table."""

from __future__ import annotations

from duikou.kernel.transitions import Machine, State


def reachable(machine: Machine[State], start: State) -> frozenset[State]:
    """Every state that can be reached from `start`, itself included."""
    seen: set[State] = set()
    todo = [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo.extend(machine.table.get(state, {}).values())
    return frozenset(seen)
