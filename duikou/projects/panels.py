"""What this room hangs into pages of lower rooms: the projects of a clause, a pairing or a place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.lists import ListBar
from duikou.kernel.slots import Panel, register
from duikou.plans.models import PlanVersion
from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.projects import policies, selectors
from duikou.projects.models import Project
from duikou.projects.selectors.following import cell_asked, subscription_to
from duikou.projects.selectors.references import projects_of_plan

SHOWN = 10


def register_panels() -> None:
    """Hang the panels (once, from `apps.py`)."""
    register("flow.views", Panel("projects.follow", "projects/parts/follow.html", follow_list))
    register("projects.page", Panel("projects.follow", "projects/parts/follow.html", follow_project))
    register("programme.clause", Panel("projects.clause", "projects/panel.html", of_clause, order=20))
    register("programme.region", Panel("projects.region", "projects/panel.html", of_region, order=20))
    register("plans.version", Panel("projects.plan", "projects/plan_panel.html", of_plan, order=30))
    register("programme.pairing", Panel("projects.pairing", "projects/panel.html", of_pairing, order=20))


def of_plan(actor: Actor, version: PlanVersion) -> dict[str, Any] | None:
    """Visible projects that carry out entries of the plan; nothing where there are none."""
    if not policies.browse(actor):
        return None
    rows = projects_of_plan(actor=actor, plan_id=version.plan_id)
    return {"rows": rows} if rows else None


def of_clause(actor: Actor, clause: Clause) -> dict[str, Any] | None:
    """Newest visible projects of which this clause, or one that lies in it, is the main or a further clause."""
    wanted = selectors.ListFilter(clause=clause, any_clause=True)
    return _context(actor, clause.programme, wanted, {"clause": clause.code, "further": "on"})


def of_pairing(actor: Actor, pairing: Pairing) -> dict[str, Any] | None:
    """Newest visible projects of the pairing and of what lies in it."""
    return _context(actor, pairing.programme, selectors.ListFilter(pairing=pairing), {"pairing": pairing.code})


def of_region(actor: Actor, region: Region) -> dict[str, Any] | None:
    """Newest visible projects with a side in the place, under the platform's own programme."""
    programme = selectors.programme_chosen("", selectors.programmes_open())
    if programme is None:
        return None
    return _context(actor, programme, selectors.ListFilter(region=region), {"region": selectors.region_text(region)})


def _context(
    actor: Actor, programme: Programme, wanted: selectors.ListFilter, address: dict[str, str]
) -> dict[str, Any] | None:
    if not policies.browse(actor):
        return None
    pairings = selectors.pairings_of(programme)
    query = selectors.list_query(actor=actor, programme=programme, pairings=pairings, wanted=wanted)
    count = selectors.list_count(actor=actor, programme=programme, pairings=pairings, wanted=wanted, query=query)
    link = urlencode({"programme": programme.code, **address})
    return {
        "rows": list(query.order_by("-id")[:SHOWN]),
        "count": count,
        "all_url": f"{reverse('projects:list')}?{link}",
    }


def follow_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """The button that follows one project."""
    if actor.membership_id is None or project.merged_into_id is not None:
        return None
    return {
        "subscription": subscription_to(actor=actor, target={"project": project}),
        "asked": {"what": "project", "project": project.pk},
        "label": _("关注"),
    }


def follow_list(actor: Actor, bar: ListBar) -> dict[str, Any] | None:
    """The button that follows the open view, or the cell that the list is narrowed to."""
    if bar.name != "projects:list" or actor.membership_id is None or bar.faults:
        return None
    if bar.picked:
        target: dict[str, Any] = {"view_id": bar.picked}
        asked: dict[str, Any] = {"what": "view", "view": bar.picked}
        label = _("关注这个视图")
    else:
        cell = cell_asked(bar.query)
        if cell is None:
            return None
        target = {"pairing__code": cell["pairing"], "clause__code": cell["clause"]}
        target |= {"pairing__programme__code": cell["programme"]} if cell["programme"] else {}
        asked, label = {"what": "cell", **cell}, _("关注这一格")
    return {
        "subscription": subscription_to(actor=actor, target=target),
        "asked": asked,
        "label": label,
        "small": True,
    }
