"""What waits for offices and owners, and which kinds of things this room tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from duikou.flow.models import InboxItem, ItemState, Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.kernel.actor import Actor, Role
from duikou.meetings.models import Side
from duikou.programme.models import Pairing, Region
from duikou.records.services.audit import SubjectRef

TOLD = "meetings.meeting"
MINUTES = "meetings.minutes"
OWED = "meetings.action"
CHECK = "meetings.check"
DUE = "meetings.due"
BEHIND = "meetings.behind"


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(TOLD, _("会议安排与变更"), "calendar"))
    register(Kind(MINUTES, _("待起草的会议纪要"), "file-text"))
    register(Kind(OWED, _("议定事项"), "list-check", is_duty=True))
    register(Kind(CHECK, _("待确认办结的议定事项"), "list-check", is_duty=True))
    register(Kind(DUE, _("议定事项到期提醒"), "bell"))
    register(Kind(BEHIND, _("会商机制落后"), "calendar-due", is_duty=True))


def region_of(pairing: Pairing, side: str) -> Region | None:
    """The region that stands for a side; None for an open second side."""
    return pairing.first_region if side == Side.FIRST else pairing.second_region


def office_of(pairing: Pairing, side: str) -> To | None:
    """The nearest office of a side (≤ 2 queries); None for an open side."""
    region = region_of(pairing, side)
    if region is None:
        return None
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    return To(role=Role(role), region=place)


def offices_wait(
    *,
    actor: Actor,
    pairing: Pairing,
    sides: Collection[str],
    key: str,
    kind: str,
    url: str,
    title: str,
    params: Mapping[str, Any],
    subject: SubjectRef,
    due_on: dt.date | None = None,
) -> int:
    """Let an occasion wait for the offices of these sides, once each; returns how many sides have one."""
    found = 0
    for side in sides:
        to = office_of(pairing, side)
        if to is None:
            continue
        found += 1
        item_open(
            actor=actor,
            key=f"{key}:{side}",
            kind=kind,
            to=to,
            url=url,
            title=title,
            params=params,
            subject=subject,
            due_on=due_on,
        )
    return found


def waiting_end(*, actor: Actor, subject: SubjectRef, kinds: Collection[str]) -> int:
    """Close whatever of these kinds still waits about a subject; returns how many did."""
    waiting = InboxItem.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, kind__in=list(kinds), state=ItemState.OPEN
    )
    return sum(item_close(actor=actor, key=key) for key in list(waiting.values_list("key", flat=True)))


def pairing_words(pairing: Pairing) -> dict[str, str]:
    """The pairing's name in both languages, for a title's values."""
    return {"zh": pairing.name, "en": pairing.name_en}
