"""What this room hangs into pages of lower rooms: the papers of a plan's version."""

from __future__ import annotations

from typing import Any

from duikou.documents.selectors import source_of
from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.meetings.models import MinutesVersion
from duikou.plans import policies
from duikou.plans.models import PlanVersion


def register_panels() -> None:
    """Hang the panels (once, from `apps.py`)."""
    register("plans.version", Panel("documents.papers", "documents/panel.html", of_version, order=90))
    register("meetings.minutes", Panel("documents.minutes", "documents/minutes_panel.html", of_minutes, order=10))
    register("plans.check", Panel("documents.check", "documents/check_panel.html", of_check, order=90))


def of_version(actor: Actor, version: PlanVersion) -> dict[str, Any]:
    """Links to the papers; whoever reads the page may have them. Who may write the draft may bring tables into it."""
    return {"version": version, "write": policies.write(actor, version), "source": source_of(version)}


def of_minutes(_actor: Actor, version: MinutesVersion) -> dict[str, Any]:
    """Links to the paper of minutes; whoever reads them may have it."""
    return {"version": version}


def of_check(_actor: Actor, _subject: None) -> dict[str, Any]:
    """A way to compare a file; whoever may check a digest may check a file."""
    return {}
