"""An event's row in the one form that is signed and digested."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from duikou.records.models import AuditEvent, AuditLink
from duikou.records.rules import digest, sign

FIELDS = (
    "uid",
    "mac",
    "at",
    "actor_kind",
    "actor_name",
    "actor_role",
    "account_id",
    "organisation_id",
    "organisation_name",
    "admin_mode_id",
    "request_id",
    "action",
    "subject_kind",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "reason",
)
"""Columns of an event in the order in which they are signed; `uid` first, `mac` over all the others."""

_CHUNK = 2000
_AT = {
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""",
    "sqlite": "replace(e.at, ' ', 'T') || CASE length(e.at) WHEN 19 THEN '.000000' ELSE '' END",
}
"""The moment by the database itself as `at_text` gives it: a million of them need not become moments first."""

Row = tuple[Any, ...]
"""`(id, *FIELDS)`, the moment as `at_text`, JSON as the stored text."""


class Linked(NamedTuple):
    """A link of the chain and the row it names, None when there is none."""

    position: int
    event_id: int
    digest: str
    chain: str
    row: Row | None


def at_text(at: dt.datetime) -> str:
    """A moment in the one form that is signed and digested: UTC to the microsecond."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def rows_linked(*, after: int, until: int) -> Iterator[list[Linked]]:
    """Links with a position above `after` up to `until`, in order, with their rows, a chunk at a time."""
    query = (
        f"SELECT l.position, l.event_id, l.digest, l.chain, {_columns()} FROM {_LINKS} l "  # noqa: S608 - our own names
        f"LEFT JOIN {_EVENTS} e ON e.id = l.event_id WHERE l.position > %s AND l.position <= %s "
        f"ORDER BY l.position LIMIT {_CHUNK}"
    )
    while chunk := _fetched(query, after, until):
        yield [Linked._make((*row[:4], None if row[4] is None else row[4:])) for row in chunk]
        after = chunk[-1][0]


def rows_unlinked(*, after: int) -> Iterator[list[Row]]:
    """Rows with an id above `after` that no link names yet, by id, a chunk at a time.

    Each chunk is a query of its own: a cursor left open would keep SQLite from writing links meanwhile.
    """
    query = (
        f"SELECT {_columns()} FROM {_EVENTS} e WHERE e.id > %s AND NOT EXISTS "  # noqa: S608 - our own names
        f"(SELECT 1 FROM {_LINKS} l WHERE l.event_id = e.id) ORDER BY e.id LIMIT {_CHUNK}"
    )
    while chunk := _fetched(query, after):
        yield chunk
        after = chunk[-1][0]


def digest_of(row: Row) -> str:
    """SHA-256 over id, signature and every column of a stored row."""
    return digest(row)


def is_signed(row: Row, keys: tuple[bytes, ...]) -> bool:
    """Whether the row carries the platform's own signature under one of `keys`."""
    signed = (row[1], *row[3:])
    return any(sign(signed, key) == row[2] for key in keys)


_EVENTS, _LINKS = AuditEvent._meta.db_table, AuditLink._meta.db_table


def _columns() -> str:
    return ", ".join(["e.id", *(_AT[connection.vendor] if name == "at" else f"e.{name}" for name in FIELDS)])


def _fetched(query: str, *values: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Row] = cursor.fetchall()
    return rows
