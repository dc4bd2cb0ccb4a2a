"""The operator's admin mode: begun with a reason, bounded in time, every page in the trail."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Account, AdminMode
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.text import clean
from duikou.records.services.audit import record

SHORTEST_REASON = 10
"""Characters a reason must have at least."""


@transaction.atomic
def admin_mode_start(*, actor: Actor, account: Account, reason: str, at: dt.datetime | None = None) -> AdminMode:
    """Give an operator sight of business data for `settings.ADMIN_MODE_MINUTES`; raises `Invalid` or `Conflict`."""
    permissions.check(actor, policies.ADMIN_MODE.code).or_raise()
    text = clean(reason)
    if len(text) < SHORTEST_REASON:
        raise Invalid(fields={"reason": [_("请写明理由，不少于%(count)s个字。") % {"count": SHORTEST_REASON}]})
    if len(text) > 2000:
        raise Invalid(fields={"reason": [_("不能超过%(limit)s个字。") % {"limit": 2000}]})
    moment = at or now()
    for stale in AdminMode.objects.select_for_update().filter(account=account, ended_at=None):
        if stale.is_running(moment):
            raise Conflict(_("管理模式已在进行中。"))
        _close(actor, stale, stale.expires_at, "access.admin_mode.expired")
    mode = AdminMode(
        account=account,
        account_name=str(account),
        reason=text,
        started_at=moment,
        expires_at=moment + dt.timedelta(minutes=settings.ADMIN_MODE_MINUTES),
    )
    try:
        with transaction.atomic():
            mode.save()
    except IntegrityError:
        raise Conflict(_("管理模式已在进行中。")) from None
    record(
        actor=actor,
        action="access.admin_mode.started",
        subject=mode,
        after={"expires_at": mode.expires_at.isoformat()},
        reason=text,
    )
    return mode


@transaction.atomic
def admin_mode_end(*, actor: Actor, account: Account, at: dt.datetime | None = None) -> None:
    """End the operator's own admin mode early; nothing happens when none is running."""
    moment = at or now()
    for mode in AdminMode.objects.select_for_update().filter(account=account, ended_at=None):
        running = mode.is_running(moment)
        action = "access.admin_mode.ended" if running else "access.admin_mode.expired"
        _close(actor, mode, moment if running else mode.expires_at, action)


@transaction.atomic
def admin_mode_visit(*, actor: Actor, mode: AdminMode, method: str, path: str, status: int) -> None:
    """Leave one page seen in admin mode in the trail; query strings are cut, they may hold personal words."""
    record(
        actor=actor,
        action="access.admin_mode.visited",
        subject=mode,
        after={"method": method, "path": path[:300], "status": status},
    )


def _close(actor: Actor, mode: AdminMode, moment: dt.datetime, action: str) -> None:
    mode.ended_at = moment
    mode.save(update_fields=["ended_at"])
    record(
        actor=actor,
        action=action,
        subject=mode,
        before={"ended_at": None},
        after={"ended_at": moment.isoformat()},
    )
