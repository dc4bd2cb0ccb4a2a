"""Tables with cells over several places: how wide they are, and every place taken once."""

from __future__ import annotations

from collections.abc import Sequence

from duikou.plans.services.text import Cell


def width_of(rows: Sequence[Sequence[Cell]]) -> int:
    """The number of columns of a table, spans counted."""
    taken: dict[int, set[int]] = {}
    widest = 0
    for number, row in enumerate(rows):
        at = 0
        for cell in row:
            while at in taken.get(number, ()):
                at += 1
            for below in range(cell.rowspan):
                taken.setdefault(number + below, set()).update(range(at, at + cell.colspan))
            at += cell.colspan
        widest = max([widest, *(place + 1 for place in taken.get(number, ()))])
    return max(widest, 1)


def fitted(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows with every place taken: short rows filled up, spans that run out of the table cut."""
    width, height = width_of(rows), len(rows)
    taken: list[set[int]] = [set() for _row in rows]
    found: list[list[Cell]] = []
    for number, row in enumerate(rows):
        cells, at = [], 0
        for cell in row:
            while at in taken[number]:
                at += 1
            down = min(cell.rowspan, height - number)
            across = next((n for n in range(cell.colspan) if at + n in taken[number] or at + n >= width), cell.colspan)
            for below in range(down):
                taken[number + below].update(range(at, at + across))
            cells.append(Cell(cell.runs, cell.is_head, across, down))
            at += across
        free = [place for place in range(width) if place not in taken[number]]
        taken[number].update(free)
        found.append(cells + [Cell(()) for _place in free])
    return found
