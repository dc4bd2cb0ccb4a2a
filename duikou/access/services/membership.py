"""Posts: given, changed, suspended, restored, picked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Account, Membership, Organisation
from duikou.kernel import facts
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.programme.models import Region
from duikou.records.services.audit import record

_AUDITED = ("role", "region_id", "title", "valid_from", "valid_to", "is_organisation_admin", "is_active")


@transaction.atomic
def membership_give(
    *,
    actor: Actor,
    account: Account,
    organisation: Organisation,
    role: Role,
    region: Region | None,
    is_organisation_admin: bool = False,
    is_checked: bool = False,
) -> Membership:
    """Give a person a post, or one that they held before and that ended or was stopped, anew.

    `is_checked` = the right was judged when the invitation was sent. Raises `Conflict` for a post that still works.
    """
    if not is_checked:
        policies.grant(actor, organisation, role, region).or_raise()
    policies.role_fits_region(role, region).or_raise()
    held = Membership.objects.select_for_update(of=("self",)).filter(
        account=account, organisation=organisation, role=role, region=region
    )
    if former := held.first():
        return _anew(actor, former, is_organisation_admin)
    membership = Membership(
        account=account,
        organisation=organisation,
        role=role.value,
        region=region,
        is_organisation_admin=is_organisation_admin,
    )
    _save(membership)
    record(actor=actor, action="access.membership.given", subject=membership, after=_state(membership))
    facts.announce("access.membership.given", membership_id=membership.pk)
    return membership


@transaction.atomic
def membership_change(
    *,
    actor: Actor,
    membership_id: int,
    role: Role,
    region: Region | None,
    valid_to: dt.date | None,
    is_organisation_admin: bool,
) -> Membership:
    """Change a post within what the actor may grant, before and after. Raises `Invalid`, `Conflict`, `Forbidden`."""
    membership = _locked(membership_id)
    policies.membership_manage(actor, membership).or_raise()
    policies.grant(actor, membership.organisation, role, region).or_raise()
    policies.role_change(actor, membership, role).or_raise()
    if membership.is_over and (valid_to is None or valid_to >= today()):
        policies.membership_revive(actor, membership).or_raise()
    if valid_to is not None and valid_to < membership.valid_from:
        raise Invalid(fields={"valid_to": [_("截止日期不能早于起始日期。")]})
    twins = Membership.objects.filter(
        account=membership.account, organisation=membership.organisation, role=role, region=region
    )
    if twins.exclude(pk=membership.pk).exists():
        raise Conflict(_("此人已有这个岗位。"))
    before = _state(membership)
    membership.role, membership.region, membership.valid_to = role.value, region, valid_to
    membership.is_organisation_admin = is_organisation_admin
    return _saved(actor, membership, before, "access.membership.changed")


@transaction.atomic
def membership_suspend(*, actor: Actor, membership_id: int, reason: str = "") -> Membership:
    """Stop a post; it ceases to work at the person's next request."""
    return _switch(actor, membership_id, is_active=False, action="access.membership.suspended", reason=reason)


@transaction.atomic
def membership_restore(*, actor: Actor, membership_id: int) -> Membership:
    """Let a suspended post work again, unless it is one that two persons give. Raises `Forbidden`."""
    return _switch(actor, membership_id, is_active=True, action="access.membership.restored", reason="")


@transaction.atomic
def membership_pick(*, actor: Actor, account: Account, membership_id: int) -> Membership:
    """Act in another of one's own posts from now on; remembered for the next sign-in. Raises `NotFound`."""
    membership = Membership.objects.live().filter(account=account, pk=membership_id).first()
    if membership is None or account.pk != actor.account_id:
        raise NotFound
    if account.last_membership_id != membership.pk:
        Account.objects.filter(pk=account.pk).update(last_membership=membership)
        record(
            actor=actor,
            action="access.membership.picked",
            subject=membership,
            before={"membership": account.last_membership_id},
            after={"membership": membership.pk},
        )
    return membership


def _switch(actor: Actor, membership_id: int, *, is_active: bool, action: str, reason: str) -> Membership:
    membership = _locked(membership_id)
    policies.membership_manage(actor, membership).or_raise()
    if is_active and not membership.is_active:
        policies.membership_revive(actor, membership).or_raise()
    before = _state(membership)
    membership.is_active = is_active
    return _saved(actor, membership, before, action, reason)


def _anew(actor: Actor, membership: Membership, is_organisation_admin: bool) -> Membership:
    if membership.is_live:
        raise Conflict(_("此人已有这个岗位。"))
    before = _state(membership)
    membership.is_active, membership.is_organisation_admin = True, is_organisation_admin
    if membership.is_over:
        membership.valid_to = None
    return _saved(actor, membership, before, "access.membership.restored")


def _saved(actor: Actor, membership: Membership, before: dict[str, Any], action: str, reason: str = "") -> Membership:
    after = _state(membership)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return membership
    _save(membership)
    record(
        actor=actor,
        action=action,
        subject=membership,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=reason,
    )
    facts.announce(action, membership_id=membership.pk)
    return membership


def _save(membership: Membership) -> None:
    """Save; a twin that another writer has just made is refused as if it had been there before."""
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        raise Conflict(_("此人已有这个岗位。")) from None


def _state(membership: Membership) -> dict[str, Any]:
    values = {name: getattr(membership, name) for name in _AUDITED}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def _locked(membership_id: int) -> Membership:
    found = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation__region", "region", "account")
        .filter(pk=membership_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
