"""What a viewer may know of: versions first, plans by their versions."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.plans.models import EntryUnit, Plan, PlanVersion, UnitTask
from duikou.plans.states import VersionState

ACTED_ON = (VersionState.IN_FORCE.value, VersionState.SUPERSEDED.value)
RELATED = (
    "plan__programme",
    "plan__field",
    "plan__parent",
    "plan__pairing__first_region",
    "plan__pairing__second_region",
)


def versions_visible(*, actor: Actor) -> QuerySet[PlanVersion]:
    """The versions that `actor` may know of.

    Coordinator, auditor, jobs and an operator in admin mode: all. The Organization Department: what both signed and
    it has to receive; ministries: from filing on. The offices
    of a side: all of their pairings. Other offices and organisation departments: those in force, now or once. Units:
    those in force that name their organisation or give it a task. Everybody else: none.
    """
    rows = PlanVersion.objects.all()
    if actor.kind in {ActorKind.JOB, ActorKind.COMMAND} or actor.admin_mode_id is not None:
        return rows
    if actor.role in {Role.COORDINATOR, Role.AUDITOR}:
        return rows
    if actor.role is Role.CADRE_AUTHORITY:
        return rows.filter(signed_at__isnull=False)
    if actor.role is Role.MINISTRY:
        return rows.filter(filed_at__isnull=False)
    if actor.role in OFFICE and actor.region_path:
        path = actor.region_path
        return rows.filter(
            Q(state__in=ACTED_ON)
            | Q(plan__pairing__first_region__path__startswith=path)
            | Q(plan__pairing__second_region__path__startswith=path)
        )
    if actor.role is Role.CADRE_OFFICER and actor.region_path:
        return rows.filter(state__in=ACTED_ON)
    if actor.role is Role.UNIT and actor.organisation_id is not None:
        named = EntryUnit.objects.filter(entry__version=OuterRef("pk"), organisation_id=actor.organisation_id)
        tasks = UnitTask.objects.filter(plan=OuterRef("plan_id"), organisation_id=actor.organisation_id)
        return rows.filter(Exists(named) | Exists(tasks), state__in=ACTED_ON)
    return rows.none()


def plans_visible(*, actor: Actor) -> QuerySet[Plan]:
    """The plans of which `actor` may know a version."""
    return Plan.objects.filter(Exists(versions_visible(actor=actor).filter(plan=OuterRef("pk"))))


def plan_visible(*, actor: Actor, plan_id: int) -> Plan:
    """One plan with its pairing and regions; raises `NotFound` when it is not there for this actor."""
    related = [name.removeprefix("plan__") for name in RELATED]
    found = plans_visible(actor=actor).filter(pk=plan_id).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def version_visible(*, actor: Actor, version_id: int) -> PlanVersion:
    """One version with its plan, pairing and regions; raises `NotFound` when it is not there for this actor."""
    found = versions_visible(actor=actor).filter(pk=version_id).select_related(*RELATED).first()
    if found is None:
        raise NotFound
    return found
