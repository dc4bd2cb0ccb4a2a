"""Writing the trail: always inside the transaction of the change itself."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models, router, transaction

from duikou.kernel import trace
from duikou.kernel.actor import Actor
from duikou.kernel.bulk import insert_many
from duikou.kernel.clock import now
from duikou.records.models import AuditEvent
from duikou.records.rules import as_json, sign, storable
from duikou.records.services.canon import FIELDS, at_text
from duikou.records.services.changes import changes, masked_fields, masked_value, snapshot
from duikou.records.services.keys import event_keys

__all__ = [
    "Entry",
    "SubjectRef",
    "changes",
    "events_signed",
    "events_write",
    "record",
    "record_many",
    "snapshot",
    "subject_of",
]


class SubjectRef(NamedTuple):
    """What an event is about when there is no model instance at hand."""

    kind: str
    id: str
    label: str = ""


class Entry(NamedTuple):
    """One row for `record_many`."""

    subject: SubjectRef
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def subject_of(instance: models.Model) -> SubjectRef:
    """The reference that stands for a model instance in the trail."""
    return SubjectRef(instance._meta.label_lower, str(instance.pk), str(instance)[:300])


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | SubjectRef,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one audit event in the caller's transaction and return it; raises when there is no transaction.

    Fields that the subject's model names in `audit_masked` are masked here again, should the caller have forgotten.
    """
    _in_transaction()
    ref = subject if isinstance(subject, SubjectRef) else subject_of(subject)
    at = now()
    row = next(_rows(actor, action, [Entry(ref, before, after)], reason, at, at))
    event = AuditEvent(**dict(zip(FIELDS, row, strict=True)))
    event.save()
    return event


def record_many(*, actor: Actor, action: str, entries: Iterable[Entry], reason: str = "") -> int:
    """Write one event per entry in few statements, in the caller's transaction; returns how many.

    100,000 events take about a second. All carry one moment, that of the call.
    """
    return events_write(events_signed(actor=actor, action=action, entries=entries, reason=reason))


def events_signed(
    *, actor: Actor, action: str, entries: Iterable[Entry], reason: str = ""
) -> Iterator[tuple[Any, ...]]:
    """The signed rows that `events_write` takes: who writes much may have them made in another process."""
    at = now()
    connection = transaction.get_connection(router.db_for_write(AuditEvent))
    stored = connection.ops.adapt_datetimefield_value(at.astimezone(dt.UTC))
    return _rows(actor, action, entries, reason, at, stored)


def events_write(rows: Iterable[tuple[Any, ...]]) -> int:
    """Write signed rows in the transaction of what they tell of; returns how many."""
    _in_transaction()
    return insert_many(AuditEvent, FIELDS, rows, prepared=("at", "before", "after"))


def _in_transaction() -> None:
    if not transaction.get_connection(router.db_for_write(AuditEvent)).in_atomic_block:
        raise transaction.TransactionManagementError("an audit event is written in the transaction of its change")


def _rows(
    actor: Actor, action: str, entries: Iterable[Entry], reason: str, at: dt.datetime, stored: Any
) -> Iterator[tuple[Any, ...]]:
    """Signed rows in the order of `FIELDS`, the moment as the caller stores it."""
    key = event_keys()[0]
    start = f"{time.time_ns():016x}{os.urandom(4).hex()}"
    moment = at_text(at)
    head = (
        actor.kind.value,
        storable(actor.name)[:150],
        actor.role.value,
        actor.account_id,
        actor.organisation_id,
        storable(actor.organisation_name)[:200],
        actor.admin_mode_id,
        trace.request_id.get(),
        action[:80],
    )
    why = storable(str(reason))
    for number, (subject, before, after) in enumerate(entries):
        masked = _masked_of(subject.kind)
        uid = f"{start}{number:08x}"
        row = (
            *head,
            subject.kind[:60],
            storable(str(subject.id))[:64],
            storable(subject.label)[:300],
            _text(before, masked),
            _text(after, masked),
            why,
        )
        yield uid, sign((uid, moment, *row), key), stored, *row


def _text(values: Mapping[str, Any] | None, masked: frozenset[str]) -> str | None:
    if values is None:
        return None
    if masked and not masked.isdisjoint(values):
        values = {name: masked_value(name, value) if name in masked else value for name, value in values.items()}
    return as_json(dict(values))


@lru_cache(maxsize=512)
def _masked_of(kind: str) -> frozenset[str]:
    app, _dot, name = kind.partition(".")
    try:
        return masked_fields(apps.get_model(app, name))
    except (LookupError, ValueError):
        return frozenset()
