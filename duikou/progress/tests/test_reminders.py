"""What is due waits for who owes it, once, and waits no more when it was sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.flow.models import InboxItem
from duikou.progress.selectors.months import days_of, rule_of
from duikou.progress.services import reminders
from duikou.progress.services.reminders import reports_remind
from duikou.progress.tests.conftest import make, month_ago, said, send


@pytest.fixture
def due(pairing: Any, monkeypatch: pytest.MonkeyPatch) -> dt.date:
    """The day on which last month's reports are due, taken for today by the reminders."""
    day = days_of(rule_of(pairing.programme), month_ago(1)).due_on
    monkeypatch.setattr(reminders, "today", lambda: day)
    return day


def test_the_unit_is_reminded_once_and_no_more_after_sending(
    pairing: Any, unit: Any, shenyang_editor: Any, due: dt.date
) -> None:
    project, other = make(pairing, unit=unit.organisation), make(pairing, "没有单位的项目")
    send(unit.actor, project, month_ago(2), said(1))
    assert reports_remind() == 2
    assert reports_remind() == 0
    items = InboxItem.objects.filter(kind="progress.due", state="open")
    assert set(items.values_list("organisation_id", "role")) == {
        (unit.organisation.pk, ""),
        (None, "office_editor"),
    }
    assert {item.due_on for item in items} == {due}
    send(unit.actor, project, month_ago(1), said(1))
    send(shenyang_editor.actor, other, month_ago(1), said(1))
    assert reports_remind() == 0
    assert [(item.key, item.organisation_id) for item in items.all()] == []


def test_before_the_day_nobody_is_reminded(pairing: Any, unit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make(pairing, unit=unit.organisation)
    send(unit.actor, project, month_ago(2), said(1))
    day = days_of(rule_of(pairing.programme), month_ago(1)).remind_on - dt.timedelta(days=1)
    monkeypatch.setattr(reminders, "today", lambda: day)
    assert reports_remind() == 0
    monkeypatch.setattr(reminders, "today", lambda: day + dt.timedelta(days=1))
    assert reports_remind() > 0
