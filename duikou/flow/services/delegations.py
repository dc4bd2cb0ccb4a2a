"""Letting another person act in one's post while one is away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.access.models import Account, Membership
from duikou.flow.models import Delegation
from duikou.flow.selectors.delegations import posts_of, takers_of
from duikou.flow.services.notices import Telling
from duikou.kernel import permissions
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean
from duikou.programme.models import Region
from duikou.records.services.audit import record

LONGEST = 366
"""Days that a delegation may last at most: it is for absence, not for giving a post away."""

DELEGATED = "flow.delegated"


@transaction.atomic
def delegation_open(
    *,
    actor: Actor,
    to_account: Account,
    role: Role,
    region: Region | None,
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
) -> Delegation:
    """Let `to_account` act as the actor in `role` over `region` (None: nation-wide) from one day to another.

    Only a post that the actor holds can be lent, over its region or a part of it, and only to somebody of the same
    organisation or of the same region's office. Raises `Forbidden`, `Invalid` at the field, `Conflict` for the same
    again.
    """
    permissions.check(actor, "flow.delegation.write").or_raise()
    post = _post(actor, role, region)
    faults = _faults(actor, post, to_account, valid_from, valid_to, clean(reason))
    if faults:
        raise Invalid(fields=faults)
    Account.objects.select_for_update().get(pk=post.account_id)
    overlapping = Delegation.objects.filter(
        post=post, taker=to_account, region=region, closed_at=None, valid_from__lte=valid_to, valid_to__gte=valid_from
    )
    if overlapping.exists():
        raise Conflict(_("这段时间已经委托给此人。"))
    made = Delegation.objects.create(
        post=post,
        giver_id=post.account_id,
        taker=to_account,
        role=role.value,
        region=region,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=clean(reason),
        opened_at=now(),
    )
    after = {
        "giver": str(made.giver),
        "taker": str(to_account),
        "role": role.value,
        "region": str(region) if region else "",
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    record(actor=actor, action="flow.delegation.open", subject=made, after=after, reason=made.reason)
    announce("flow.delegation.opened", delegation_id=made.pk)
    return made


def _post(actor: Actor, role: Role, region: Region | None) -> Membership:
    for post in posts_of(actor=actor):
        path = post.region.path if post.region else ""
        wanted = region.path if region else ""
        if post.role == role.value and (wanted == path if not path or not wanted else wanted.startswith(path)):
            return post
    raise Forbidden(_("只能委托您本人担任的岗位，受托的岗位不能再转委托。"))


def _faults(
    actor: Actor, post: Membership, taker: Account, start: dt.date, end: dt.date, reason: str
) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if taker.pk == post.account_id:
        faults["to_account"] = [_("不能委托给自己。")]
    elif not takers_of(actor=actor, post=post).filter(pk=taker.pk).exists():
        faults["to_account"] = [_("只能委托给本单位或同一地区对口合作办公室的人员，不能委托给另一方。")]
    if end < start:
        faults["valid_to"] = [_("截止日期早于起始日期。")]
    elif end < today():
        faults["valid_to"] = [_("截止日期已过。")]
    elif (end - start).days >= LONGEST:
        faults["valid_to"] = [_("委托最长%(days)d天。") % {"days": LONGEST}]
    if not reason:
        faults["reason"] = [_("请写明理由。")]
    elif len(reason) > 500:
        faults["reason"] = [_("最多%(limit)s个字。") % {"limit": 500}]
    return faults


@transaction.atomic
def delegation_close(*, actor: Actor, delegation_id: int, reason: str = "") -> Delegation:
    """End it now, by either of the two; what was done meanwhile stands. Raises `NotFound` for anybody else."""
    permissions.check(actor, "flow.delegation.write").or_raise()
    found = Delegation.objects.filter(pk=delegation_id).select_related("giver", "taker").first()
    if found is None or actor.account_id is None or actor.account_id not in (found.giver_id, found.taker_id):
        raise NotFound
    at = now()
    if not Delegation.objects.filter(pk=found.pk, closed_at=None).update(closed_at=at, closed_by=actor.name[:150]):
        raise Conflict(_("这项委托已经终止。"))
    found.closed_at, found.closed_by = at, actor.name[:150]
    record(
        actor=actor,
        action="flow.delegation.close",
        subject=found,
        before={"closed_at": None},
        after={"closed_at": at},
        reason=clean(reason)[:500],
    )
    return found


def delegated(delegation_id: int) -> Telling | None:
    """The taker is told that they stand in for somebody."""
    one = Delegation.objects.select_related("giver").filter(pk=delegation_id).first()
    if one is None:
        return None
    title = gettext_noop("%(giver)s委托您代办，自%(start)s至%(end)s")
    params = {"giver": str(one.giver), "start": one.valid_from.isoformat(), "end": one.valid_to.isoformat()}
    return Telling(f"delegation:{one.pk}", DELEGATED, title, "/inbox/delegations/", [one.taker_id], params)
