"""The rows that say when a project took which step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from duikou.kernel.bulk import insert_many
from duikou.projects.models import Project, ProjectStep
from duikou.projects.states import REGISTER, ProjectState

FIELDS = ("project", "verb", "from_state", "to_state", "taken_on", "reason", "recorded_at")


def steps_begin(projects: Iterable[Project]) -> None:
    """Write down in which state projects were registered, where that says anything: a later state, or a day."""
    insert_many(
        ProjectStep,
        FIELDS,
        [
            (row.pk, REGISTER, "", row.state, row.state_as_of, "", row.created_at)
            for row in projects
            if row.state != ProjectState.LEAD or row.state_as_of is not None
        ],
    )


def step_write(project: Project, verb: str, *, before: str, on: dt.date | None, reason: str) -> None:
    """Write down one step that was just taken from the state `before`, or (`states.CORRECT`) put right."""
    ProjectStep.objects.create(
        project=project,
        verb=verb,
        from_state=before,
        to_state=project.state,
        taken_on=on,
        reason=reason[:1000],
        recorded_at=project.updated_at,
    )
