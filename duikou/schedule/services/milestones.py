"""Adding, changing, finishing and removing milestones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.flow.services.inbox import items_close_about
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.text import clean, has_word, near_key
from duikou.projects.models import Project
from duikou.projects.services.dates import project_dates_set
from duikou.records.services.audit import record, subject_of
from duikou.schedule import policies
from duikou.schedule.models import DoneAs, Milestone
from duikou.schedule.services.draft import FACTS, MilestoneDraft, checked, draft_of, plan_field
from duikou.schedule.services.keeping import days_follow, family_held, milestone_held, plain, refuse_stale, touched


@transaction.atomic
def milestone_add(*, actor: Actor, project_id: int, draft: MilestoneDraft) -> Milestone:
    """Add a milestone; sent twice it is there once. Raises `Invalid` by field, `Forbidden`, `NotFound`."""
    project, family = family_held(project_id)
    policies.edit(actor, project).or_raise()
    same = Milestone.objects.filter(project=project, near_key=near_key(draft.title)[:100]).first()
    if same is not None and draft_of(same) == replace(draft, planned_on=draft.planned_on or same.planned_on):
        return same
    draft = checked(draft, project)
    row = new_row(project, draft)
    plan_written(actor, project, row)
    row.save()
    record(actor=actor, action="schedule.milestone.added", subject=row, after=facts_of(row))
    days_follow(family, project.pk)
    row.refresh_from_db(fields=["expected_on"])
    return row


def new_row(project: Project, draft: MilestoneDraft) -> Milestone:
    """An unsaved row of a checked draft."""
    moment = now()
    day = draft.done_on or draft.forecast_on or draft.planned_on
    if day is None:  # `checked` refused it
        raise Invalid
    return Milestone(
        project=project,
        **{name: getattr(draft, name) for name in FACTS},
        near_key=near_key(draft.title)[:100],
        source=draft.source,
        done_on=draft.done_on,
        done_as=draft.done_as,
        expected_on=day,
        created_at=moment,
        updated_at=moment,
    )


def facts_of(row: Milestone) -> dict[str, object]:
    """What the trail keeps of a new milestone."""
    names = ("title", "kind", "planned_on", "forecast_on", "done_on", "side", "weight", "note", "source")
    found = {name: getattr(row, name) for name in names}
    found["project"] = str(row.project)
    found["organisation"] = str(row.organisation) if row.organisation_id else ""
    return {name: value for name, value in plain(found).items() if value not in (None, "", "none")}


@transaction.atomic
def milestone_change(
    *, actor: Actor, milestone_id: int, version: int, draft: MilestoneDraft, reason: str = ""
) -> Milestone:
    """Change its facts; a baseline keeps the day that was promised. Raises `Stale`, `Invalid` by field, `Forbidden`."""
    row, family = milestone_held(milestone_id)
    policies.edit(actor, row.project).or_raise()
    refuse_stale(row, version)
    draft = checked(replace(draft, done_on=row.done_on, done_as=row.done_as), row.project, row)
    before = {name: getattr(row, name) for name in FACTS}
    changed = [name for name in FACTS if getattr(draft, name) != before[name]]
    if not changed:
        return row
    if plan_field(before["kind"]) and "kind" in changed:
        raise Invalid(
            fields={"kind": [_("开工、完工里程碑与项目的计划日期是同一个日期，不能改成节点；请删除后另建。")]}
        )
    for name in changed:
        setattr(row, name, getattr(draft, name))
    row.near_key = near_key(draft.title)[:100]
    plan_written(actor, row.project, row)
    touched(row)
    record(
        actor=actor,
        action="schedule.milestone.changed",
        subject=row,
        before=plain({name: before[name] for name in changed}),
        after=plain({name: getattr(row, name) for name in changed}),
        reason=clean(reason)[:1000],
    )
    if {"planned_on", "side", "organisation_id"} & set(changed):
        _waits_no_more(actor, row)
    days_follow(family, row.project_id)
    row.refresh_from_db(fields=["expected_on"])
    return row


def plan_written(actor: Actor, project: Project, row: Milestone) -> None:
    """The planned day of a start or finish is the project's own: one truth, written there."""
    field = plan_field(row.kind)
    if field is None or row.planned_on is None:
        return
    try:
        project_dates_set(actor=actor, project_id=project.pk, **{field: row.planned_on})
    except Invalid as bad:
        raise Invalid(fields={"planned_on": bad.fields.get(field, [])}) from None
    setattr(project, field, row.planned_on)


@transaction.atomic
def milestone_done(*, actor: Actor, milestone_id: int, version: int, on: dt.date, note: str = "") -> Milestone:
    """It happened on that day; done twice on the same day is done once. Raises `Invalid`, `Conflict`, `Stale`."""
    row, family = milestone_held(milestone_id)
    policies.edit(actor, row.project).or_raise()
    if row.done_on == on:
        return row
    if row.done_on is not None:
        raise Conflict(_("这个里程碑已经完成；日期有误，请先重新打开。"))
    refuse_stale(row, version)
    draft = checked(replace(draft_of(row), done_on=on, note=clean(note) or row.note), row.project, row)
    row.done_on, row.note = draft.done_on, draft.note
    touched(row)
    after = plain({"done_on": on})
    record(actor=actor, action="schedule.milestone.done", subject=row, before={"done_on": None}, after=after)
    _waits_no_more(actor, row)
    days_follow(family, row.project_id)
    return row


@transaction.atomic
def milestone_reopen(*, actor: Actor, milestone_id: int, version: int, reason: str) -> Milestone:
    """It did not happen after all, and why it was said; raises `Invalid` without a reason or a plan to go back to."""
    row, family = milestone_held(milestone_id)
    policies.edit(actor, row.project).or_raise()
    if row.done_on is None:
        raise Conflict(_("这个里程碑还没有完成。"))
    refuse_stale(row, version)
    reason = _reason(reason)
    if row.planned_on is None:
        raise Invalid(fields={"": [_("这个里程碑没有计划日期，请先填写计划日期。")]})
    before = plain({"done_on": row.done_on})
    row.done_on, row.done_as = None, DoneAs.DAY.value
    touched(row)
    record(
        actor=actor,
        action="schedule.milestone.reopened",
        subject=row,
        before=before,
        after={"done_on": None},
        reason=reason,
    )
    days_follow(family, row.project_id)
    row.refresh_from_db(fields=["expected_on"])
    return row


@transaction.atomic
def milestone_remove(*, actor: Actor, milestone_id: int, version: int, reason: str) -> None:
    """Take it out of the plan; the trail and the baselines keep what it was. Raises `Invalid` without a reason."""
    row, family = milestone_held(milestone_id)
    policies.edit(actor, row.project).or_raise()
    refuse_stale(row, version)
    reason = _reason(reason)
    _waits_no_more(actor, row)
    record(actor=actor, action="schedule.milestone.removed", subject=row, before=facts_of(row), reason=reason)
    project_id = row.project_id
    row.delete()
    days_follow(family, project_id)


def _reason(text: str) -> str:
    text = clean(text)
    if not has_word(text):
        raise Invalid(fields={"reason": [_("请写明理由。")]})
    if len(text) > 1000:
        raise Invalid(fields={"reason": [_("最多%(limit)s个字。") % {"limit": 1000}]})
    return text


def _waits_no_more(actor: Actor, row: Milestone) -> None:
    """Nobody is asked for it any more; the clock asks again if it is still open."""
    if row.waits_for is not None:
        items_close_about(actor=actor, subject=subject_of(row))
        row.waits_for = None
        Milestone.objects.filter(pk=row.pk).update(waits_for=None)
