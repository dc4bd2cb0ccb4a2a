"""Many rows at once, as fast as the database takes them: COPY on PostgreSQL, whole statements of rows on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Sequence[Any]
FEW = 200
"""Rows up to which a statement for each is cheaper than one for all of them."""
CHUNK = 5_000
"""Rows in one statement: a few megabytes that lie in the connection's temporary table meanwhile."""

_AS_THEY_ARE = (
    models.AutoField,
    models.BooleanField,
    models.CharField,
    models.IntegerField,
    models.TextField,
)
"""Field classes whose Python value is what both databases store; a subclass of its own making is converted."""


def insert_many(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Row], *, prepared: Collection[str] = ()
) -> int:
    """Insert `rows` (values in the order of `fields`) in the caller's transaction and return how many.

    Fields of plain text, number and truth go as they are; every other field's value goes through the field, except
    for those in `prepared`, which the caller already gives in the stored form. No signals, no defaults, no ids back.
    """
    connection = connections[router.db_for_write(model)]
    found = [model._meta.get_field(name) for name in fields]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in found)  # type: ignore[union-attr]
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
    converters = [_converter(field, connection) for field in found]
    needed = [
        (at, convert)
        for at, (name, convert) in enumerate(zip(fields, converters, strict=True))
        if convert is not None and name not in prepared
    ]
    stored = iter(_convert(rows, needed) if needed else rows)
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            # The driver itself: Django's cursor keeps a second iterator over the rows, so that none can be let go.
            connection.ensure_connection()
            return _insert(connection.connection, into, len(found), stored)
        # COPY goes past Django's cursor, which else turns the driver's errors into Django's.
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in stored:
                    copy.write_row(row)
            return int(cursor.rowcount)


def _insert(driver: Any, into: str, width: int, rows: Iterator[Row]) -> int:
    """Rows into a table of SQLite: a few one by one, more by way of a temporary table, thousands in one statement.

    A statement opens the table and each of its indexes anew: with many rows in one, a third of the time is saved.
    """
    places = ", ".join("?" * width)
    first = list(islice(rows, FEW))
    if len(first) < FEW:
        driver.executemany(f"INSERT INTO {into} VALUES ({places})", first)  # noqa: S608 - our own names
        return len(first)
    held, number = f"temp.bulk_{width}", 0
    columns = ", ".join(f"c{at}" for at in range(width))  # without a type: values stay as they are
    driver.execute(f"CREATE TABLE IF NOT EXISTS {held} ({columns})")
    rows = chain(first, rows)
    try:
        while some := driver.executemany(f"INSERT INTO {held} VALUES ({places})", islice(rows, CHUNK)).rowcount:  # noqa: S608
            driver.execute(f"INSERT INTO {into} SELECT {columns} FROM {held} ORDER BY rowid")  # noqa: S608
            driver.execute(f"DELETE FROM {held}")  # noqa: S608
            number += some
    except BaseException:
        driver.execute(f"DELETE FROM {held}")  # noqa: S608
        raise
    return number


def _converter(field: Any, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    target = field.target_field if field.is_relation else field
    if type(target).__module__ == "django.db.models.fields" and isinstance(target, _AS_THEY_ARE):
        return None
    return lambda value: target.get_db_prep_save(value, connection)


def _convert(rows: Iterable[Row], needed: Sequence[tuple[int, Callable[[Any], Any]]]) -> Iterator[Row]:
    for row in rows:
        values = list(row)
        for at, convert in needed:
            values[at] = convert(values[at])
        yield values


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """`count` primary keys for rows about to be inserted in the caller's transaction with `insert_many`.

    On PostgreSQL they come from the sequence; on SQLite the write transaction is alone, so the next free ones do.
    """
    connection = connections[router.db_for_write(model)]
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return [row[0] for row in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
    largest = model._default_manager.aggregate(largest=models.Max("pk"))["largest"] or 0
    first = max(known[0] if known else 0, largest) + 1
    return range(first, first + count)
