"""Sums kept as appended differences: writers insert what they change, readers add up, a job folds one key into one row.

The tables belong to rooms; `key` and `numbers` name the fields of a row that tell sums apart and that are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, Sum

from duikou.kernel.bulk import insert_many

FOLD_ROWS = 20_000
"""Rows taken up by one folding transaction."""

Key = tuple[Any, ...]
Table = type[models.Model]


def sums_append(
    table: Table, key: tuple[str, ...], numbers: tuple[str, ...], totals: Mapping[Key, Sequence[int]]
) -> None:
    """Insert one row per key in the caller's transaction; keys that add nothing leave none."""
    rows = ((*values, *sums) for values, sums in totals.items() if any(sums))
    insert_many(table, (*key, *numbers), rows)


def sums_kept(table: Table, key: tuple[str, ...], numbers: tuple[str, ...]) -> dict[Key, tuple[int, ...]]:
    """The sums by `key` as kept; keys that add up to nothing are left out."""
    found = (
        table._default_manager.order_by()
        .values_list(*key)
        .annotate(**{f"agg_{name}": Sum(name) for name in numbers})
        .values_list(*key, *(f"agg_{name}" for name in numbers))
    )
    sums = {tuple(row[: len(key)]): tuple(int(number) for number in row[len(key) :]) for row in found}
    return {name: added for name, added in sums.items() if any(added)}


def sums_fold(table: Table, key: tuple[str, ...], numbers: tuple[str, ...], *, part: Iterable[str]) -> int:
    """Fold the rows of one key into one, one transaction per value of `part`; returns how many rows fewer there are.

    Rows that another folder holds are skipped; running twice does no harm.
    """
    names = [name for name in part if name in key]
    grown = table._default_manager.order_by().values(*key).annotate(n=Count("id")).filter(n__gt=1)
    parts = sorted({tuple(row[name] for name in names) for row in grown})
    return sum(_fold(table, key, numbers, dict(zip(names, values, strict=True))) for values in parts)


@transaction.atomic
def _fold(table: Table, key: tuple[str, ...], numbers: tuple[str, ...], part: Mapping[str, Any]) -> int:
    locked = (
        table._default_manager.select_for_update(skip_locked=True)
        .filter(**part)
        .order_by("id")
        .values_list("id", *key, *numbers)[:FOLD_ROWS]
    )
    members: dict[Key, list[tuple[int, Sequence[int]]]] = defaultdict(list)
    for row in locked:
        members[tuple(row[1 : 1 + len(key)])].append((row[0], row[1 + len(key) :]))
    grown = {name: rows for name, rows in members.items() if len(rows) > 1}
    ids = [row_id for rows in grown.values() for row_id, _sums in rows]
    for start in range(0, len(ids), 500):
        table._default_manager.filter(id__in=ids[start : start + 500]).delete()
    totals = {
        name: [sum(column) for column in zip(*(sums for _id, sums in rows), strict=True)]
        for name, rows in grown.items()
    }
    sums_append(table, key, numbers, totals)
    return len(ids) - len(totals)


def keep_writers_out(table: Table) -> None:
    """Let nobody write `table` until the transaction ends: a lock on PostgreSQL, SQLite's writers are alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table._meta.db_table}" IN SHARE MODE')
