"""Who is told of what: invitations, changes, action items falling due. Each may be switched off; duties are items."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from duikou.flow.selectors import accounts_in
from duikou.flow.services.notices import Telling, tell
from duikou.kernel.actor import OFFICE, Role
from duikou.kernel.clock import today
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.services.actions import address as action_address
from duikou.meetings.services.keeping import address
from duikou.meetings.services.waiting import DUE, TOLD, pairing_words, region_of
from duikou.meetings.states import ActionState
from duikou.programme.models import Pairing

BEFORE = dt.timedelta(days=7)
_MOVED = {
    "postpone": gettext_noop("“%(meeting)s”（%(pairing)s）已推迟"),
    "cancel": gettext_noop("“%(meeting)s”（%(pairing)s）已取消"),
    "reschedule": gettext_noop("“%(meeting)s”（%(pairing)s）重新安排在%(day)s"),
    "hold": gettext_noop("“%(meeting)s”（%(pairing)s）已召开"),
    "correct": gettext_noop("“%(meeting)s”（%(pairing)s）尚未召开，仍按原定时间安排"),
}


def planned(meeting_id: int) -> Telling | None:
    """Both offices are invited."""
    title = gettext_noop("“%(meeting)s”（%(pairing)s）安排在%(day)s")
    return _telling(meeting_id, "planned", title)


def changed(meeting_id: int, sequence: int | None) -> Telling | None:
    """Both offices are told that time, place or title changed (other changes have no `sequence`)."""
    if sequence is None:
        return None
    title = gettext_noop("“%(meeting)s”（%(pairing)s）的安排有变化，现为%(day)s")
    return _telling(meeting_id, f"changed:{sequence}", title)


def moved(meeting_id: int, verb: str, sequence: int) -> Telling | None:
    """Both offices are told that it was put off, cancelled, planned anew, held."""
    return _telling(meeting_id, f"{verb}:{sequence}", _MOVED[verb]) if verb in _MOVED else None


def _telling(meeting_id: int, occasion: str, title: str) -> Telling | None:
    related = ("pairing__first_region", "pairing__second_region")
    meeting = Meeting.objects.select_related(*related).filter(pk=meeting_id).first()
    if meeting is None:
        return None
    words = {
        "meeting": meeting.title[:80],
        "pairing": pairing_words(meeting.pairing),
        "day": meeting.first_day.isoformat(),
    }
    people = accounts_in(roles=OFFICE, region_paths=_paths(meeting.pairing))
    return Telling(f"meeting:{meeting.pk}:{occasion}", TOLD, title, address(meeting), people, words)


def _paths(pairing: Pairing) -> list[str]:
    regions = (pairing.first_region, pairing.second_region)
    return [region.path for region in regions if region is not None]


def actions_tick() -> int:
    """Tell owners of what falls due within a week and of what is late, once a due date; returns how many."""
    day = today()
    open_ = ActionItem.objects.filter(state=ActionState.OPEN)
    soon = open_.filter(due_on__gte=day, due_on__lte=day + BEFORE).exclude(told_due=F("due_on"))
    late = open_.filter(due_on__lt=day).exclude(told_late=F("due_on"))
    told = 0
    for pk in list(soon.order_by("due_on", "pk").values_list("pk", flat=True)[:2000]):
        told += _tell_owner(pk, "told_due", gettext_noop("议定事项将于%(day)s到期：%(action)s（%(pairing)s）"))
    for pk in list(late.order_by("due_on", "pk").values_list("pk", flat=True)[:2000]):
        told += _tell_owner(pk, "told_late", gettext_noop("议定事项已逾期，期限%(day)s：%(action)s（%(pairing)s）"))
    return told


@transaction.atomic
def _tell_owner(action_id: int, mark: str, title: str) -> bool:
    related = ("pairing__first_region", "pairing__second_region")
    rows = ActionItem.objects.select_for_update(of=("self",)).select_related(*related)
    item = rows.filter(pk=action_id, state=ActionState.OPEN).first()
    if item is None or getattr(item, mark) == item.due_on:
        return False
    ActionItem.objects.filter(pk=item.pk).update(**{mark: item.due_on})
    words = {"action": item.text[:120], "pairing": pairing_words(item.pairing), "day": item.due_on.isoformat()}
    key = f"action:{item.pk}:{mark}:{item.due_on}"
    tell(Telling(key, DUE, title, action_address(item), _owners(item), words))
    return True


def _owners(item: ActionItem) -> list[int]:
    if item.account_id is not None:
        return [item.account_id]
    if item.organisation_id is not None:
        return accounts_in(roles=[Role.UNIT, *OFFICE], organisation_ids=[item.organisation_id])
    region = region_of(item.pairing, item.owner_side)
    return accounts_in(roles=OFFICE, region_paths=[region.path]) if region is not None else []
