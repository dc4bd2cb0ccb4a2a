"""When two wrote the same part: what was refused is kept, and a way of bringing both together is offered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import NotFound
from duikou.kernel.rich_text import safe_html
from duikou.plans import policies
from duikou.plans.models import PlanVersion, RefusedText, Revision
from duikou.plans.rules.merge import Chunk, FieldChoice, is_clean, merge_fields, merge_html, result

SECTION_FIELDS = ("heading", "part", "level", "clauses")


@dataclass(frozen=True, slots=True)
class Offer:
    """Both writings of a section, paragraph by paragraph; `body` is the text as offered.

    `clean`: no paragraph was changed by both, so what is offered holds every word of both.
    """

    chunks: tuple[Chunk, ...]
    fields: tuple[FieldChoice, ...]
    body: str
    clean: bool


def refused_keep(
    *,
    actor: Actor,
    version: PlanVersion,
    subject: str,
    uid: uuid.UUID,
    seen: int,
    content: Mapping[str, Any],
    replaces: int | None = None,
) -> RefusedText:
    """Keep what was not saved (called after the refusal, outside its transaction); the same again is kept once.

    `replaces`: an earlier refusal of the same writing, which this one takes the place of (its words stay kept).
    """
    side = policies.side_of(actor, version.plan.pairing)
    row = RefusedText(
        version=version,
        subject=subject,
        uid=uid,
        seen=seen,
        content=dict(content),
        author_id=actor.account_id,
        author_name=actor.name[:150],
        side=side.value if side else "",
        at=now(),
    )
    last = RefusedText.objects.filter(version=version, uid=uid, author_id=actor.account_id).order_by("-id").first()
    if last is not None and last.settled_at is None and last.content == row.content:
        return last
    row.save()
    if replaces is not None:
        _mine(actor, version.pk).filter(pk=replaces, uid=uid).update(settled_at=row.at)
    return row


def refused_settle(*, actor: Actor, version_id: int, refused_id: int) -> int:
    """The writer merged their words or let them go: they wait no more, and stay kept; how many were waiting."""
    return _mine(actor, version_id).filter(pk=refused_id).update(settled_at=now())


def refused_waiting(*, actor: Actor, version_id: int) -> list[RefusedText]:
    """What of the actor's own writing waits to be merged, oldest first (one query)."""
    return list(_mine(actor, version_id).order_by("id"))


def refused_of(*, actor: Actor, version_id: int, refused_id: int) -> RefusedText:
    """One of the actor's own, settled or not; raises `NotFound`."""
    mine = RefusedText.objects.filter(pk=refused_id, version=version_id, author_id=actor.account_id or 0)
    found = mine.first()
    if found is None:
        raise NotFound
    return found


def _mine(actor: Actor, version_id: int) -> QuerySet[RefusedText]:
    return RefusedText.objects.filter(version=version_id, author_id=actor.account_id or 0, settled_at=None)


def content_seen(*, version_id: int, uid: uuid.UUID, revision: int) -> dict[str, Any] | None:
    """A part's content at its `revision` (each save is one, from 1); None when there is no such."""
    if revision < 1:
        return None
    kept = Revision.objects.filter(version=version_id, uid=uid).order_by("number")
    found = kept.values_list("content", flat=True)[revision - 1 : revision].first()
    return dict(found) if found else None


def section_offer(
    *, version_id: int, uid: uuid.UUID, seen: int, mine: Mapping[str, Any], present: Mapping[str, Any]
) -> Offer:
    """How the writer's section and the present one go together, from what the writer had seen.

    Without it (an unknown revision) everything that differs is for the writer to decide.
    """
    base = content_seen(version_id=version_id, uid=uid, revision=seen) or {}
    chunks = tuple(merge_html(base.get("body", ""), safe_html(mine.get("body", "")), present.get("body", "")))
    fields = tuple(merge_fields(base, mine, present, [name for name in SECTION_FIELDS if name in mine]))
    return Offer(chunks, fields, result(chunks), is_clean(chunks))


def restored(*, version_id: int, number: int, uid: uuid.UUID) -> dict[str, Any]:
    """A part's content as it was at the version's revision `number`, to be saved anew; raises `NotFound`."""
    kept = Revision.objects.filter(version=version_id, uid=uid, number__lte=number).order_by("-number")
    content = kept.values_list("content", flat=True).first()
    if content is None:
        raise NotFound
    return dict(content)
