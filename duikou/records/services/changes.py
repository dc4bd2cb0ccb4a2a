"""What changed between two states of a record, fit to be kept: plain values, personal fields masked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import models

from duikou.kernel.fields import EncryptedTextField, mask

Values = dict[str, Any]


class Snapshot(dict[str, Any]):
    """The stored values of a record by field name, with the model they came from and the names of related rows."""

    def __init__(self, values: Mapping[str, Any], model: type[models.Model], labels: Mapping[str, str]) -> None:
        super().__init__(values)
        self.model = model
        self.labels = dict(labels)


def snapshot(instance: models.Model) -> Snapshot:
    """The present values of `instance` by field name, taken before a change; asks the database nothing."""
    values: Values = {}
    labels: dict[str, str] = {}
    for field in instance._meta.concrete_fields:
        if field.attname not in instance.__dict__:
            continue
        value = getattr(instance, field.attname)
        values[field.name] = _plain(value)
        related = instance._state.fields_cache.get(field.name)
        if isinstance(related, models.Model):
            labels[field.name] = str(related)[:300]
    return Snapshot(values, type(instance), labels)


def changes(
    before: models.Model | Mapping[str, Any] | None,
    after: models.Model | Mapping[str, Any] | None,
    *,
    model: type[models.Model] | None = None,
) -> tuple[Values | None, Values | None]:
    """Only the fields that differ, as `(before, after)` for `audit.record`; `None` for a side that is not there.

    Keys are field names (shown to readers by their translated labels); related rows carry their name as it was. The
    fields in the model's `audit_masked`, encrypted fields and passwords come masked. Of a new or a removed record the
    filled fields are given.
    """
    old, new = _taken(before), _taken(after)
    known = model or next((side.model for side in (new, old) if isinstance(side, Snapshot)), None)
    hidden = masked_fields(known) if known else frozenset()
    if old is None or new is None:
        only = old if old is not None else new
        filled = {name: value for name, value in (only or {}).items() if value not in (None, "", [], {})}
        shown = _shown(filled, only, hidden)
        return (shown, None) if old is not None else (None, shown if new is not None else None)
    differ = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return (
        _shown({name: old.get(name) for name in differ}, old, hidden),
        _shown({name: new.get(name) for name in differ}, new, hidden),
    )


def masked_fields(model: type[models.Model]) -> frozenset[str]:
    """Names of the fields of `model` that the trail may only show masked."""
    names = set(getattr(model, "audit_masked", ()))
    names.update(field.name for field in model._meta.fields if isinstance(field, EncryptedTextField))
    if any(field.name == "password" for field in model._meta.fields):
        names.add("password")
    return frozenset(names)


def masked_value(name: str, value: Any) -> Any:
    """`value` of a personal field as the trail may show it; masking twice changes nothing."""
    if value is None or value == "":
        return value
    if name == "password":
        return "******"
    text = str(value)
    if len(text) >= 11 and not any(mark.isspace() for mark in text):
        return mask(text, keep_start=3, keep_end=4)
    return mask(text)


def _taken(side: models.Model | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if side is None or isinstance(side, Snapshot):
        return side
    if isinstance(side, models.Model):
        return snapshot(side)
    return {name: _plain(value) for name, value in side.items()}


def _shown(values: Mapping[str, Any], side: Mapping[str, Any] | None, hidden: frozenset[str]) -> Values:
    labels = side.labels if isinstance(side, Snapshot) else {}
    shown: Values = {}
    for name, value in values.items():
        if name in hidden:
            shown[name] = masked_value(name, value)
        elif name in labels:
            shown[name] = {"id": value, "label": labels[name]}
        else:
            shown[name] = value
    return shown


def _plain(value: Any) -> Any:
    """The JSON form of a stored value."""
    if value is None or isinstance(value, (bool, int)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(inner) for inner in value), key=str)
    if isinstance(value, (bytes, memoryview)):
        return f"({len(value)} B)"
    return str(value)
