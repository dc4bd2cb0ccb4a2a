"""Entries of plans as things that other rooms point at: by plan and uid, which outlive versions."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from duikou.kernel.actor import Actor
from duikou.kernel.references import Reference
from duikou.plans.models import PlanEntry
from duikou.plans.selectors.scope import versions_visible

MOST = 500


def entries_offered(actor: Actor, pairing_id: int) -> list[Reference]:
    """Entries of the latest visible version of every plan of the pairing, newest plans first (one query; ≤ 500)."""
    rows = _latest(actor).filter(version__plan__pairing_id=pairing_id)
    return [_reference(row) for row in rows.order_by("-version__plan_id", "order", "id")[:MOST]]


def entries_found(actor: Actor, ids: Collection[str]) -> dict[str, Reference]:
    """Those of `ids` ("plan:uid") that the actor may know of, as the latest visible version names them (one query)."""
    wanted = Q(pk__in=[])
    for one in ids:
        plan, _colon, uid = one.partition(":")
        try:
            wanted |= Q(version__plan_id=int(plan), uid=uuid.UUID(uid))
        except ValueError:
            continue
    found = (_reference(row) for row in _latest(actor).filter(wanted))
    return {one.id: one for one in found}


def _latest(actor: Actor) -> QuerySet[PlanEntry]:
    latest = versions_visible(actor=actor).filter(plan=OuterRef("version__plan")).order_by("-number").values("pk")[:1]
    return PlanEntry.objects.filter(version=Subquery(latest)).select_related("version__plan")


def _reference(row: PlanEntry) -> Reference:
    plan = row.version.plan
    page = reverse("plans:version", args=[plan.pk, row.version.number])
    return Reference(f"{plan.pk}:{row.uid}", row.title, f"{page}#entry-{row.uid}", plan.title)
