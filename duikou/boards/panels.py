"""What this room hangs into pages of lower rooms: the way to the picture."""

from __future__ import annotations

from typing import Any

from duikou.boards import policies
from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.projects.models import Project


def register_panels() -> None:
    """Hang the panel (once, from `apps.py`)."""
    register("schedule.actions", Panel("boards.gantt", "boards/panel.html", of_project))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """A link to the project's own Gantt."""
    return {"project": project} if policies.browse(actor) else None
