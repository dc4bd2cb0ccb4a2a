"""What every saved change of a part has in common: the version is held, the change kept whole, the trail told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.canonical import digest, written
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, NotFound, Stale
from duikou.plans import policies
from duikou.plans.models import PlanEntry, PlanSection, PlanVersion, Revision
from duikou.plans.states import VersionState
from duikou.records.services.audit import record

GAP = 1024
"""Places between neighbours, so that moving one changes only that one."""
LONGEST_SAID = 400
_SILENT = frozenset({"uid", "order"})


def version_hold(version_id: int, parts: int = 1) -> None:
    """Take the version for the rest of the transaction and leave room for `parts` revisions.

    Every writer does this first, so writers of one version come one after the other and nobody waits in a ring.
    Raises `NotFound`, or `Conflict` when the content is closed (the policy that follows has the better words).
    """
    held = PlanVersion.objects.filter(pk=version_id, state=VersionState.DRAFT)
    if held.update(revision=F("revision") + parts):
        return
    state = PlanVersion.objects.filter(pk=version_id).values_list("state", flat=True).first()
    if state is None:
        raise NotFound
    raise Conflict(str(policies.WHY_CLOSED[VersionState(state)]), state=state)


def refuse_stale(part: PlanSection | PlanEntry, revision: int, present: Mapping[str, Any]) -> None:
    """Raise `Stale` with the present content unless the writer has seen it."""
    if part.revision != revision:
        raise Stale(
            _("%(name)s在您打开之后修改了这一部分。下面是现在的内容和您填写的内容，请核对后再保存。")
            % {"name": part.changed_by},
            present=dict(present),
            revision=part.revision,
            changed_by=part.changed_by,
            changed_at=part.changed_at.isoformat(),
        )


def revision_write(
    *,
    actor: Actor,
    version: PlanVersion,
    subject: str,
    uid: uuid.UUID,
    verb: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    label: str,
    at: dt.datetime | None = None,
    proposed_by: str = "",
) -> None:
    """Keep the part's whole content and tell the trail what changed (two statements).

    The trail says long texts by length and digest; the texts themselves stand in the revision, whose digest it keeps.
    """
    row = _row(actor, version, subject, uid, after, version.revision, at or now())
    Revision.objects.create(**row, proposed_by=proposed_by)
    old, new = _difference(before, after)
    told = {**(new or {}), "name": label, "revision": version.revision, "digest": content_digest(after)}
    told |= {"proposed_by": proposed_by} if proposed_by else {}
    record(actor=actor, action=f"plans.{subject}.{verb}", subject=version, before=old, after=told)


def revisions_write(
    *, actor: Actor, version: PlanVersion, parts: Iterable[tuple[str, uuid.UUID, Mapping[str, Any] | None]], first: int
) -> int:
    """Keep the contents of many parts at once, numbered from `first` on; returns how many."""
    at = now()
    rows = [
        Revision(**_row(actor, version, subject, uid, content, number, at))
        for number, (subject, uid, content) in enumerate(parts, start=first)
    ]
    Revision.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def revisions_of(version_id: int, uid: uuid.UUID) -> int:
    """How many changes of one part are kept: a part that comes back counts on from here."""
    return Revision.objects.filter(version=version_id, uid=uid).count()


def content_digest(content: Mapping[str, Any] | None) -> str:
    """The digest of one part's content ("" for a removed one)."""
    return "" if content is None else digest(written(content))


def place_after(orders: list[int], after: int | None) -> int | None:
    """A free place behind `after` (None: before all) among `orders`, sorted; None when the neighbours leave no room."""
    if not orders:
        return GAP
    if after is None:
        below, above = 0, orders[0]
    else:
        below = after
        above = next((order for order in orders if order > after), below + 2 * GAP)
    return below + (above - below) // 2 if above - below > 1 else None


def _row(
    actor: Actor,
    version: PlanVersion,
    subject: str,
    uid: uuid.UUID,
    content: Mapping[str, Any] | None,
    number: int,
    at: dt.datetime,
) -> dict[str, Any]:
    side = policies.side_of(actor, version.plan.pairing)
    return {
        "version": version,
        "number": number,
        "subject": subject,
        "uid": uid,
        "content": None if content is None else dict(content),
        "author_id": actor.account_id,
        "author_name": actor.name[:150],
        "side": side.value if side else "",
        "at": at,
    }


def _difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    names = [
        name
        for name in dict.fromkeys([*(before or {}), *(after or {})])
        if name not in _SILENT and (before or {}).get(name) != (after or {}).get(name)
    ]
    old = None if before is None else {name: _short(before.get(name)) for name in names}
    new = None if after is None else {name: _short(after.get(name)) for name in names}
    return old, new


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_SAID:
        return f"{value[:LONGEST_SAID]}…（{len(value)}，{digest(value.encode())[:16]}）"
    return value
