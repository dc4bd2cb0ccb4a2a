"""The lists of meetings and action items, and what stands around one on its page."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.references import Reference, referables
from duikou.meetings.models import ActionItem, Meeting, MeetingLink
from duikou.meetings.selectors.scope import REGIONAL, SIDES, actions_visible, meetings_visible, sees_all
from duikou.meetings.states import LIVE_ACTIONS, ActionState
from duikou.programme.models import Duty, Pairing


def meetings_listed(*, actor: Actor) -> QuerySet[Meeting]:
    """Visible meetings with pairing, duty and how many of their action items are not closed (`open_actions`)."""
    waiting = ActionItem.objects.filter(meeting=OuterRef("pk"), state__in=LIVE_ACTIONS).order_by()
    count = waiting.values("meeting").annotate(n=Count("pk")).values("n")
    rows = meetings_visible(actor=actor).select_related("duty", *SIDES)
    return rows.annotate(open_actions=Coalesce(Subquery(count), 0))


def actions_listed(*, actor: Actor) -> QuerySet[ActionItem]:
    """Visible action items with meeting and pairing."""
    return actions_visible(actor=actor).select_related("meeting", *SIDES)


def actions_of(*, actor: Actor, meeting: Meeting) -> list[ActionItem]:
    """The visible items of one meeting (one query)."""
    return list(actions_listed(actor=actor).filter(meeting=meeting).order_by("due_on", "id"))


def actions_late(*, actor: Actor) -> list[ActionItem]:
    """Visible items whose day has passed, the oldest first (one query; ≤ 50)."""
    rows = actions_listed(actor=actor).filter(state=ActionState.OPEN, due_on__lt=today())
    return list(rows.order_by("due_on", "id")[:50])


def actions_left(*, actor: Actor, meeting: Meeting) -> int:
    """How many items of earlier meetings of the pairing are not closed (one query)."""
    rows = actions_visible(actor=actor).filter(pairing=meeting.pairing, state__in=LIVE_ACTIONS)
    return rows.exclude(meeting=meeting).count()


def pairings_writable(*, actor: Actor) -> list[Pairing]:
    """Pairings for which the actor's office plans meetings."""
    path = actor.region_path
    if not path:
        return []
    rows = Pairing.objects.filter(retired_in=None).select_related("programme", "first_region", "second_region")
    sides = Q(first_region__path__startswith=path) | Q(second_region__path__startswith=path)
    return list(rows.filter(sides).order_by("programme", "order"))


def pairings_shown(*, actor: Actor) -> list[tuple[int, str]]:
    """Pairings of whose meetings and action items the actor may know, by name (one query)."""
    rows = Pairing.objects.filter(retired_in=None, parent=None).select_related("first_region", "second_region")
    path = actor.region_path
    if not sees_all(actor):
        if actor.role not in REGIONAL or not path:
            return []
        rows = Pairing.objects.filter(retired_in=None).filter(
            Q(first_region__path__startswith=path) | Q(second_region__path__startswith=path)
        )
    return [(row.pk, row.label) for row in rows.order_by("programme", "order")]


def duties_kept(*, pairings: list[Pairing], kinds: tuple[str, ...]) -> list[Duty]:
    """Duties in force of these pairings' programmes that a meeting may keep."""
    programmes = {pairing.programme_id for pairing in pairings}
    return list(Duty.objects.filter(programme__in=programmes, kind__in=kinds, retired_in=None).order_by("order"))


def links_of(*, actor: Actor, meeting: Meeting) -> list[Reference]:
    """What the meeting is about, as far as the actor may know of it: one query, and one for each kind of things."""
    links = list(MeetingLink.objects.filter(meeting=meeting).order_by("id"))
    found: dict[tuple[str, str], Reference] = {}
    for kind in referables() if links else ():
        ids = [link.reference for link in links if link.kind == kind.kind]
        if ids:
            found |= {(kind.kind, one): reference for one, reference in kind.find(actor, ids).items()}
    return [found[link.kind, link.reference] for link in links if (link.kind, link.reference) in found]


def links_offered(*, actor: Actor, pairing_id: int) -> dict[str, list[tuple[str, Reference]]]:
    """What a meeting of the pairing may be about: group → (code "kind|id", thing)."""
    found: dict[str, list[tuple[str, Reference]]] = {}
    for kind in referables():
        for one in kind.offer(actor, pairing_id):
            found.setdefault(one.group or str(kind.label), []).append((f"{kind.kind}|{one.id}", one))
    return found
