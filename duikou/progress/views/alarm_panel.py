"""The panel of alarms on a project's page."""

from __future__ import annotations

from typing import Any

from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.progress import policies
from duikou.progress.selectors.alarms import project_judged
from duikou.progress.views.alarm_words import said
from duikou.projects.models import Project


def register_panel() -> None:
    """Hang the panel (once, from `apps.py`)."""
    register("project.page", Panel("progress.alarms", "progress/alarms_panel.html", of_project, order=20))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """Each of the five as the figures are now; nothing for who may not know, or where nothing is planned yet."""
    if not policies.browse(actor):
        return None
    judged = project_judged(actor=actor, project=project)
    if judged is None:
        return None
    known = judged.case.known
    if known.planned_start is None and known.planned_finish is None and known.report_month is None:
        return None
    return {
        "rows": [said(found, judged.alarms.get(found.kind.value)) for found in judged.findings],
        "is_watched": judged.is_watched,
        "is_example": judged.rule.version == 0,
    }
