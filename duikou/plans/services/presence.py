"""Who has a draft open. No proof of anything, so it leaves no trail."""

from __future__ import annotations

import datetime as dt
import uuid

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.plans import policies
from duikou.plans.models import PlanVersion, Presence

FORGOTTEN_AFTER = dt.timedelta(seconds=45)
SAID_AGAIN_AFTER = dt.timedelta(seconds=15)
"""Who stays where they are says so again after this long: most of what the page asks writes nothing."""


def presence_said(
    *, actor: Actor, version: PlanVersion, uid: uuid.UUID | None = None, editing: bool = False
) -> list[Presence]:
    """Say that `actor` is here, at the part `uid`, writing or reading, and hear who else is.

    One statement, and one more when there is something new to say or it was said long ago.
    """
    people = _present(version.pk)
    others = [one for one in people if one.account_id != actor.account_id]
    if actor.account_id is None:
        return others
    mine = next((one for one in people if one.account_id == actor.account_id), None)
    if mine is None or (mine.uid, mine.editing) != (uid, editing) or mine.at < now() - SAID_AGAIN_AFTER:
        _touch(actor, actor.account_id, version, uid, editing)
    return others


def _touch(actor: Actor, account_id: int, version: PlanVersion, uid: uuid.UUID | None, editing: bool) -> None:
    side = policies.side_of(actor, version.plan.pairing)
    row = Presence(
        version=version,
        account_id=account_id,
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
    return [one for one in _present(version_id) if one.account_id != actor.account_id]


def _present(version_id: int) -> list[Presence]:
    rows = Presence.objects.filter(version=version_id, at__gte=now() - FORGOTTEN_AFTER)
    return list(rows.order_by("name", "id"))
