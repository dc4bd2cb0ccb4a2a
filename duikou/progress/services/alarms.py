"""What people do about an alarm: acknowledge, explain, send back, close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import add_working_days, now, today
from duikou.kernel.errors import Invalid, Stale
from duikou.kernel.text import clean, has_word
from duikou.progress import policies
from duikou.progress.models import Alarm, AlarmStanding, AlarmState
from duikou.progress.rules.alarms import AlarmKind
from duikou.progress.selectors.alarms import alarm_visible, rules_of
from duikou.progress.services.alarms_judge import standing_locked
from duikou.progress.services.alarms_waiting import alarm_done, unit_answered, unit_waits
from duikou.progress.states import ALARM
from duikou.records.services.audit import SubjectRef, changes, record, snapshot

LONG, SHORT = 1000, 500
_SILENT = ("revision", "changed_at", "acknowledged_at", "explained_at", "closed_at")


@transaction.atomic
def alarm_acknowledge(*, actor: Actor, alarm_id: int, revision: int) -> Alarm:
    """Somebody of the unit or the office has read it. Raises `Stale`, `Forbidden` with the reason."""
    alarm = _held(actor, alarm_id)
    if alarm.state == AlarmState.ACKNOWLEDGED and alarm.acknowledged_by == actor.name:
        return alarm
    _may(actor, alarm, "acknowledge", revision)

    def change(row: Alarm) -> None:
        row.acknowledged_at, row.acknowledged_by = now(), actor.name[:150]

    _go(actor, alarm, "acknowledge", "progress.alarm.acknowledged", change)
    return alarm


@transaction.atomic
def alarm_explain(
    *, actor: Actor, alarm_id: int, revision: int, explanation: str, measure: str, promised_on: dt.date | None
) -> Alarm:
    """Say why it is so, what is done about it and until when. Raises `Invalid` by field, `Stale`, `Forbidden`."""
    alarm = _held(actor, alarm_id)
    texts = {"explanation": clean(explanation), "measure": clean(measure)}
    if alarm.state == AlarmState.EXPLAINED and _same(alarm, texts, promised_on):
        return alarm
    _may(actor, alarm, "explain", revision)
    faults = {name: [_("请填写具体内容。")] for name, text in texts.items() if not has_word(text)}
    long = {name: [_("最多%(limit)s个字。") % {"limit": LONG}] for name, text in texts.items() if len(text) > LONG}
    if promised_on is None:
        faults["promised_on"] = [_("请填写承诺完成日期。")]
    elif promised_on < today():
        faults["promised_on"] = [_("承诺完成日期不能早于今天。")]
    if faults | long:
        raise Invalid(fields=faults | long)

    def change(row: Alarm) -> None:
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = now(), actor.name[:150]
        row.explanation, row.measure, row.promised_on = texts["explanation"], texts["measure"], promised_on
        row.explained_at, row.explained_by = now(), actor.name[:150]

    _go(actor, alarm, "explain", "progress.alarm.explained", change)
    unit_answered(actor=actor, alarm=alarm)
    return alarm


def _same(alarm: Alarm, texts: dict[str, str], promised_on: dt.date | None) -> bool:
    return (alarm.explanation, alarm.measure, alarm.promised_on) == (
        texts["explanation"],
        texts["measure"],
        promised_on,
    )


@transaction.atomic
def alarm_return(*, actor: Actor, alarm_id: int, revision: int, note: str) -> Alarm:
    """The office asks for a better explanation; the unit has the full time anew."""
    alarm = _held(actor, alarm_id)
    _may(actor, alarm, "return", revision)
    note = _note(note, is_needed=True)
    days = rules_of([alarm.project.programme_id])[alarm.project.programme_id].thresholds.explain_days

    def change(row: Alarm) -> None:
        row.office_note, row.stage = note, 0
        row.explain_due = max(add_working_days(today(), int(days)), row.explain_due + dt.timedelta(days=1))

    _go(actor, alarm, "return", "progress.alarm.sent_back", change, note)
    unit_waits(actor=actor, alarm=alarm)
    return alarm


@transaction.atomic
def alarm_close(*, actor: Actor, alarm_id: int, revision: int, note: str = "") -> Alarm:
    """Close it: freely once the figures no longer give it, by decision with a reason while they do.

    A cut in the money that is accepted so becomes what later cuts are measured from.
    """
    alarm = _held(actor, alarm_id)
    if alarm.state == AlarmState.CLOSED and alarm.closed_by == actor.name and alarm.revision == revision + 1:
        return alarm
    _may(actor, alarm, "close", revision)
    note = _note(note, is_needed=alarm.is_given)

    def change(row: Alarm) -> None:
        row.office_note, row.is_decision = note, row.is_given
        row.closed_at, row.closed_by = now(), actor.name[:150]
        if row.kind == AlarmKind.SHRUNK and row.is_given:
            row.is_given = False

    _go(actor, alarm, "close", "progress.alarm.closed", change, note)
    if alarm.kind == AlarmKind.SHRUNK and alarm.is_decision:
        project = alarm.project
        kept = {"most_planned": project.planned_amount, "most_signed": project.signed_amount}
        AlarmStanding.objects.filter(pk=project.pk).update(**kept)
    alarm_done(actor=actor, alarm=alarm)
    return alarm


def _note(text: str, *, is_needed: bool) -> str:
    text = clean(text)
    if is_needed and not has_word(text):
        raise Invalid(fields={"note": [_("请写明理由。")]})
    if len(text) > SHORT:
        raise Invalid(fields={"note": [_("最多%(limit)s个字。") % {"limit": SHORT}]})
    return text


def _held(actor: Actor, alarm_id: int) -> Alarm:
    """The alarm, its project's row locked; raises `NotFound` for who may not know of it."""
    project = alarm_visible(actor=actor, alarm_id=alarm_id).project
    standing_locked(project, rules_of([project.programme_id])[project.programme_id])
    return alarm_visible(actor=actor, alarm_id=alarm_id)


def _may(actor: Actor, alarm: Alarm, verb: str, revision: int) -> None:
    policies.alarm_step(actor, alarm, verb).or_raise()
    if alarm.revision != revision:
        raise Stale(revision=alarm.revision)


def _go(actor: Actor, alarm: Alarm, verb: str, action: str, change: Callable[[Alarm], None], reason: str = "") -> None:
    before = snapshot(alarm)
    alarm.state = ALARM.go(AlarmState(alarm.state), verb).value
    change(alarm)
    alarm.revision += 1
    alarm.changed_at = now()
    alarm.save()
    old, new = (
        {name: value for name, value in (side or {}).items() if name not in _SILENT} for side in changes(before, alarm)
    )
    record(actor=actor, action=action, subject=alarm, before=old, after=new, reason=reason)


@transaction.atomic
def alarms_export_note(*, actor: Actor, query: str, rows: int) -> None:
    """Record an export of the list before it is written."""
    policies.browse(actor).or_raise()
    subject = SubjectRef("progress.alarm", "", "")
    record(actor=actor, action="progress.alarm.exported", subject=subject, after={"query": query[:2000], "rows": rows})
