"""From a promise upwards, to what it breaks down, and along the years, from what it was carried."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from duikou.kernel.actor import Actor
from duikou.plans.models import Plan, PlanEntry
from duikou.plans.selectors.scope import versions_visible

DEEPEST = 6
"""Plans above one another that are followed; the domain knows three."""


@dataclass(frozen=True, slots=True)
class Link:
    """A promise of another plan that the viewer may know of."""

    plan_id: int
    number: int
    plan_title: str
    uid: str
    title: str


def chain_up(*, actor: Actor, plan_id: int, uid: uuid.UUID) -> list[Link]:
    """The promise itself, then what it breaks down, and so on up, as far as the viewer may know (a query a step)."""
    found: list[Link] = []
    while len(found) < DEEPEST:
        row = _entry(actor, plan_id, uid)
        if row is None:
            break
        found.append(_link(row))
        if row.parent_plan_id is None or row.parent_uid is None:
            break
        plan_id, uid = row.parent_plan_id, row.parent_uid
    return found


def _entry(actor: Actor, plan_id: int, uid: uuid.UUID) -> PlanEntry | None:
    rows = PlanEntry.objects.filter(uid=uid, version__plan=plan_id, version__in=versions_visible(actor=actor))
    return rows.select_related("version__plan").order_by("-version__number").first()


def carried_on(*, actor: Actor, plan: Plan) -> dict[str, Link]:
    """uid of a promise of `plan` → where next year's plan carries it on, in its latest visible version (one query)."""
    rows = PlanEntry.objects.filter(carried_plan=plan, version__in=versions_visible(actor=actor))
    rows = rows.exclude(version__state="abandoned").select_related("version__plan").order_by("version__number")
    return {str(row.carried_uid): _link(row) for row in rows}


def _link(row: PlanEntry) -> Link:
    plan = row.version.plan
    return Link(plan.pk, row.version.number, plan.title, str(row.uid), row.title)
