"""What this room hangs into pages of lower rooms: the park of a project, the parks of a place."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.parks import policies
from duikou.parks.selectors.page import parks_listed
from duikou.programme.models import Region
from duikou.projects.models import Project

SHOWN = 8


def register_panels() -> None:
    """Hang the panels (once, from `apps.py`)."""
    register("project.page", Panel("parks.project", "parks/panel.html", of_project, order=10))
    register("programme.region", Panel("parks.region", "parks/panel.html", of_region, order=40))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """The park of a project whose kind carries one, or the way to open its page."""
    if project.kind is None or not project.kind.park or not policies.browse(actor):
        return None
    parks = list(parks_listed(actor=actor).filter(project=project))
    if parks:
        return {"parks": parks}
    may_open = policies.open_park(actor, project)
    if not may_open:
        return None
    return {"parks": [], "open": may_open, "open_url": reverse("parks:new", args=[project.pk])}


def of_region(actor: Actor, region: Region) -> dict[str, Any] | None:
    """Visible parks with a side in the place; nothing where there is none."""
    if not policies.browse(actor):
        return None
    rows = parks_listed(actor=actor)
    first = rows.filter(project__first_region__path__startswith=region.path)
    second = rows.filter(project__second_region__path__startswith=region.path)
    parks = list((first | second).order_by("-id")[:SHOWN])
    return {"parks": parks, "all_url": reverse("parks:list")} if parks else None
