"""Alarms of a project that turned out to be another one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.clock import now
from duikou.progress.models import Alarm, AlarmState
from duikou.progress.selectors.alarm_facts import RELATED
from duikou.progress.services.alarms_judge import PLATFORM, project_judge
from duikou.progress.services.alarms_waiting import alarm_done
from duikou.progress.states import ALARM
from duikou.records.services.audit import record


@transaction.atomic
def alarms_follow_merge(*, kept_id: int, duplicate_id: int) -> None:
    """Close what is open about the duplicate, which is shown nowhere any more, and judge the one that is kept."""
    related = (f"project__{name}" for name in RELATED)
    rows = Alarm.objects.select_related(*related).filter(project=duplicate_id).exclude(state=AlarmState.CLOSED)
    for alarm in list(rows):
        before = {"state": alarm.state}
        alarm.state = ALARM.go(AlarmState(alarm.state), "close").value
        alarm.office_note, alarm.is_given = _("项目已并入另一个项目。"), False
        alarm.closed_at, alarm.closed_by = now(), PLATFORM.name
        alarm.revision += 1
        alarm.save()
        after = {"state": alarm.state}
        record(
            actor=PLATFORM,
            action="progress.alarm.closed",
            subject=alarm,
            before=before,
            after=after,
            reason=alarm.office_note,
        )
        alarm_done(actor=PLATFORM, alarm=alarm)
    project_judge(project_id=kept_id)
