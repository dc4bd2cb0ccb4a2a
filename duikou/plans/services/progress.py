"""How far promises are, and what units do for them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word
from duikou.plans import policies
from duikou.plans.models import EntryProgress, EntryUnit, PlanEntry, UnitTask
from duikou.plans.services.waiting import task_ends, task_waits
from duikou.plans.states import EntryState, VersionState
from duikou.records.services.audit import record

_PLAN = ("version__plan__programme", "version__plan__pairing__first_region", "version__plan__pairing__second_region")


@transaction.atomic
def entry_progress_set(
    *,
    actor: Actor,
    plan_id: int,
    uid: uuid.UUID,
    version: int,
    state: str,
    note: str = "",
    value: Decimal | None = None,
    on: dt.date | None = None,
) -> EntryProgress:
    """Say how far a promise in force is; `version` is what the writer had seen (0: nothing said yet)."""
    entry = _in_force(plan_id, uid)
    plan = entry.version.plan
    policies.report(actor, plan).or_raise()
    note = _checked(state, note)
    if on is not None and on > today():
        raise Invalid(fields={"on": [_("日期不能晚于今天。")]})
    row = EntryProgress.objects.select_for_update().filter(plan=plan, entry_uid=uid).first()
    if (row.version if row else 0) != version:
        raise Stale
    before = {"state": row.state, "note": row.note, "value": _text(row.value)} if row else None
    row = row or EntryProgress(plan=plan, entry_uid=uid, version=0)
    row.state, row.note, row.value, row.on = state, note, value, on
    row.version += 1
    row.changed_at, row.changed_by = now(), actor.name[:150]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Stale from None
    after = {"entry": entry.title, "state": state, "note": note, "value": _text(value)}
    record(actor=actor, action="plans.progress.set", subject=plan, before=before, after=after)
    announce("plans.progress.set", plan_id=plan.pk, uid=str(uid))
    return row


@transaction.atomic
def unit_task_add(
    *,
    actor: Actor,
    plan_id: int,
    uid: uuid.UUID,
    organisation_id: int,
    title: str,
    due_on: dt.date | None = None,
) -> UnitTask:
    """Give a responsible unit of a promise in force a task; raises `Invalid` when the unit is not one of them."""
    entry = _in_force(plan_id, uid)
    plan = entry.version.plan
    policies.report(actor, plan).or_raise()
    title = clean_name(title)
    if not has_word(title) or len(title) > 200:
        raise Invalid(fields={"title": [_("请填写任务，最多200个字。")]})
    unit = EntryUnit.objects.filter(entry=entry, organisation_id=organisation_id).first()
    if unit is None:
        raise Invalid(fields={"organisation": [_("只能给本事项的责任单位下达任务。")]})
    if due_on is not None and due_on < plan.starts_on:
        raise Invalid(fields={"due_on": [_("完成期限不能早于计划的起始日期。")]})
    task = UnitTask(
        plan=plan,
        entry_uid=uid,
        organisation_id=organisation_id,
        side=unit.side,
        title=title,
        due_on=due_on,
        created_at=now(),
        created_by=actor.name[:150],
    )
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个单位已有同样的任务。")) from None
    after = {"entry": entry.title, "organisation": unit.name, "title": title}
    record(actor=actor, action="plans.task.added", subject=task, after=after)
    task_waits(actor, task)
    announce("plans.task.added", task_id=task.pk)
    return task


@transaction.atomic
def unit_task_set(*, actor: Actor, task_id: int, version: int, state: str, note: str = "") -> UnitTask:
    """Say how far a unit's task is; `version` is what the writer had seen."""
    task = _task(task_id)
    policies.work(actor, task).or_raise()
    note = _checked(state, note)
    before = {"state": task.state, "state_note": task.state_note}
    values = {"state": state, "state_note": note, "version": version + 1}
    if not UnitTask.objects.filter(pk=task_id, version=version).update(**values):
        raise Stale
    for name, value in values.items():
        setattr(task, name, value)
    record(
        actor=actor,
        action="plans.task.set",
        subject=task,
        before=before,
        after={"state": state, "state_note": note},
    )
    task_waits(actor, task)
    announce("plans.task.set", task_id=task.pk)
    return task


@transaction.atomic
def unit_task_remove(*, actor: Actor, task_id: int, reason: str) -> None:
    """Take a task back; a reason is a must."""
    task = _task(task_id)
    policies.report(actor, task.plan).or_raise()
    reason = clean(reason)
    if not reason or len(reason) > 1000:
        raise Invalid(fields={"reason": [_("请写明理由，最多1000个字。")]})
    task_ends(actor, task)
    before = {"title": task.title, "organisation": task.organisation.name, "state": task.state}
    record(actor=actor, action="plans.task.removed", subject=task, before=before, reason=reason)
    task.delete()


def _task(task_id: int) -> UnitTask:
    rows = UnitTask.objects.select_related(
        "organisation", "plan__pairing__first_region", "plan__pairing__second_region"
    )
    found = rows.filter(pk=task_id).first()
    if found is None:
        raise NotFound
    return found


def _in_force(plan_id: int, uid: uuid.UUID) -> PlanEntry:
    entry = (
        PlanEntry.objects.select_related(*_PLAN)
        .filter(version__plan=plan_id, version__state=VersionState.IN_FORCE, uid=uid)
        .first()
    )
    if entry is None:
        raise NotFound(_("只能填报执行中的计划里的事项。"))
    return entry


def _checked(state: str, note: str) -> str:
    note = clean(note)
    if state not in EntryState.values:
        raise Invalid(fields={"state": [_("没有这一项。")]})
    if len(note) > 1000:
        raise Invalid(fields={"note": [_("最多%(limit)s个字。") % {"limit": 1000}]})
    if state in {EntryState.UNFINISHED, EntryState.DROPPED} and not note:
        raise Invalid(fields={"note": [_("请说明原因。")]})
    return note


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
