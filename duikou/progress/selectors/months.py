"""When months are due, and which are closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from duikou.kernel.clock import is_working_day, today
from duikou.programme.models import Programme
from duikou.progress.models import MonthClose, ReportingRule
from duikou.progress.rules.months import month_of, nth_working_day, shifted


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one month: from when people are reminded, until when it is due, when it closes."""

    month: int
    remind_on: dt.date
    due_on: dt.date
    closes_on: dt.date


def rule_of(programme: Programme | int) -> ReportingRule:
    """The programme's parameters; the defaults where nobody set any (one query)."""
    pk = programme if isinstance(programme, int) else programme.pk
    return ReportingRule.objects.filter(pk=pk).first() or ReportingRule(programme_id=pk)


def days_of(rule: ReportingRule, month: int) -> Days:
    """The days by which a month is reported, by the table of working days."""
    after = shifted(month, 1)
    due = nth_working_day(after, rule.due_day, is_working_day)
    closes = nth_working_day(after, rule.close_day, is_working_day)
    return Days(month, due - dt.timedelta(days=rule.remind_days), due, closes)


def is_closed(programme_id: int, month: int) -> bool:
    """Whether the month's reports are locked (one query)."""
    return MonthClose.objects.filter(programme_id=programme_id, month=month).exists()


def closed_months(programme_id: int) -> frozenset[int]:
    """All locked months of a programme (one query)."""
    return frozenset(MonthClose.objects.filter(programme_id=programme_id).values_list("month", flat=True))


def month_now(rule: ReportingRule) -> int:
    """The month that is to be reported now: the last one until it closes, then the running one."""
    running = month_of(today())
    last = shifted(running, -1)
    return last if today() <= days_of(rule, last).closes_on else running
