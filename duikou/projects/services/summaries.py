"""Keeping the sums: every writer appends the difference it makes, a job folds them, a command proves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Sum

from duikou.kernel.money import Bound, Money
from duikou.projects.models import CellSummary, Project, YearSummary
from duikou.projects.models.summary import AMOUNTS, CELL_KEY, SUM_FIELDS, YEAR_KEY
from duikou.projects.selectors.sums import aggregates

FOLD_ROWS = 20_000

Vector = tuple[int, ...]
Table = type[CellSummary] | type[YearSummary]

TABLES: tuple[tuple[Table, tuple[str, ...]], ...] = ((CellSummary, CELL_KEY), (YearSummary, YEAR_KEY))


class Contribution(NamedTuple):
    """What one project adds to the sums, and under which keys; `vector` follows `SUM_FIELDS`."""

    cell: tuple[Any, ...]
    year: tuple[Any, ...]
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
        tuple(getattr(project, name) for name in CELL_KEY),
        tuple(getattr(project, name) for name in YEAR_KEY),
        tuple(numbers[name] for name in SUM_FIELDS),
    )


def summaries_apply(*, gone: Iterable[Contribution | None] = (), come: Iterable[Contribution | None] = ()) -> None:
    """Append the differences in the caller's transaction: at most one row per key and table, however many projects."""
    cells: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
    years: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
    for sign, many in ((-1, gone), (1, come)):
        for one in many:
            if one is None:
                continue
            for total in (cells[one.cell], years[one.year]):
                for place, number in enumerate(one.vector):
                    total[place] += sign * number
    _append(CellSummary, CELL_KEY, cells)
    _append(YearSummary, YEAR_KEY, years)


def summaries_append(
    *, cells: Mapping[tuple[Any, ...], Sequence[int]], years: Mapping[tuple[Any, ...], Sequence[int]]
) -> None:
    """Append differences that the caller has added up by key (`CELL_KEY`, `YEAR_KEY`; numbers as in `SUM_FIELDS`)."""
    _append(CellSummary, CELL_KEY, cells)
    _append(YearSummary, YEAR_KEY, years)


def _append(table: Table, key: tuple[str, ...], totals: Mapping[tuple[Any, ...], Sequence[int]]) -> None:
    rows: list[Any] = [
        table(**dict(zip(key, values, strict=True)), **dict(zip(SUM_FIELDS, numbers, strict=True)))
        for values, numbers in totals.items()
        if any(numbers)
    ]
    table._default_manager.bulk_create(rows, batch_size=500)


def summaries_fold() -> int:
    """Fold the rows of one key into one, pairing by pairing; returns how many rows fewer there are. May run twice."""
    fewer = 0
    for table, key in TABLES:
        grown = table._default_manager.order_by().values(*key).annotate(n=Count("id")).filter(n__gt=1)
        for pairing_id in sorted({row["pairing_id"] for row in grown}):
            fewer += _fold(table, key, pairing_id)
    return fewer


@transaction.atomic
def _fold(table: Table, key: tuple[str, ...], pairing_id: int) -> int:
    locked = (
        table._default_manager.select_for_update(skip_locked=True)
        .filter(pairing_id=pairing_id)
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


def computed(key: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], Vector]]:
    """The sums by `key` computed from the projects themselves: one scan."""
    found = Project.objects.filter(merged_into__isnull=True).order_by().values_list(*key).annotate(**aggregates())
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
    for table, key in TABLES:
        have, truth = kept(table, key), dict(computed(key))
        keys += len(truth)
        wrong += [name for name in sorted({*have, *truth}, key=str) if have.get(name) != truth.get(name)]
    return Recount(keys, tuple(wrong))


@transaction.atomic
def summary_rebuild() -> None:
    """Write all sums anew from the projects, in one transaction."""
    _keep_writers_out()
    for table, key in TABLES:
        table._default_manager.all().delete()
        _append(table, key, {name: list(numbers) for name, numbers in computed(key)})


def _keep_writers_out() -> None:
    """PostgreSQL needs the table lock; a write transaction of SQLite is alone anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Project._meta.db_table}" IN SHARE MODE')
