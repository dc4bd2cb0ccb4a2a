"""The clock's round over alarms: whoever does not answer in time is told of to those above."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from duikou.kernel.clock import add_working_days, now, today
from duikou.progress.models import Alarm, AlarmState
from duikou.progress.rules.alarm_life import stage_due
from duikou.progress.selectors.alarm_facts import RELATED
from duikou.progress.selectors.alarms import rules_of
from duikou.progress.services.alarms_judge import PLATFORM
from duikou.progress.services.alarms_waiting import alarm_rises
from duikou.records.services.audit import record

WAITING = (AlarmState.RAISED.value, AlarmState.ACKNOWLEDGED.value)


def alarms_escalate() -> int:
    """Let every alarm rise that was not acknowledged or explained in time; each stage once. Returns how many rose."""
    late = Q(state=AlarmState.RAISED, ack_due__lt=today()) | Q(state__in=WAITING, explain_due__lt=today())
    rows = Alarm.objects.filter(late, stage__lt=3).order_by("pk").values_list("pk", flat=True)
    return sum(_rise(pk) for pk in list(rows))


@transaction.atomic
def _rise(alarm_id: int) -> bool:
    related = (f"project__{name}" for name in RELATED)
    alarm = Alarm.objects.select_related(*related).filter(pk=alarm_id, state__in=WAITING).first()
    if alarm is None:
        return False
    at = rules_of([alarm.project.programme_id])[alarm.project.programme_id].thresholds
    ack_due = alarm.ack_due if alarm.state == AlarmState.RAISED else None
    stage = stage_due(ack_due, alarm.explain_due, int(at.step_days), today(), add_working_days)
    before = alarm.stage
    if stage <= before or not Alarm.objects.filter(pk=alarm.pk, stage=before, revision=alarm.revision).update(
        stage=stage, changed_at=now()
    ):
        return False
    for each in range(before + 1, stage + 1):
        alarm_rises(actor=PLATFORM, alarm=alarm, stage=each)
    record(
        actor=PLATFORM,
        action="progress.alarm.escalated",
        subject=alarm,
        before={"stage": before},
        after={"stage": stage},
    )
    return True
