"""What waits for the actor: scoped in the query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from duikou.access.models import Account
from duikou.flow.models import Delegation, InboxItem, Notice, live_delegation_on
from duikou.flow.selectors.entitled import delegations_to
from duikou.flow.states import ROUTE_KINDS, ItemState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import NotFound
from duikou.kernel.keyset import KeysetPage, Order, keyset_page

PAGE = 30


class Tab(StrEnum):
    """Parts of the inbox."""

    WAITING = "waiting"
    DONE = "done"
    NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `next` is a cursor, `previous` leads to the first page."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None = None


def inbox_for(*, actor: Actor, lent: Sequence[Delegation] = ()) -> QuerySet[InboxItem]:
    """Items addressed to this person, to their organisation (in their role), or to their role over their region.

    `lent`: what others let the actor do (`delegations_to`): steps that wait for those posts come with it.
    """
    if not actor.is_person or actor.account_id is None:
        return InboxItem.objects.none()
    mine = Q(account_id=actor.account_id) | Q(
        account=None, organisation=None, role=actor.role.value, region_path=actor.region_path
    )
    if actor.organisation_id is not None:
        mine |= Q(account=None, organisation_id=actor.organisation_id) & (Q(role="") | Q(role=actor.role.value))
    for one in lent:
        path = one.region.path if one.region else ""
        mine |= Q(account=None, organisation=None, role=one.role, region_path=path, kind__in=ROUTE_KINDS)
    return InboxItem.objects.filter(mine)


def waiting_about(*, subject_kind: str, subject_id: str, kind: str) -> InboxItem | None:
    """The open item of a kind about something, for the room whose thing it is."""
    found = InboxItem.objects.filter(subject_kind=subject_kind, subject_id=subject_id, kind=kind, state=ItemState.OPEN)
    return found.order_by("id").first()


def notices_for(*, actor: Actor) -> QuerySet[Notice]:
    """Notices told to this person on the site."""
    if not actor.is_person or actor.account_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account_id=actor.account_id, in_inbox=True)


def item_for(*, actor: Actor, pk: int) -> InboxItem:
    """One item of the actor's inbox; `NotFound` for anybody else's."""
    item = inbox_for(actor=actor, lent=delegations_to(actor)).filter(pk=pk).first()
    if item is None:
        raise NotFound
    return item


def count_shown(*, actor: Actor) -> int:
    """What the bell shows: open items and unread notices (two queries)."""
    if actor.account_id is None:
        return 0
    waiting = inbox_for(actor=actor).filter(state=ItemState.OPEN).count()
    unread = notices_for(actor=actor).filter(read_at=None).values("account").annotate(n=Count("pk")).values("n")
    person = Account.objects.filter(pk=actor.account_id).values_list(
        Coalesce(Subquery(unread.order_by()), 0), Coalesce(Subquery(_lent_count(actor)), 0)
    )
    return waiting + sum(person.first() or ())


def _lent_count(actor: Actor) -> QuerySet[InboxItem, Any]:
    """How many steps wait for posts that others lent the actor, without asking first which."""
    lent = Delegation.objects.filter(live_delegation_on(today()), taker_id=actor.account_id, role=OuterRef("role"))
    lent = lent.filter(Q(region__path=OuterRef("region_path")) | Q(region=None) & Q(Exact(OuterRef("region_path"), "")))
    own = Q(role=actor.role.value, region_path=actor.region_path)
    items = InboxItem.objects.filter(account=None, organisation=None, state=ItemState.OPEN, kind__in=ROUTE_KINDS)
    items = items.exclude(own).filter(Exists(lent))
    return items.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")


_URGENCY = Order("due_on", null=dt.date(9999, 12, 31))
"""The earliest day first, what has none last, the oldest before the newest."""


def waiting_page(
    *, actor: Actor, kind: str = "", overdue_before: dt.date | None = None, cursor: str = ""
) -> KeysetPage[InboxItem]:
    """Open items, the most urgent first; what is done meanwhile shifts no page."""
    items = inbox_for(actor=actor, lent=delegations_to(actor)).filter(state=ItemState.OPEN)
    if kind:
        items = items.filter(kind=kind)
    if overdue_before:
        items = items.filter(due_on__lt=overdue_before)
    return keyset_page(items, _URGENCY, cursor, size=PAGE)


def done_page(*, actor: Actor, kind: str = "", cursor: str = "") -> Page:
    """Items done or set aside, newest first."""
    items = inbox_for(actor=actor, lent=delegations_to(actor)).exclude(state=ItemState.OPEN)
    return _by_id(items.filter(kind=kind) if kind else items, cursor)


def notices_page(*, actor: Actor, kind: str = "", unread: bool = False, cursor: str = "") -> Page:
    """Notices, newest first."""
    notices = notices_for(actor=actor)
    if kind:
        notices = notices.filter(kind=kind)
    if unread:
        notices = notices.filter(read_at=None)
    return _by_id(notices, cursor)


def _by_id(rows: QuerySet[Any], cursor: str) -> Page:
    below = int(cursor) if cursor.isdigit() and len(cursor) < 19 else 0
    found = list((rows.filter(id__lt=below) if below else rows).order_by("-id")[: PAGE + 1])
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else None)
