"""What is promised from now on."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, has_word
from duikou.records.services.audit import record
from duikou.schedule import policies
from duikou.schedule.models import Baseline, BaselineDate, Milestone
from duikou.schedule.services.keeping import family_held


@transaction.atomic
def baseline_set(*, actor: Actor, project_id: int, number: int, reason: str) -> Baseline:
    """Keep today's planned days as the promise; `number` is the next one as the actor saw it, so that two submissions
    set one. Raises `Invalid` without a reason, a planned day or where nothing differs from the last."""
    project, _family = family_held(project_id)
    policies.set_baseline(actor, project).or_raise()
    last = Baseline.objects.filter(project=project).order_by("-number").first()
    reason = clean(reason)[:500]
    if last is not None and (last.number >= number):
        if last.number == number and last.reason == reason:
            return last
        raise Invalid(fields={"": [_("基线刚刚已由他人设定，请看一看再提交。")]})
    if not has_word(reason):
        raise Invalid(fields={"reason": [_("请写明理由。")]})
    rows = list(Milestone.objects.filter(project=project, planned_on__isnull=False))
    if not rows:
        raise Invalid(fields={"": [_("还没有带计划日期的里程碑，不能设定基线。")]})
    if last is not None and {row.pk: row.planned_on for row in rows} == {
        one.milestone_id: one.on for one in last.dates.all()
    }:
        raise Invalid(fields={"": [_("计划日期与现行基线相同，不必重新设定。")]})
    return _keep(actor, project_id, last.number + 1 if last else 1, reason, rows)


def _keep(actor: Actor, project_id: int, number: int, reason: str, rows: list[Milestone]) -> Baseline:
    made = Baseline.objects.create(
        project_id=project_id, number=number, reason=reason, set_at=now(), set_by=actor.name[:150]
    )
    BaselineDate.objects.bulk_create(
        [
            BaselineDate(baseline=made, milestone=row, title=row.title, on=row.planned_on)
            for row in rows
            if row.planned_on
        ]
    )
    for row in rows:
        row.baseline_on = row.planned_on
    Milestone.objects.bulk_update(rows, ["baseline_on"], batch_size=500)
    days = {row.title: row.planned_on.isoformat() for row in rows if row.planned_on}
    record(
        actor=actor,
        action="schedule.baseline.set",
        subject=made,
        after={"number": number, "milestones": days},
        reason=reason,
    )
    announce("schedule.baseline.set", project_id=project_id, number=number)
    return made
