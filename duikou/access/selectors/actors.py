"""From an account to the actor it acts as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from duikou.access.models import Account, AdminMode, Membership
from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.clock import now


def memberships_live(*, account: Account) -> list[Membership]:
    """The posts of `account` that work today, with organisation and region, in a steady order (one query)."""
    return list(
        Membership.objects.live()
        .filter(account=account, organisation__merged_into=None)
        .select_related("organisation", "region")
        .order_by("id")
    )


def membership_of_account(
    *, account: Account, picked: int | None, memberships: Sequence[Membership]
) -> Membership | None:
    """The post to act in: the one picked in this session, else the last one used, else the first; None without any."""
    by_id = {membership.pk: membership for membership in memberships}
    for wish in (picked, account.last_membership_id):
        if wish is not None and wish in by_id:
            return by_id[wish]
    return memberships[0] if memberships else None


def actor_of_membership(membership: Membership, *, account: Account | None = None) -> Actor:
    """The actor that stands for one post; `account` saves a query when the caller has it."""
    person = account or membership.account
    region = membership.region
    return Actor(
        kind=ActorKind.PERSON,
        role=Role(membership.role),
        name=str(person),
        account_id=person.pk,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        region_id=region.pk if region else None,
        region_path=region.path if region else "",
        region_name=region.label if region else "",
        admin_mode_id=None,
        language=person.language,
        is_organisation_admin=membership.is_organisation_admin,
    )


def actor_without_post(account: Account) -> Actor:
    """A known person without a working post: sees what the public sees, and their own account."""
    return Actor(
        kind=ActorKind.PERSON, role=Role.PUBLIC, name=str(account), account_id=account.pk, language=account.language
    )


def admin_mode_running(*, account_id: int, at: dt.datetime | None = None) -> AdminMode | None:
    """The admin mode that gives this operator sight at the moment `at` (now), if any."""
    moment = at or now()
    return AdminMode.objects.filter(account_id=account_id, ended_at=None, expires_at__gt=moment).first()
