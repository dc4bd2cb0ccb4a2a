"""What follows from changes of projects: planned days that are the project's own, a start that took place, a merge."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q

from duikou.kernel.actor import Actor
from duikou.projects.models import Project
from duikou.records.services.audit import record
from duikou.schedule.models import Milestone, MilestoneKind
from duikou.schedule.services.keeping import days_follow, family_held, plain, touched

_START = Q(kind=MilestoneKind.START.value)
_APART = _START & Q(project__planned_start__isnull=False) & ~Q(planned_on=F("project__planned_start")) | Q(
    kind=MilestoneKind.FINISH.value
) & Q(project__planned_finish__isnull=False) & ~Q(planned_on=F("project__planned_finish"))


def plans_follow(*, actor: Actor, project_ids: Collection[int]) -> int:
    """The planned days of start and finish say what the projects say; returns how many changed. May run twice."""
    apart = Milestone.objects.filter(_APART | _START & Q(planned_on=None, project__planned_start__isnull=False))
    ids = list(apart.filter(project_id__in=project_ids).values_list("pk", flat=True))
    return sum(_plan_follows(actor, pk) for pk in ids)


@transaction.atomic
def _plan_follows(actor: Actor, milestone_id: int) -> bool:
    found = Milestone.objects.select_related("project").filter(pk=milestone_id).first()
    if found is None:
        return False
    project, family = family_held(found.project_id)
    row = Milestone.objects.get(pk=milestone_id)
    row.project = project
    day = project.planned_start if row.kind == MilestoneKind.START else project.planned_finish
    if day is None or row.planned_on == day:
        return False
    before = plain({"planned_on": row.planned_on})
    row.planned_on = day
    touched(row)
    after = plain({"planned_on": day})
    record(actor=actor, action="schedule.milestone.changed", subject=row, before=before, after=after)
    days_follow(family, project.pk)
    return True


@transaction.atomic
def start_follows(*, actor: Actor, project_id: int) -> bool:
    """A project that started has its start milestone done on that day, if it is open; may run twice."""
    project, family = family_held(project_id)
    day = project.state_as_of if project.state == "started" else None
    row = Milestone.objects.filter(_START, project=project, done_on=None).first()
    if row is None or day is None:
        return False
    row.project = project
    row.done_on = day
    touched(row)
    after = plain({"done_on": row.done_on})
    record(actor=actor, action="schedule.milestone.done", subject=row, before={"done_on": None}, after=after)
    days_follow(family, project_id)
    return True


@transaction.atomic
def merge_follows(*, actor: Actor, kept_id: int, duplicate_id: int) -> int:
    """Milestones of a duplicate go to the project that was kept; what that one has already stays behind."""
    kept, family = family_held(kept_id)
    have = {(row.near_key, row.kind) for row in Milestone.objects.filter(project=kept)}
    keys, kinds = {key for key, _kind in have}, {kind for _key, kind in have}
    rows = list(Milestone.objects.filter(project_id=duplicate_id).exclude(near_key__in=keys))
    name = str(Project.objects.get(pk=duplicate_id))
    for row in rows:
        row.project = kept
        if row.kind in kinds:
            row.kind = MilestoneKind.NODE.value
        touched(row)
        words = {"project": str(kept)}
        record(actor=actor, action="schedule.milestone.moved", subject=row, before={"project": name}, after=words)
    if rows:
        days_follow(family, kept_id)
    return len(rows)
