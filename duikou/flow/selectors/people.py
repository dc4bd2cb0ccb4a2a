"""Whom an address means."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from duikou.access.models import Account, Membership
from duikou.flow.models import Delegation, InboxItem, live_delegation_on
from duikou.flow.states import ROUTE_KINDS
from duikou.kernel.clock import today


def accounts_addressed(item: InboxItem) -> list[Account]:
    """The people an item waits for: one account, or the holders of posts it is addressed to (one query)."""
    if item.account_id is not None:
        return list(Account.objects.filter(pk=item.account_id, is_active=True))
    posts = Membership.objects.live()
    if item.organisation_id is not None:
        posts = posts.filter(organisation_id=item.organisation_id)
        posts = posts.filter(role=item.role) if item.role else posts
    else:
        region = Q(region__path=item.region_path) if item.region_path else Q(region=None)
        posts = posts.filter(region, role=item.role)
    found = Q(pk__in=posts.values("account_id"))
    if item.kind in ROUTE_KINDS and item.organisation_id is None:
        found |= Q(pk__in=_standing_in(item, posts))
    return list(Account.objects.filter(found, is_active=True))


def _standing_in(item: InboxItem, posts: QuerySet[Membership]) -> QuerySet[Delegation, Any]:
    """People to whom a holder of such a post has lent it."""
    lent = Delegation.objects.filter(live_delegation_on(today()), role=item.role, post__in=posts)
    place = Q(region__path=item.region_path) if item.region_path else Q(region=None)
    return lent.filter(place).values("taker_id")


def accounts_in(
    *, roles: Collection[str], region_paths: Collection[str] = (), organisation_ids: Collection[int] = ()
) -> list[int]:
    """Ids of people with a live post in one of `roles`, over one of the regions or in one of the organisations."""
    where = Q(region__path__in=list(region_paths)) | Q(organisation_id__in=list(organisation_ids))
    posts = Membership.objects.live().filter(where, role__in=list(roles), account__is_active=True)
    return list(posts.values_list("account_id", flat=True).distinct())
