"""Who may owe something: the offices of both sides, their people, and the organisations of both sides."""

from __future__ import annotations

from dataclasses import dataclass

from duikou.access.models import Membership
from duikou.kernel.actor import OFFICE, Role
from duikou.meetings.models import Side
from duikou.programme.models import Pairing, Region

MOST = 300


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can be charged with something; `code` is what a form sends ("first", "first:org:3")."""

    code: str
    side: str
    name: str
    organisation_id: int | None = None
    account_id: int | None = None


def owners_of(pairing: Pairing) -> dict[str, list[Owner]]:
    """Side → whom one may charge there: the office first, then its people, then units (one query a side)."""
    found = {Side.FIRST.value: _of_side(Side.FIRST.value, pairing.first_region)}
    if pairing.second_region is not None:
        found[Side.SECOND.value] = _of_side(Side.SECOND.value, pairing.second_region)
    return found


def _of_side(side: str, region: Region) -> list[Owner]:
    posts = Membership.objects.live().filter(
        role__in=[*OFFICE, Role.UNIT], organisation__region__path__startswith=region.path, account__is_active=True
    )
    people: dict[str, Owner] = {}
    bodies: dict[str, Owner] = {}
    for post in posts.select_related("account", "organisation", "region").order_by("organisation__name", "id")[:2000]:
        body = post.organisation
        if post.role == Role.UNIT:
            code = f"{side}:org:{body.pk}"
            bodies.setdefault(code, Owner(code, side, body.name[:200], body.pk))
        elif post.region is not None and post.region.path == region.path:
            code = f"{side}:person:{post.account_id}"
            name = f"{body.name} {post.account.display_name}"[:200]
            people.setdefault(code, Owner(code, side, name, body.pk, post.account_id))
    office = Owner(side, side, _office_name(region))
    return [office, *people.values(), *list(bodies.values())[:MOST]]


def _office_name(region: Region) -> str:
    """As it is written into the minutes, in the language of the minutes."""
    return f"{region.name}对口合作办公室"


def owner_code(*, side: str, organisation_id: int | None, account_id: int | None) -> str:
    """The code of somebody who is charged already."""
    if account_id is not None:
        return f"{side}:person:{account_id}"
    return f"{side}:org:{organisation_id}" if organisation_id is not None else side
