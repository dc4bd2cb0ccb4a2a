"""What a viewer may know of: milestones of the projects that he may know of."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.programme.models import Pairing
from duikou.projects.selectors import project_visible, projects_visible
from duikou.schedule.models import Milestone


def milestones_visible(*, actor: Actor, pairings: list[Pairing] | None = None) -> QuerySet[Milestone]:
    """The milestones of every project that `actor` may know of.

    A correlated condition, so that a page in the order of days looks up the few projects it shows and no others.
    """
    projects = projects_visible(actor=actor, pairings=pairings)
    return Milestone.objects.filter(Exists(projects.filter(pk=OuterRef("project_id")).order_by().values("pk")))


def milestone_visible(*, actor: Actor, milestone_id: int) -> Milestone:
    """One milestone, its project loaded as its page needs it; raises `NotFound`."""
    found = Milestone.objects.select_related("organisation").filter(pk=milestone_id).first()
    if found is None:
        raise NotFound
    found.project = project_visible(actor=actor, project_id=found.project_id)
    return found
