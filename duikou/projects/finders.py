"""What this room brings to the search of the top bar: projects."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register
from duikou.projects import policies, selectors


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("projects", gettext_lazy("合作项目"), "list-details", 10, projects, _all))


def projects(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Visible projects by name, parties, number or project code, the newest first (two queries)."""
    if not policies.browse(actor):
        return []
    return [
        Hit(
            project.name,
            reverse("projects:project", args=[project.pk]),
            " · ".join(
                text for text in (project.pairing.label, str(project.year or ""), str(project.state_label)) if text
            ),
        )
        for project in selectors.projects_named(actor=actor, text=query, limit=limit)
    ]


def _all(_actor: Actor, query: str) -> str:
    return f"{reverse('projects:list')}?{urlencode({'q': query})}"
