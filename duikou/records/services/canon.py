"""An event's row in the one form that is signed and digested."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

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

_AS_TEXT = tuple({"before": "before_text", "after": "after_text"}.get(name, name) for name in FIELDS)
_CHUNK = 2000

Row = tuple[Any, ...]
"""`(id, *FIELDS)` with JSON as the stored text."""


def at_text(at: dt.datetime) -> str:
    """A moment in the one form that is signed and digested: UTC to the microsecond."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def rows_by_id(ids: Iterable[int]) -> dict[int, Row]:
    """Stored rows by event id; what is missing is not in it."""
    return {row[0]: row for row in _rows(AuditEvent.objects.filter(id__in=list(ids)))}


def rows_unlinked(*, after: int) -> Iterator[Row]:
    """Rows with an id above `after` that no link names yet, by id, a chunk at a time.

    Each chunk is a query of its own: a cursor left open would keep SQLite from writing links meanwhile.
    """
    while True:
        linked = AuditLink.objects.filter(event_id=OuterRef("id"))
        chunk = list(_rows(AuditEvent.objects.filter(~Exists(linked), id__gt=after).order_by("id"))[:_CHUNK])
        yield from chunk
        if len(chunk) < _CHUNK:
            return
        after = chunk[-1][0]


def digest_of(row: Row) -> str:
    """SHA-256 over id, signature and every column of a stored row."""
    return digest([*row[:3], at_text(row[3]), *row[4:]])


def is_signed(row: Row, keys: tuple[bytes, ...]) -> bool:
    """Whether the row carries the platform's own signature under one of `keys`."""
    signed = [row[1], at_text(row[3]), *row[4:]]
    return any(sign(signed, key) == row[2] for key in keys)


def _rows(events: QuerySet[Any]) -> Any:
    return events.annotate(before_text=Cast("before", TextField()), after_text=Cast("after", TextField())).values_list(
        "id", *_AS_TEXT
    )
