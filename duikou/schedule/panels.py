"""What this room hangs into a project's page: its milestones."""

from __future__ import annotations

from typing import Any

from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.projects.models import Project
from duikou.schedule import policies, selectors


def register_panels() -> None:
    """Hang the panel (once, from `apps.py`)."""
    register("project.page", Panel("schedule.milestones", "schedule/panel.html", of_project, order=10))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """The milestones with state, slip and what they wait for; nothing for a reader of a project that has none."""
    if not policies.browse(actor):
        return None
    network = selectors.network_of(actor=actor, project=project)
    edit = policies.edit(actor, project)
    if not network.lines and not edit:
        return None
    return {
        "project": project,
        "lines": network.lines,
        "baseline": network.baseline,
        "edit": edit,
        "set_baseline": policies.set_baseline(actor, project),
    }
