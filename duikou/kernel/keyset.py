"""Pages that cost the same wherever they lie: a cursor is the last row's (value, id), not a number of rows to skip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import models
from django.db.models.functions import Coalesce

Row = TypeVar("Row", bound=models.Model)
SALT = "duikou.keyset"
SIZE = 50
_VALUE = "keyset_value"


@dataclass(frozen=True, slots=True)
class Order:
    """By `field`, then by id, both in one direction.

    A field that may be NULL needs `null`, the value NULL stands for (smaller than all others, say), so that the
    order is the same on every database; a stored column without NULL is faster, because an index can serve it.
    """

    field: str = "id"
    descending: bool = False
    null: Any = None

    @property
    def key(self) -> str:
        """What a cursor must have been made for."""
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Rows with the cursors of the neighbouring pages; `damaged` says that the given cursor could not be used."""

    rows: list[Row] = field(default_factory=list)
    previous: str | None = None
    next: str | None = None
    damaged: bool = False
    total: Any = None


def keyset_page(
    queryset: models.QuerySet[Row], order: Order, cursor: str = "", *, size: int = SIZE, total: Any = None
) -> KeysetPage[Row]:
    """The page that `cursor` names ("" = the first), in one query or two; one that is not ours gives the first page."""
    place = _read(cursor, order) if cursor else None
    damaged = bool(cursor) and place is None
    backwards = place is not None and place.backwards
    found = _slice(queryset, order, place, size + 1)
    if place is not None and not found:
        return keyset_page(queryset, order, size=size, total=total)
    rows = found[:size]
    more = len(found) > size
    if backwards:
        rows.reverse()
    has_previous = more if backwards else place is not None
    has_next = True if backwards else more
    return KeysetPage(
        rows,
        _write(order, rows[0], backwards=True) if has_previous else None,
        _write(order, rows[-1], backwards=False) if has_next else None,
        damaged,
        total,
    )


def rows_walk(queryset: models.QuerySet[Row], order: Order, *, size: int = 2000) -> Iterator[list[Row]]:
    """All rows in order, handed on `size` at a time: one query however many there are, one moment of the database,
    flat memory. `queryset` must not prefetch, which would ask again for every piece."""
    queryset, name = _ordered_by(queryset, order)
    sign = "-" if order.descending else ""
    names = [f"{sign}id"] if name == "id" else [f"{sign}{name}", f"{sign}id"]
    rows = queryset.order_by(*names).iterator(chunk_size=size)
    while some := list(islice(rows, size)):
        yield some


@dataclass(frozen=True, slots=True)
class _Place:
    value: Any
    pk: int
    backwards: bool


def _slice(queryset: models.QuerySet[Row], order: Order, place: _Place | None, limit: int) -> list[Row]:
    """The next `limit` rows from `place`: those with its value and a further id, then those with a further value.

    Two plain ranges of an index instead of one comparison of rows: SQLite leaves an id out of such a comparison and
    would read all rows of equal value (a third of a million, when a figure is mostly unknown).
    """
    queryset, name = _ordered_by(queryset, order)
    down = order.descending != (place is not None and place.backwards)
    sign, beyond = ("-", "lt") if down else ("", "gt")
    if name == "id":
        found = queryset if place is None else queryset.filter(**{f"id__{beyond}": place.pk})
        return list(found.order_by(f"{sign}id")[:limit])
    if place is None:
        return list(queryset.order_by(f"{sign}{name}", f"{sign}id")[:limit])
    rows = list(queryset.filter(**{name: place.value, f"id__{beyond}": place.pk}).order_by(f"{sign}id")[:limit])
    if len(rows) < limit:
        further = queryset.filter(**{f"{name}__{beyond}": place.value})
        rows += further.order_by(f"{sign}{name}", f"{sign}id")[: limit - len(rows)]
    return rows


def _ordered_by(queryset: models.QuerySet[Row], order: Order) -> tuple[models.QuerySet[Row], str]:
    """The rows, and the name of what they are ordered by: NULL stands for `order.null`."""
    if order.null is None:
        return queryset, order.field
    kind = _kind(queryset, order.field)
    value = Coalesce(models.F(order.field), models.Value(order.null, output_field=kind), output_field=kind)
    return queryset.annotate(**{_VALUE: value}), _VALUE


def _kind(queryset: models.QuerySet[Any], name: str) -> models.Field[Any, Any]:
    annotation = queryset.query.annotations.get(name)
    found: Any = annotation if annotation is not None else queryset.model._meta.get_field(name)
    kind: models.Field[Any, Any] = getattr(found, "output_field", found)
    return kind


def _value(row: models.Model, order: Order) -> Any:
    if order.null is not None:
        return getattr(row, _VALUE)
    return getattr(row, order.field)


def _write(order: Order, row: models.Model, *, backwards: bool) -> str:
    return signing.dumps([order.key, _packed(_value(row, order)), row.pk, int(backwards)], salt=SALT)


def _read(cursor: str, order: Order) -> _Place | None:
    try:
        key, packed, pk, backwards = signing.loads(cursor[:2000], salt=SALT)
        if key != order.key:
            return None
        return _Place(_unpacked(packed), int(pk), backwards=bool(backwards))
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def _packed(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _READERS[kind](text)


_READERS: dict[str, Callable[[str], Any]] = {
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "n": Decimal,
}
