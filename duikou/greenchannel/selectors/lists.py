"""The list of requests: visible rows with what a list names, and its conditions."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.selectors.scope import RELATED, requests_visible
from duikou.greenchannel.states import LIVE, PAUSED, RUNNING, RequestState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today


def requests_listed(*, actor: Actor) -> QuerySet[GreenChannelRequest]:
    """Visible requests with what their rows name."""
    return requests_visible(actor=actor).select_related(*RELATED)


def overdue_now() -> Q:
    """Open and beyond its term: marked so, or running after its day."""
    return Q(state__in=LIVE) & (Q(late_on__isnull=False) | Q(state__in=RUNNING, due_on__lt=today()))


def late_ever() -> Q:
    """Beyond its term at some time, solved late or still open."""
    return Q(late_on__isnull=False) | overdue_now()


def turn_of(actor: Actor) -> Q:
    """Waiting for the actor's organisation: as owner, or as asker."""
    body = actor.organisation_id
    if body is None:
        return Q(pk__in=[])
    return Q(state__in=RUNNING, owner_organisation_id=body) | Q(state__in=PAUSED, asker_organisation_id=body)


GROUPS = {
    "open": Q(state__in=LIVE),
    "solved": Q(state=RequestState.SOLVED.value),
    "reopened": Q(round__gt=0),
}
"""Conditions that a figure's list is under, beside those that depend on the day."""
