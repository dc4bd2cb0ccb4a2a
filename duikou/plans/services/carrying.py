"""What last year's plan says of the rest that this year's takes over: carried, for as long as somebody carries it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.plans.models import EntryProgress, Plan, PlanEntry, PlanVersion
from duikou.plans.states import EntryState, VersionState
from duikou.records.services.audit import record

CLOSED = (EntryState.DONE.value, EntryState.DROPPED.value)
"""What nobody needs to carry."""
LET_GO = (VersionState.ABANDONED, VersionState.SUPERSEDED)
"""Versions that carry nothing any more."""


def carried_mark(*, actor: Actor, past: Plan, titles: dict[uuid.UUID, str]) -> None:
    """Last year's plan says where its rest went; whoever has an older state of it before them is told so."""
    if not titles:
        return
    moment, name = now(), actor.name[:150]
    said = EntryProgress.objects.filter(plan=past, entry_uid__in=titles)
    known = set(said.values_list("entry_uid", flat=True))
    said.exclude(state__in=(EntryState.CARRIED.value, *CLOSED)).update(
        version=F("version") + 1,
        state_before=F("state"),
        state=EntryState.CARRIED,
        changed_at=moment,
        changed_by=name,
    )
    EntryProgress.objects.bulk_create(
        EntryProgress(
            plan=past,
            entry_uid=uid,
            state=EntryState.CARRIED,
            state_before=EntryState.PENDING,
            changed_at=moment,
            changed_by=name,
        )
        for uid in titles
        if uid not in known
    )
    _told(actor, past, EntryState.CARRIED, list(titles.values()))


def carried_again(*, actor: Actor, version: PlanVersion) -> None:
    """A version taken up again carries what it says it carries."""
    for past, titles in _carried_by(version).values():
        carried_mark(actor=actor, past=past, titles=titles)


def carried_let_go(*, actor: Actor, links: Iterable[tuple[int, uuid.UUID]]) -> None:
    """What nobody carries any more stands in last year's plan as it stood before it was carried."""
    wanted: dict[int, set[uuid.UUID]] = defaultdict(set)
    for plan_id, uid in links:
        wanted[plan_id].add(uid)
    for plan_id, uids in wanted.items():
        rows = PlanEntry.objects.filter(carried_plan=plan_id, carried_uid__in=uids)
        free = uids - set(rows.exclude(version__state__in=LET_GO).values_list("carried_uid", flat=True))
        marked = EntryProgress.objects.filter(plan=plan_id, entry_uid__in=free, state=EntryState.CARRIED)
        marked = marked.exclude(state_before="")
        found = list(marked.values_list("entry_uid", flat=True))
        if not found:
            continue
        marked.update(
            state=F("state_before"),
            state_before="",
            version=F("version") + 1,
            changed_at=now(),
            changed_by=actor.name[:150],
        )
        past = Plan.objects.get(pk=plan_id)
        named = PlanEntry.objects.filter(version__plan=plan_id, uid__in=found).order_by("order", "id")
        titles = list(dict.fromkeys(named.values_list("title", flat=True)))
        _told(actor, past, None, titles)


def carried_links(version: PlanVersion) -> list[tuple[int, uuid.UUID]]:
    """Plan and uid of every promise that the version carries on."""
    rows = PlanEntry.objects.filter(version=version, carried_plan__isnull=False)
    return [(plan_id, uid) for plan_id, uid in rows.values_list("carried_plan_id", "carried_uid") if plan_id and uid]


def _carried_by(version: PlanVersion) -> dict[int, tuple[Plan, dict[uuid.UUID, str]]]:
    found: dict[int, tuple[Plan, dict[uuid.UUID, str]]] = {}
    rows = PlanEntry.objects.filter(version=version, carried_plan__isnull=False).select_related("carried_plan")
    for row in rows.order_by("order", "id"):
        if row.carried_plan and row.carried_uid:
            found.setdefault(row.carried_plan.pk, (row.carried_plan, {}))[1][row.carried_uid] = row.title
    return found


def _told(actor: Actor, past: Plan, state: EntryState | None, titles: Sequence[str]) -> None:
    action = "plans.progress.set" if state else "plans.progress.let_go"
    after = {**({"state": state.value} if state else {}), "count": len(titles), "entry": list(titles[:20])}
    record(actor=actor, action=action, subject=past, after=after)
