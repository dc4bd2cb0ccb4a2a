"""Opening and closing what waits for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from duikou.flow import policies
from duikou.flow.models import InboxItem, kind_of
from duikou.flow.states import ItemState
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict
from duikou.kernel.facts import announce
from duikou.programme.models import Region
from duikou.records.services.audit import SubjectRef, record


@dataclass(frozen=True, slots=True)
class To:
    """One account; or an organisation (in `role`, if given); or a role over a region (None: nation-wide)."""

    account_id: int | None = None
    organisation_id: int | None = None
    role: Role | None = None
    region: Region | None = None


def item_open(
    *,
    actor: Actor,
    key: str,
    kind: str,
    to: To,
    url: str,
    title: str,
    params: Mapping[str, Any] | None = None,
    subject: SubjectRef | None = None,
    due_on: dt.date | None = None,
) -> InboxItem:
    """Let something wait for somebody. `title` is a msgid (`gettext_noop`) with named placeholders for `params`.

    `key` names the occasion: opening it again gives the item that is there, whatever became of it.
    """
    with transaction.atomic():
        item, is_new = InboxItem.objects.get_or_create(
            key=key[:200],
            defaults={
                "kind": kind,
                "account_id": to.account_id,
                "organisation_id": to.organisation_id,
                "role": to.role.value if to.role else "",
                "region": to.region,
                "region_path": to.region.path if to.region else "",
                "subject_kind": subject.kind if subject else "",
                "subject_id": subject.id if subject else "",
                "url": url[:300],
                "title": title,
                "params": dict(params or {}),
                "due_on": due_on,
                "opened_at": now(),
                "opened_by": actor.name[:150],
            },
        )
        if is_new:
            after = {"kind": kind, "title": item.words, "due_on": due_on}
            record(actor=actor, action="flow.inboxitem.open", subject=item, after=after)
            announce("flow.item.opened", item_id=item.pk)
    return item


def item_close(*, actor: Actor, key: str) -> bool:
    """The occasion `key` is dealt with: close its item, if it waits still. Returns whether it did."""
    with transaction.atomic():
        item = InboxItem.objects.filter(key=key[:200], state=ItemState.OPEN).first()
        return item is not None and _end(actor, item, ItemState.DONE, "")


def items_close_about(*, actor: Actor, subject: SubjectRef, kinds: Collection[str] = ()) -> int:
    """Nothing about `subject`, or nothing of these `kinds`, waits for anybody any more; returns how many items did."""
    with transaction.atomic():
        open_ones = InboxItem.objects.filter(subject_kind=subject.kind, subject_id=subject.id, state=ItemState.OPEN)
        open_ones = open_ones.filter(kind__in=list(kinds)) if kinds else open_ones
        return sum(_end(actor, item, ItemState.DONE, "") for item in list(open_ones.order_by("id")))


def item_dismiss(*, actor: Actor, item: InboxItem, reason: str = "") -> None:
    """Set an item of one's own inbox aside; duties cannot be. The caller read it by `selectors.item_for`."""
    policies.may_dismiss(is_duty=kind_of(item.kind).is_duty).or_raise()
    with transaction.atomic():
        if not _end(actor, item, ItemState.DISMISSED, reason):
            raise Conflict


def _end(actor: Actor, item: InboxItem, state: ItemState, reason: str) -> bool:
    """Close it if nobody else did in between."""
    changed = InboxItem.objects.filter(pk=item.pk, state=ItemState.OPEN).update(
        state=state, closed_at=now(), closed_by=actor.name[:150], reason=reason[:500]
    )
    if not changed:
        return False
    before, after = {"state": ItemState.OPEN.value}, {"state": state.value}
    record(actor=actor, action="flow.inboxitem.update", subject=item, before=before, after=after, reason=reason)
    announce("flow.item.closed", item_id=item.pk)
    return True
