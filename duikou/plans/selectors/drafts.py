"""Drafts that an office may write in."""

from __future__ import annotations

from django.db.models import Q

from duikou.kernel.actor import OFFICE, Actor
from duikou.plans.models import PlanVersion
from duikou.plans.selectors.scope import RELATED, versions_visible
from duikou.plans.states import VersionState

MOST = 200


def drafts_writable(*, actor: Actor) -> list[PlanVersion]:
    """The drafts of the actor's pairings (for jobs and commands: all), newest first, at most `MOST` of them."""
    rows = versions_visible(actor=actor).filter(state=VersionState.DRAFT)
    if actor.role in OFFICE and actor.region_path:
        path = actor.region_path
        rows = rows.filter(
            Q(plan__pairing__first_region__path__startswith=path)
            | Q(plan__pairing__second_region__path__startswith=path)
        )
    elif actor.is_person:
        return []
    return list(rows.select_related(*RELATED).defer("sealed").order_by("-id")[:MOST])
