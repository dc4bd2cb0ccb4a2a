"""The planned days of a project, written by whoever plans them (a room above keeps milestones that say the same)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce
from duikou.projects import policies
from duikou.projects.models import Project
from duikou.projects.services.projects import project_locked, project_save
from duikou.projects.services.summaries import contribution
from duikou.records.services.audit import record

PLANNED = ("planned_start", "planned_finish")


@transaction.atomic
def project_dates_set(*, actor: Actor, project_id: int, **days: dt.date | None) -> Project:
    """Set `planned_start` or `planned_finish` (or both); what is as it was writes nothing.

    Raises `Invalid` where the finish would come before the start, `Forbidden`, `NotFound`.
    """
    project = project_locked(project_id)
    policies.take_part(actor, project).or_raise()
    changed = {name: day for name, day in days.items() if name in PLANNED and getattr(project, name) != day}
    if not changed:
        return project
    if differing := set(changed) & set(project.contested.split()):
        reason = _("双方对这项数据说法不一，请在项目页“双方说法不一的数据”处商定。")
        raise Invalid(fields={name: [reason] for name in differing})
    gone = contribution(project)
    before = {name: getattr(project, name) for name in changed}
    for name, day in changed.items():
        setattr(project, name, day)
    if project.planned_start and project.planned_finish and project.planned_finish < project.planned_start:
        raise Invalid(fields={name: [_("计划完工日期不能早于计划开工日期。")] for name in changed})
    project_save(project, gone)
    record(
        actor=actor,
        action="projects.project.updated",
        subject=project,
        before={name: _iso(day) for name, day in before.items()},
        after={name: _iso(day) for name, day in changed.items()},
    )
    announce("projects.project.updated", project_ids=[project.pk])
    return project


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None
