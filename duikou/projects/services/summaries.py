"""Keeping the sums: every writer appends the difference it makes, a job folds them, a command proves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum

from duikou.kernel.bulk import insert_many
from duikou.kernel.money import Bound, Money
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

FOLD_ROWS = 20_000

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
        _append(table, TABLES[table], totals)


def _append(table: Table, key: tuple[str, ...], totals: Mapping[tuple[Any, ...], Sequence[int]]) -> None:
    insert_many(table, (*key, *SUM_FIELDS), ((*values, *numbers) for values, numbers in totals.items() if any(numbers)))


def summaries_fold() -> int:
    """Fold the rows of one key into one, part by part; returns how many rows fewer there are. May run twice."""
    fewer = 0
    for table, key in TABLES.items():
        part = [name for name in ("pairing_id", "side", "region_id") if name in key]
        grown = table._default_manager.order_by().values(*key).annotate(n=Count("id")).filter(n__gt=1)
        for values in sorted({tuple(row[name] for name in part) for row in grown}):
            fewer += _fold(table, key, dict(zip(part, values, strict=True)))
    return fewer


@transaction.atomic
def _fold(table: Table, key: tuple[str, ...], part: Mapping[str, Any]) -> int:
    locked = (
        table._default_manager.select_for_update(skip_locked=True)
        .filter(**part)
        .order_by("id")
        .values_list("id", *key, *SUM_FIELDS)[:FOLD_ROWS]
    )
    members: dict[tuple[Any, ...], list[tuple[int, Vector]]] = defaultdict(list)
    for row in locked:
        members[tuple(row[1 : 1 + len(key)])].append((row[0], tuple(row[1 + len(key) :])))
    grown = {name: rows for name, rows in members.items() if len(rows) > 1}
    ids = [row_id for rows in grown.values() for row_id, _vector in rows]
    for start in range(0, len(ids), 500):
        table._default_manager.filter(id__in=ids[start : start + 500]).delete()
    totals = {
        name: [sum(column) for column in zip(*(vector for _id, vector in rows), strict=True)]
        for name, rows in grown.items()
    }
    _append(table, key, totals)
    return len(ids) - len(totals)


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


def kept(table: Table, key: tuple[str, ...]) -> dict[tuple[Any, ...], Vector]:
    """The sums by `key` as kept; keys that add up to nothing are left out."""
    found = (
        table._default_manager.order_by()
        .values_list(*key)
        .annotate(**{f"agg_{name}": Sum(name) for name in SUM_FIELDS})
        .values_list(*key, *(f"agg_{name}" for name in SUM_FIELDS))
    )
    sums = {tuple(row[: len(key)]): tuple(int(number) for number in row[len(key) :]) for row in found}
    return {name: numbers for name, numbers in sums.items() if any(numbers)}


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount found: keys whose kept sums differ from the projects, and how many keys there are."""

    keys: int
    wrong: tuple[tuple[Any, ...], ...]


@transaction.atomic
def summary_verify() -> Recount:
    """Compare the kept sums with a recomputation, to the 分, while no writer is in between."""
    _keep_writers_out()
    wrong: list[tuple[Any, ...]] = []
    keys = 0
    for table, key in TABLES.items():
        have, truth = kept(table, key), dict(computed(table))
        keys += len(truth)
        wrong += [name for name in sorted({*have, *truth}, key=str) if have.get(name) != truth.get(name)]
    return Recount(keys, tuple(wrong))


@transaction.atomic
def summary_rebuild() -> None:
    """Write all sums anew from the projects, in one transaction."""
    _keep_writers_out()
    for table, key in TABLES.items():
        table._default_manager.all().delete()
        _append(table, key, {name: list(numbers) for name, numbers in computed(table)})


def _keep_writers_out() -> None:
    """PostgreSQL needs the table lock; a write transaction of SQLite is alone anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Project._meta.db_table}" IN SHARE MODE')
