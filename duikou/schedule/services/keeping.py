"""Holding a family of projects while its schedule changes, and keeping the days that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.clock import now
from duikou.kernel.errors import NotFound, Stale
from duikou.kernel.facts import announce
from duikou.projects.models import Project
from duikou.projects.services.projects import project_locked
from duikou.schedule.models import Milestone
from duikou.schedule.rules import schedule
from duikou.schedule.selectors.family import family_of
from duikou.schedule.selectors.network import edges_of, node_of


def family_held(project_id: int) -> tuple[Project, list[int]]:
    """The project, locked, and its family's ids; whoever changes the same family waits here (its root is locked)."""
    row = Project.objects.filter(pk=project_id).values("parent_id").first()
    if row is None:
        raise NotFound
    family = family_of(project_id, row["parent_id"])
    if family[0] != project_id:
        project_locked(family[0])
    return project_locked(project_id), family


def milestone_held(milestone_id: int) -> tuple[Milestone, list[int]]:
    """The milestone for changing, its project (locked) and family."""
    project_id = Milestone.objects.filter(pk=milestone_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    project, family = family_held(project_id)
    row = Milestone.objects.select_for_update(of=("self",)).filter(pk=milestone_id).first()
    if row is None:
        raise NotFound
    row.project = project
    return row, family


def refuse_stale(row: Milestone, version: int) -> None:
    """Raise `Stale` unless `version` is the present one."""
    if row.version != version:
        raise Stale(
            _("这个里程碑在您打开之后已被他人修改。下面是现在的内容和您填写的内容，请核对后再提交。"),
            version=row.version,
        )


def touched(row: Milestone) -> None:
    """Save a changed row under its next version."""
    row.version += 1
    row.updated_at = now()
    row.expected_on = row.done_on or row.forecast_on or row.planned_on or row.expected_on
    row.save()


def days_follow(family: list[int], project_id: int) -> None:
    """Write the expected days anew that a change in the family moves, and tell that the schedule changed."""
    rows = list(Milestone.objects.filter(project_id__in=family))
    found = schedule([node_of(row) for row in rows], edges_of(family)).expected
    moved = [row for row in rows if row.expected_on != found[row.pk]]
    for row in moved:
        row.expected_on = found[row.pk]
    Milestone.objects.bulk_update(moved, ["expected_on"], batch_size=500)
    changed = {project_id, *(row.project_id for row in moved)}
    announce("schedule.milestone.changed", project_ids=sorted(changed))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the trail keeps them."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
