"""Who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from duikou.access.models import Account, Membership
from duikou.flow.models import Delegation
from duikou.kernel.actor import NATIONWIDE, OFFICE, Actor, Role
from duikou.kernel.clock import today

LENT = frozenset(
    {Role.OFFICE_EDITOR, Role.OFFICE_LEAD, Role.CADRE_OFFICER, Role.COORDINATOR, Role.CADRE_AUTHORITY, Role.MINISTRY}
)
"""Posts that routes wait for and that can be lent."""


@dataclass(frozen=True, slots=True)
class Delegations:
    """What the actor lent to others and what others lent to the actor, the running ones first."""

    given: list[Delegation]
    taken: list[Delegation]


def delegations_of(*, actor: Actor) -> Delegations:
    """The actor's own, both ways (two queries); nothing of anybody else's."""
    if not actor.is_person or actor.account_id is None:
        return Delegations([], [])
    rows = Delegation.objects.select_related("giver", "taker", "region").order_by("-valid_to", "-id")
    given, taken = (list(rows.filter(**{side: actor.account_id})[:200]) for side in ("giver_id", "taker_id"))
    return Delegations(*(sorted(found, key=lambda one: not one.is_live) for found in (given, taken)))


def posts_of(*, actor: Actor) -> list[Membership]:
    """The live posts of the actor that can be lent (one query)."""
    if not actor.is_person or actor.account_id is None:
        return []
    posts = Membership.objects.live().filter(account_id=actor.account_id, role__in=LENT)
    return list(posts.select_related("organisation", "region").order_by("id"))


def takers_of(*, actor: Actor, post: Membership) -> QuerySet[Account]:
    """To whom the post can be lent: people of its organisation, and of its region's office; never its holder.

    Who also stands on another side of a pairing, in an office elsewhere, is left out.
    """
    posts = Membership.objects.live(today())
    near = Q(organisation_id=post.organisation_id) & ~Q(role__in=(Role.AUDITOR, Role.OPERATOR, Role.MEMBER))
    if post.region_id is not None:
        near |= Q(role__in=OFFICE, region_id=post.region_id)
    elsewhere = posts.filter(role__in=OFFICE | {Role.CADRE_OFFICER})
    if post.region is not None:
        elsewhere = elsewhere.exclude(region__path__startswith=post.region.path)
        elsewhere = elsewhere.exclude(region__path__in=_around(post.region.path))
    found = Account.objects.filter(is_active=True, pk__in=posts.filter(near).values("account_id"))
    if post.role not in NATIONWIDE:
        found = found.exclude(pk__in=elsewhere.values("account_id"))
    return found.exclude(pk__in=[post.account_id, actor.account_id or post.account_id]).order_by("display_name", "id")


def _around(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[:end]) + "/" for end in range(1, len(parts))]
