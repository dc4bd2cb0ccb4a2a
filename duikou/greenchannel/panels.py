"""What this room hangs into the page of a project: its open blockers, and the way to raise one."""

from __future__ import annotations

from typing import Any

from duikou.greenchannel import policies
from duikou.greenchannel.selectors.page import open_of
from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.projects.models import Project


def register_panels() -> None:
    """Hang the panel (once, from `apps.py`)."""
    register("project.page", Panel("greenchannel.project", "greenchannel/panel.html", of_project, order=30))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """The open ones, the first due first; nothing for who neither sees nor raises any."""
    if not policies.browse(actor):
        return None
    allowed = policies.raise_(actor, project)
    rows, count = open_of(actor=actor, project=project)
    if not allowed and not count:
        return None
    return {"project": project, "rows": rows, "count": count, "may_raise": allowed}
