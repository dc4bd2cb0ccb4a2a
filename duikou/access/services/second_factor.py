"""The second factor of somebody who lost it: taken off by whoever may manage all of the person's posts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Account, Membership
from duikou.access.selectors.actors import memberships_live
from duikou.kernel import facts
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.text import clean
from duikou.records.services.audit import record


@transaction.atomic
def second_factor_reset(*, actor: Actor, membership_id: int, reason: str) -> Account:
    """Take the authenticator and the recovery codes off the account of a post's holder, who is told of it.

    The password stays, so that nobody signs in by this alone. Raises `Invalid`, `Forbidden`, `Conflict`, `NotFound`.
    """
    found = Membership.objects.select_related("account", "organisation__region", "region").filter(pk=membership_id)
    membership = found.first()
    if membership is None or not policies.people_read(actor, membership.organisation):
        raise NotFound
    account = membership.account
    policies.second_factor_reset(actor, membership, memberships_live(account=account)).or_raise()
    return _take_off(actor, account, reason)


@transaction.atomic
def account_second_factor_reset(*, actor: Actor, username: str, reason: str) -> Account:
    """The same from the command line, for an operator whom nobody else could help. Raises `NotFound`, `Conflict`."""
    account = Account.objects.filter(username__iexact=username).first()
    if account is None or actor.is_person:
        raise NotFound(_("没有这个账号。"))
    return _take_off(actor, account, reason)


def _take_off(actor: Actor, account: Account, reason: str) -> Account:
    text = clean(reason)
    if not text:
        raise Invalid(fields={"reason": [_("请写明理由。")]})
    factors = Authenticator.objects.select_for_update().filter(user_id=account.pk)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise Conflict(_("此人没有启用双因素认证。"))
    factors.delete()
    event = record(
        actor=actor,
        action="access.account.second_factor_reset",
        subject=account,
        before={"type": kinds},
        after={"type": []},
        reason=text,
    )
    facts.announce("access.account.second_factor_reset", account_id=account.pk, event_id=event.pk)
    return account
