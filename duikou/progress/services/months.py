"""Setting a programme's days, and closing months when their day has passed."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Invalid, Stale
from duikou.kernel.facts import announce
from duikou.kernel.permissions import check
from duikou.programme.models import Programme
from duikou.progress import policies
from duikou.progress.models import MonthClose, ProgressReport, ReportingRule, ReportState
from duikou.progress.rules.months import month_of, months_from
from duikou.progress.selectors.months import closed_months, days_of, rule_of
from duikou.projects.models import ProjectState
from duikou.records.services.audit import record

ME = Actor.job("progress.months")


@transaction.atomic
def rule_set(
    *,
    actor: Actor,
    programme: Programme,
    version: int,
    due_day: int,
    close_day: int,
    remind_days: int,
    states: Collection[str],
) -> ReportingRule:
    """Set the days of a programme's monthly reports and which projects owe them; closed months stay closed.

    Raises `Invalid` by field, `Stale` when somebody else set them meanwhile.
    """
    check(actor, policies.RULE.code).or_raise()
    rule, _made = ReportingRule.objects.select_for_update().get_or_create(programme=programme)
    if rule.version != version:
        raise Stale(version=rule.version)
    names = ("due_day", "close_day", "remind_days", "states")
    before = {name: getattr(rule, name) for name in names}
    known = [state.value for state in ProjectState]
    rule.due_day, rule.close_day, rule.remind_days = due_day, close_day, remind_days
    rule.states = [state for state in known if state in states]
    after = {name: getattr(rule, name) for name in names}
    _refuse_odd(rule)
    if before == after:
        return rule
    rule.version += 1
    rule.save()
    record(actor=actor, action="progress.rule.set", subject=rule, before=before, after=after)
    return rule


def _refuse_odd(rule: ReportingRule) -> None:
    try:
        rule.clean_fields(exclude=["programme", "states", "version"])
    except ValidationError as wrong:
        raise Invalid(fields=wrong.message_dict) from None
    if rule.close_day < rule.due_day:
        raise Invalid(fields={"close_day": [_("锁定日不能早于报送期限。")]})
    if not rule.states:
        raise Invalid(fields={"states": [_("请至少选择一种项目状态。")]})


def months_close() -> int:
    """Lock every month whose day has passed, of each programme with reports; returns how many. May run twice."""
    closed = 0
    first = ProgressReport.objects.order_by().values_list("project__programme_id").annotate(first=Min("month"))
    for programme_id, month in list(first):
        rule, done = rule_of(programme_id), closed_months(programme_id)
        for one in months_from(month, month_of(today())):
            if one not in done and days_of(rule, one).closes_on < today():
                closed += _close(programme_id, one)
    return closed


@transaction.atomic
def _close(programme_id: int, month: int) -> int:
    rows = ProgressReport.objects.filter(month=month, state=ReportState.ACCEPTED, project__programme_id=programme_id)
    defaults = {"closed_at": now(), "reports": rows.count()}
    row, is_new = MonthClose.objects.get_or_create(programme_id=programme_id, month=month, defaults=defaults)
    if is_new:
        record(actor=ME, action="progress.month.closed", subject=row, after={"month": month, "reports": row.reports})
        announce("progress.month.closed", programme_id=programme_id, month=month)
    return int(is_new)
