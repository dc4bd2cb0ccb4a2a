"""Writing the trail: always inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.records.models import AuditEvent


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """What an event is about when there is no model instance at hand."""

    kind: str
    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
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
    """Write one audit event in the caller's transaction; raises when there is none."""
    ref = subject if isinstance(subject, SubjectRef) else subject_of(subject)
    event = _event(actor, action, Entry(ref, before, after), reason)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event is written in the transaction of its change")
    event.save(force_insert=True)
    return event


def record_many(*, actor: Actor, action: str, entries: Iterable[Entry], reason: str = "") -> int:
    """Write one event per entry in few statements; returns how many."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event is written in the transaction of its change")
    rows = [_event(actor, action, entry, reason) for entry in entries]
    AuditEvent.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _event(actor: Actor, action: str, entry: Entry, reason: str) -> AuditEvent:
    return AuditEvent(
        at=now(),
        actor_kind=actor.kind,
        actor_name=actor.name,
        actor_role=actor.role,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        organisation_name=actor.organisation_name,
        admin_mode_id=actor.admin_mode_id,
        action=action,
        subject_kind=entry.subject.kind,
        subject_id=entry.subject.id,
        subject_label=entry.subject.label[:300],
        before=entry.before,
        after=entry.after,
        reason=reason,
    )
