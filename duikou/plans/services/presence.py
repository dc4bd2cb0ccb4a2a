"""Who has a draft open. No proof of anything, so it leaves no trail and costs one statement."""

from __future__ import annotations

import datetime as dt
import uuid

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.plans import policies
from duikou.plans.models import PlanVersion, Presence

FORGOTTEN_AFTER = dt.timedelta(seconds=45)


def presence_touch(*, actor: Actor, version: PlanVersion, uid: uuid.UUID | None = None, editing: bool = False) -> None:
    """Say that `actor` is here, at the part `uid`, writing or reading (one statement)."""
    if actor.account_id is None:
        return
    side = policies.side_of(actor, version.plan.pairing)
    row = Presence(
        version=version,
        account_id=actor.account_id,
        name=actor.name[:150],
        side=side.value if side else "",
        uid=uid,
        editing=editing,
        at=now(),
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["version", "account"],
        update_fields=["name", "side", "uid", "editing", "at"],
    )


def presence_leave(*, actor: Actor, version_id: int) -> None:
    """The page was closed."""
    if actor.account_id is None:
        return
    Presence.objects.filter(version=version_id, account_id=actor.account_id).delete()


def present(*, actor: Actor, version_id: int) -> list[Presence]:
    """The others who are here now (one query)."""
    since = now() - FORGOTTEN_AFTER
    rows = Presence.objects.filter(version=version_id, at__gte=since).exclude(account_id=actor.account_id or 0)
    return list(rows.order_by("name", "id"))
