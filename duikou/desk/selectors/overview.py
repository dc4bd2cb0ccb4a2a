"""The overview: sums of what the viewer may know of, read from the kept sums in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.text import clean_name
from duikou.programme.models import Clause, Pairing, Programme
from duikou.programme.selectors import clauses_of
from duikou.projects import selectors as projects
from duikou.projects.models import ReportedStatistic
from duikou.projects.selectors import Totals, total

STATISTICS = 12
"""How many reported statistics the overview shows, the latest first."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One pairing and one task: how many projects, by group of states."""

    totals: Totals
    groups: dict[str, int]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One root pairing; `cells` follows `Overview.tasks`, `other` are the clauses that are no task."""

    pairing: Pairing
    cells: tuple[MatrixCell | None, ...]
    other: MatrixCell | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows."""

    programmes: list[Programme]
    programme: Programme
    pairings: list[Pairing]
    tasks: list[Clause]
    sections: list[tuple[str, int]]
    rows: list[MatrixRow]
    totals: Totals
    years: dict[int | None, Totals]
    statistics: list[ReportedStatistic]


def overview_of(*, actor: Actor, code: str) -> Overview | None:
    """The overview of the programme `code` (or the platform's own); None when no programme is loaded.

    Raises `Invalid` when no programme has that code: the figures of another one would mislead.
    """
    programmes = projects.programmes_open()
    programme = projects.programme_chosen(code, programmes)
    if code and programme is not None and programme.code != code:
        raise Invalid(_("没有代码为“%(code)s”的方案。") % {"code": clean_name(code)[:40]})
    if programme is None:
        return None
    pairings = projects.pairings_of(programme)
    clauses = list(clauses_of(programme))
    tasks = [clause for clause in clauses if clause.is_task]
    rows = _rows(pairings, tasks, projects.cells(actor=actor, programme=programme, pairings=pairings))
    statistics = projects.statistics_visible(actor=actor, programme=programme, pairings=pairings)
    return Overview(
        programmes=programmes,
        programme=programme,
        pairings=pairings,
        tasks=tasks,
        sections=_sections(tasks, clauses),
        rows=rows,
        totals=total(row.totals for row in rows),
        years=projects.years(actor=actor, programme=programme, pairings=pairings),
        statistics=list(statistics.order_by("-year", "id")[:STATISTICS]),
    )


def _rows(pairings: list[Pairing], tasks: list[Clause], cells: Iterable[projects.Cell]) -> list[MatrixRow]:
    known = {task.pk for task in tasks}
    grouped: dict[tuple[int, int | None], dict[str, Totals]] = defaultdict(dict)
    for cell in cells:
        place = grouped[cell.pairing_id, cell.clause_id if cell.clause_id in known else None]
        place[cell.group.value] = place.get(cell.group.value, Totals()) + cell.totals
    rows = []
    for pairing in pairings:
        if pairing.parent_id is not None:
            continue
        row = [_cell(grouped.get((pairing.pk, task.pk))) for task in tasks]
        other = _cell(grouped.get((pairing.pk, None)))
        sums = total(cell.totals for cell in (*row, other) if cell is not None)
        if sums.count or (pairing.second_region_id is not None and pairing.retired_in_id is None):
            rows.append(MatrixRow(pairing, tuple(row), other, sums))
    return rows


def _cell(groups: dict[str, Totals] | None) -> MatrixCell | None:
    if not groups:
        return None
    return MatrixCell(total(groups.values()), {name: sums.count for name, sums in groups.items()})


def _sections(tasks: list[Clause], clauses: list[Clause]) -> list[tuple[str, int]]:
    titles = {clause.pk: clause.label for clause in clauses}
    found: list[tuple[str, int]] = []
    for task in tasks:
        title = titles.get(task.parent_id or 0, "")
        if found and found[-1][0] == title:
            found[-1] = (title, found[-1][1] + 1)
        else:
            found.append((title, 1))
    return found
