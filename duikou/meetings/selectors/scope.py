"""What a viewer may know of: meetings by pairing, action items by meeting or by who owes them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.meetings.models import ActionItem, Meeting

SEES_ALL = frozenset({Role.COORDINATOR, Role.CADRE_AUTHORITY, Role.MINISTRY, Role.AUDITOR})
REGIONAL = OFFICE | {Role.CADRE_OFFICER}
SIDES = ("pairing__first_region", "pairing__second_region")


def sees_all(actor: Actor) -> bool:
    """Whether the actor's sight of meetings is not bounded by a region."""
    platform = actor.kind in {ActorKind.JOB, ActorKind.COMMAND}
    return platform or actor.admin_mode_id is not None or actor.role in SEES_ALL


def _of_region(path: str) -> Q:
    return Q(pairing__first_region__path__startswith=path) | Q(pairing__second_region__path__startswith=path)


def meetings_visible(*, actor: Actor) -> QuerySet[Meeting]:
    """Meetings that `actor` may know of: the nation all; offices and organisation departments those of their pairings.

    Units see what they owe (`actions_visible`), not the meetings; everybody else nothing.
    """
    rows = Meeting.objects.all()
    if sees_all(actor):
        return rows
    if actor.role in REGIONAL and actor.region_path:
        return rows.filter(_of_region(actor.region_path))
    return rows.none()


def meeting_visible(*, actor: Actor, meeting_id: int) -> Meeting:
    """One meeting with its pairing and regions; raises `NotFound` when it is not there for this actor."""
    found = meetings_visible(actor=actor).filter(pk=meeting_id).select_related("programme", "duty", *SIDES).first()
    if found is None:
        raise NotFound
    return found


def actions_visible(*, actor: Actor) -> QuerySet[ActionItem]:
    """Action items that `actor` may know of: those of visible meetings, and those that the actor or its body owes."""
    rows = ActionItem.objects.all()
    if sees_all(actor):
        return rows
    if actor.role in REGIONAL and actor.region_path:
        return rows.filter(_of_region(actor.region_path))
    if actor.role is Role.UNIT:
        mine = Q(pk__in=[])
        if actor.organisation_id is not None:
            mine |= Q(organisation_id=actor.organisation_id)
        if actor.account_id is not None:
            mine |= Q(account_id=actor.account_id)
        return rows.filter(mine)
    return rows.none()


def action_visible(*, actor: Actor, action_id: int) -> ActionItem:
    """One item with its meeting and regions; raises `NotFound`."""
    related = ("meeting", "organisation", "account", *SIDES)
    found = actions_visible(actor=actor).filter(pk=action_id).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def meeting_sees(actor: Actor, meeting_id: str) -> Verdict:
    """Whether the actor may know of the meeting (for its files)."""
    return _verdict(meetings_visible(actor=actor).filter(pk=_id(meeting_id)).exists())


def action_sees(actor: Actor, action_id: str) -> Verdict:
    """Whether the actor may know of the action item (for its files)."""
    return _verdict(actions_visible(actor=actor).filter(pk=_id(action_id)).exists())


def _verdict(known: bool) -> Verdict:
    return Verdict.yes() if known else Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
