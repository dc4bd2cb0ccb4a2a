"""The operator's admin mode: a reason, an end, a trail."""

from __future__ import annotations

import datetime as dt

import pytest

from duikou.access.models import AdminMode
from duikou.access.selectors.actors import admin_mode_running
from duikou.access.services.admin_mode import admin_mode_end, admin_mode_start
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.records.models import AuditEvent

WHY = "排查沈阳市项目列表报错"
T0 = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def start(person, at=T0, reason=WHY):
    return admin_mode_start(actor=person.actor, account=person.account, reason=reason, at=at)


def test_it_gives_sight_until_its_time_and_not_a_moment_longer(operator, settings):
    mode = start(operator)
    end = T0 + dt.timedelta(minutes=settings.ADMIN_MODE_MINUTES)
    assert admin_mode_running(account_id=operator.account.pk, at=end - dt.timedelta(seconds=1)) == mode
    assert admin_mode_running(account_id=operator.account.pk, at=end) is None


def test_it_wants_a_written_reason(operator):
    for reason in ("", "   ", "看看", "x" * 9, " " * 40, "理" * 2001):
        with pytest.raises(Invalid):
            start(operator, reason=reason)


def test_nobody_else_may_start_it(coordinator, auditor, shenyang_lead):
    for person in (coordinator, auditor, shenyang_lead):
        with pytest.raises(Forbidden):
            start(person)


def test_one_at_a_time_and_an_expired_one_is_closed_by_the_next(operator):
    first = start(operator)
    with pytest.raises(Conflict):
        start(operator, at=T0 + dt.timedelta(minutes=5))
    second = start(operator, at=T0 + dt.timedelta(hours=5))
    first.refresh_from_db()
    assert first.ended_at == first.expires_at
    assert AdminMode.objects.filter(ended_at=None).get() == second


def test_ending_early_ends_it_and_the_trail_has_both(operator):
    start(operator, at=now())
    admin_mode_end(actor=operator.actor, account=operator.account)
    assert admin_mode_running(account_id=operator.account.pk) is None
    actions = set(AuditEvent.objects.filter(action__startswith="access.admin_mode").values_list("action", flat=True))
    assert actions == {"access.admin_mode.started", "access.admin_mode.ended"}
