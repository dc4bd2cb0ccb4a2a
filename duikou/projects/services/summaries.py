"""Keeping the sums: every writer appends the difference it makes, a job folds them, a command proves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from duikou.kernel.money import Bound, Money
from duikou.kernel.sums import keep_writers_out, sums_append, sums_fold, sums_kept
from duikou.projects.models import CellSummary, Project, RegionCellSummary, RegionYearSummary, YearSummary
from duikou.projects.models.summary import (
    AMOUNTS,
    CELL_KEY,
    REGION_CELL_KEY,
    REGION_YEAR_KEY,
    SUM_FIELDS,
    YEAR_KEY,
)
from duikou.projects.selectors.sums import aggregates
from duikou.projects.states import Side, Visibility

Vector = tuple[int, ...]
Key = tuple[Any, ...]
Table = type[CellSummary] | type[YearSummary] | type[RegionCellSummary] | type[RegionYearSummary]

TABLES: dict[Table, tuple[str, ...]] = {
    CellSummary: CELL_KEY,
    YearSummary: YEAR_KEY,
    RegionCellSummary: REGION_CELL_KEY,
    RegionYearSummary: REGION_YEAR_KEY,
}
_SIDES = (Side.FIRST.value, Side.SECOND.value)
_CLOSED = Visibility.PAIRING.value


class SumKey(NamedTuple):
    """All that the sums tell projects apart by."""

    programme_id: int
    pairing_id: int
    first_region_id: int
    second_region_id: int | None
    clause_id: int
    state: str
    visibility: str
    year: int | None

    def places(self) -> Iterator[tuple[Table, Key]]:
        """The keys under which such projects are summed."""
        top, cell = self[:2], (self.clause_id, self.state, self.visibility)
        yield CellSummary, (*top, *cell)
        yield YearSummary, (*top, self.year, self.visibility)
        if self.visibility != _CLOSED:
            return
        for side, region in zip(_SIDES, (self.first_region_id, self.second_region_id), strict=True):
            if region is not None:
                yield RegionCellSummary, (*top, side, region, *cell)
                yield RegionYearSummary, (*top, side, region, self.year, self.visibility)


class Contribution(NamedTuple):
    """What one project adds to the sums, and under which key; `vector` follows `SUM_FIELDS`."""

    key: SumKey
    vector: Vector


def contribution(project: Project) -> Contribution | None:
    """What `project` adds now; None for one that was merged into another."""
    if project.merged_into_id is not None:
        return None
    numbers: dict[str, int] = {"count": 1}
    for name in AMOUNTS:
        amount: Money | None = getattr(project, f"{name}_amount")
        bound = getattr(project, f"{name}_bound")
        numbers[f"{name}_sum"] = amount.cents if amount is not None else 0
        numbers[f"{name}_unknown"] = int(amount is None)
        numbers[f"{name}_about"] = int(amount is not None and bound in (Bound.ABOUT, Bound.AT_MOST))
        numbers[f"{name}_over"] = int(amount is not None and bound == Bound.AT_LEAST)
    both = project.signed_amount is not None and project.completed_amount is not None
    numbers["both_count"] = int(both)
    numbers["both_signed"] = project.signed_amount.cents if both else 0
    numbers["both_completed"] = project.completed_amount.cents if both else 0
    return Contribution(
        SumKey(*(getattr(project, name) for name in SumKey._fields)),
        tuple(numbers[name] for name in SUM_FIELDS),
    )


def summaries_apply(*, gone: Iterable[Contribution | None] = (), come: Iterable[Contribution | None] = ()) -> None:
    """Append the differences in the caller's transaction: at most one row per key and table, however many projects."""
    sums: dict[SumKey, list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
    for sign, many in ((-1, gone), (1, come)):
        for one in many:
            if one is None:
                continue
            total = sums[one.key]
            for place, number in enumerate(one.vector):
                total[place] += sign * number
    summaries_append(sums)


def summaries_append(sums: Mapping[SumKey, Sequence[int]]) -> None:
    """Append differences that the caller has added up by key (numbers as in `SUM_FIELDS`)."""
    tables: dict[Table, dict[Key, list[int]]] = {table: {} for table in TABLES}
    for key, numbers in sums.items():
        for table, place in key.places():
            known = tables[table].get(place)
            tables[table][place] = (
                list(numbers) if known is None else [a + b for a, b in zip(known, numbers, strict=True)]
            )
    for table, totals in tables.items():
        sums_append(table, TABLES[table], SUM_FIELDS, totals)


def summaries_fold() -> int:
    """Fold the rows of one key into one, part by part; returns how many rows fewer there are. May run twice."""
    part = ("pairing_id", "side", "region_id")
    return sum(sums_fold(table, key, SUM_FIELDS, part=part) for table, key in TABLES.items())


def computed(table: Table) -> Iterator[tuple[Key, Vector]]:
    """The sums of `table` computed from the projects themselves: one scan, one for each side where regions count."""
    key = TABLES[table]
    whole = Project.objects.filter(merged_into__isnull=True).order_by()
    if "side" not in key:
        yield from _scanned(whole, key)
        return
    for side in _SIDES:
        closed = whole.filter(**{"visibility": _CLOSED, f"{side}_region__isnull": False})
        columns = tuple(f"{side}_region_id" if name == "region_id" else name for name in key if name != "side")
        place = key.index("side")
        for found, vector in _scanned(closed, columns):
            yield (*found[:place], side, *found[place:]), vector


def _scanned(projects: QuerySet[Project], key: tuple[str, ...]) -> Iterator[tuple[Key, Vector]]:
    found = projects.values_list(*key).annotate(**aggregates())
    for row in found.values_list(*key, *(f"agg_{name}" for name in SUM_FIELDS)).iterator(chunk_size=2000):
        yield tuple(row[: len(key)]), tuple(int(number) for number in row[len(key) :])


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount found: keys whose kept sums differ from the projects, and how many keys there are."""

    keys: int
    wrong: tuple[tuple[Any, ...], ...]


@transaction.atomic
def summary_verify() -> Recount:
    """Compare the kept sums with a recomputation, to the 分, while no writer is in between."""
    keep_writers_out(Project)
    wrong: list[tuple[Any, ...]] = []
    keys = 0
    for table, key in TABLES.items():
        have, truth = sums_kept(table, key, SUM_FIELDS), dict(computed(table))
        keys += len(truth)
        wrong += [name for name in sorted({*have, *truth}, key=str) if have.get(name) != truth.get(name)]
    return Recount(keys, tuple(wrong))


@transaction.atomic
def summary_rebuild() -> None:
    """Write all sums anew from the projects, in one transaction."""
    keep_writers_out(Project)
    for table, key in TABLES.items():
        table._default_manager.all().delete()
        sums_append(table, key, SUM_FIELDS, dict(computed(table)))
