"""Many rows at once, as fast as the database takes them: COPY on PostgreSQL, whole statements of rows on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
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
    into = _Into(model, fields, prepared)
    counted = _Counted(into.stored(rows))
    with into.connection.wrap_database_errors:
        if into.connection.vendor != "sqlite":
            into.copy(counted)
            return counted.number
        waiting = iter(counted)
        while some := list(islice(waiting, CHUNK)):
            into.take(some)
            into.pour()
    return counted.number


class Inserter:
    """`insert_many` for batch after batch: while SQLite writes one, the caller makes the next.

    The statement of a batch runs in a thread, on the connection and in the transaction of the caller, and needs none of
    Python meanwhile. It is waited for before the next insert; whoever else asks the database in between waits for it
    inside SQLite. An error is raised by the next insert or by `wait`. On PostgreSQL all is written at once. One at a
    time on a connection.
    """

    def __init__(self) -> None:
        self._pouring: threading.Thread | None = None
        self._error: BaseException | None = None

    def __call__(
        self, model: type[models.Model], fields: Sequence[str], rows: Iterable[Row], *, prepared: Collection[str] = ()
    ) -> int:
        """As `insert_many`; the rows are held until they are written."""
        into = _Into(model, fields, prepared, way="beside")
        made = list(into.stored(rows))
        self.wait()
        with into.connection.wrap_database_errors:
            if into.connection.vendor != "sqlite":
                into.copy(made)
                return len(made)
            into.take(made)
        self._pouring = threading.Thread(target=self._pour, args=(into,), name="insert")
        self._pouring.start()
        return len(made)

    def _pour(self, into: _Into) -> None:
        try:
            with into.connection.wrap_database_errors:
                into.pour()
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            self._error = error

    def wait(self) -> None:
        """Until nothing runs any more; raises what the last statement raised."""
        self.close()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """Until nothing runs any more, for who does not mind how it ended."""
        pouring, self._pouring = self._pouring, None
        if pouring is not None:
            pouring.join()


class _Into:
    """Where rows go: a table and some of its columns.

    On SQLite the driver itself is used: Django's cursor keeps a second iterator over the rows, so that none can be let
    go. Its statement opens the table and each of its indexes anew, so many rows go in one, by way of a temporary table:
    a third of the time is saved. `way` names that table: whose rows wait in it.
    """

    def __init__(
        self, model: type[models.Model], fields: Sequence[str], prepared: Collection[str], way: str = "bulk"
    ) -> None:
        self.connection = connection = connections[router.db_for_write(model)]
        found = [model._meta.get_field(name) for name in fields]
        names = ", ".join(connection.ops.quote_name(str(field.column)) for field in found)  # type: ignore[union-attr]
        self._target = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
        converters = [_converter(field, connection) for field in found]
        self._needed = [
            (at, convert)
            for at, (name, convert) in enumerate(zip(fields, converters, strict=True))
            if convert is not None and name not in prepared
        ]
        self._places = ", ".join("?" * len(found))
        self._columns = ", ".join(f"c{at}" for at in range(len(found)))  # without a type: values stay as they are
        self._held = f"temp.{way}_{len(found)}"
        connection.ensure_connection()

    def stored(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows as the database stores them."""
        return _convert(rows, self._needed) if self._needed else rows

    def copy(self, rows: Iterable[Row]) -> None:
        """PostgreSQL: past Django's cursor, which else turns the driver's errors into Django's."""
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {self._target} FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)

    def take(self, rows: Sequence[Row]) -> None:
        """SQLite: a few rows into the table itself, many into the temporary one."""
        driver = self.connection.connection
        few = len(rows) <= FEW
        if not few:
            driver.execute(f"CREATE TABLE IF NOT EXISTS {self._held} ({self._columns})")
            driver.execute(f"DELETE FROM {self._held}")  # noqa: S608 - our own names
        into = self._target if few else self._held
        driver.executemany(f"INSERT INTO {into} VALUES ({self._places})", rows)  # noqa: S608
        self._is_held = not few

    def pour(self) -> None:
        """SQLite: what was taken into the temporary table into its own."""
        if self._is_held:
            held = f"SELECT {self._columns} FROM {self._held} ORDER BY rowid"  # noqa: S608
            self.connection.connection.execute(f"INSERT INTO {self._target} {held}")
            self.connection.connection.execute(f"DELETE FROM {self._held}")  # noqa: S608


class _Counted:
    """Counts what passes, so that rows can stream."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.number += 1
            yield row


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
