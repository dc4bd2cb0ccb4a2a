"""The list of plans, and what stands around one on its page."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.plans.models import EntryProgress, EntryUnit, Plan, PlanEntry, PlanVersion, UnitTask
from duikou.plans.selectors.scope import versions_visible
from duikou.programme.models import Clause, Indicator, Pairing, Programme


def plans_listed(*, actor: Actor) -> QuerySet[Plan]:
    """Visible plans, each with the number, state and id of the latest version that the actor may know of."""
    latest = versions_visible(actor=actor).filter(plan=OuterRef("pk")).order_by("-number")
    rows = Plan.objects.select_related("programme", "pairing", "parent", "field").annotate(
        version_id=Subquery(latest.values("pk")[:1]),
        version_number=Subquery(latest.values("number")[:1]),
        version_state=Subquery(latest.values("state")[:1]),
    )
    return rows.filter(version_id__isnull=False)


def versions_of(*, actor: Actor, plan: Plan) -> list[PlanVersion]:
    """The versions of a plan that the actor may know of, newest first."""
    related = ("plan__programme", "plan__field", "plan__parent")
    sides = ("plan__pairing__first_region", "plan__pairing__second_region")
    return list(
        versions_visible(actor=actor)
        .filter(plan=plan)
        .select_related(*related, *sides)
        .order_by("-number")
        .defer("sealed")
    )


def children_of(*, actor: Actor, plan: Plan) -> list[Any]:
    """Visible plans that break this one down."""
    return list(plans_listed(actor=actor).filter(parent=plan).order_by("year", "id"))


def links_down(*, actor: Actor, plan: Plan) -> dict[str, list[PlanEntry]]:
    """uid of an entry of `plan` → entries of lower plans (of their latest visible version) that break it down."""
    latest = {row.version_id for row in children_of(actor=actor, plan=plan)}
    found: dict[str, list[PlanEntry]] = {}
    rows = PlanEntry.objects.filter(parent_plan=plan, version__in=latest).select_related("version__plan")
    for row in rows.order_by("version__plan__year", "order"):
        found.setdefault(str(row.parent_uid), []).append(row)
    return found


def titles_above(*, actor: Actor, version: PlanVersion) -> dict[str, str]:
    """uid → title of the entries above, where the actor may see their plan."""
    uids = PlanEntry.objects.filter(version=version, parent_uid__isnull=False).values("parent_uid")
    rows = PlanEntry.objects.filter(uid__in=uids, version__in=versions_visible(actor=actor)).order_by("version__number")
    return {str(uid): title for uid, title in rows.values_list("uid", "title")}


def progress_of(plan: Plan) -> dict[str, EntryProgress]:
    """What was said of how far each promise is."""
    return {str(row.entry_uid): row for row in EntryProgress.objects.filter(plan=plan)}


def tasks_by_entry(plan: Plan) -> dict[str, list[UnitTask]]:
    """The units' tasks below each promise."""
    found: dict[str, list[UnitTask]] = {}
    for task in UnitTask.objects.filter(plan=plan).select_related("organisation"):
        found.setdefault(str(task.entry_uid), []).append(task)
    return found


def pairings_writable(*, actor: Actor, everywhere: bool) -> list[Pairing]:
    """Pairings for whose plans the actor's office may begin one."""
    rows = Pairing.objects.filter(retired_in=None).select_related("programme", "first_region", "second_region")
    if not everywhere:
        path = actor.region_path
        if not path:
            return []
        rows = rows.filter(Q(first_region__path__startswith=path) | Q(second_region__path__startswith=path))
    return list(rows.order_by("programme", "order"))


def clauses_of(programme: Programme) -> list[Clause]:
    """Clauses to choose from: tasks and safeguards in force."""
    rows = Clause.objects.filter(programme=programme, retired_in=None)
    return list(rows.exclude(kind="preamble").order_by("order"))


def indicators_of(programme: Programme) -> list[Indicator]:
    """Indicators in force."""
    return list(Indicator.objects.filter(programme=programme, retired_in=None).order_by("order"))


def version_with_digest(*, actor: Actor, digest: str) -> PlanVersion | None:
    """The version of which a paper says the digest, when the actor may know of it."""
    related = ("plan__programme", "plan__field", "plan__pairing__first_region", "plan__pairing__second_region")
    return versions_visible(actor=actor).filter(digest=digest).exclude(digest="").select_related(*related).first()


def bodies_of_entry(*, plan_id: int, uid: uuid.UUID) -> list[tuple[int, str]]:
    """Responsible units of a promise in force that the platform knows: (id, name)."""
    rows = EntryUnit.objects.filter(
        entry__uid=uid, entry__version__plan=plan_id, entry__version__state="in_force", organisation__isnull=False
    )
    return [(pk, name) for pk, name in rows.values_list("organisation_id", "name") if pk is not None]


def task_of(*, plan: Plan, task_id: int) -> UnitTask:
    """One task of a visible plan; raises `NotFound`."""
    task = UnitTask.objects.filter(plan=plan, pk=task_id).select_related("organisation").first()
    if task is None:
        raise NotFound
    task.plan = plan
    return task
