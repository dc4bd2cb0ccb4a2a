"""Projects as things that other rooms point at (meetings do), and the meetings that point at one."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from duikou.kernel.actor import Actor
from duikou.kernel.references import Reference
from duikou.meetings.models import Meeting
from duikou.meetings.selectors import meetings_visible
from duikou.plans.selectors.references import entries_found
from duikou.projects.models import Project, ProjectEntry
from duikou.projects.selectors.scope import projects_visible

KIND = "projects.project"
MOST = 500


def projects_offered(actor: Actor, pairing_id: int) -> list[Reference]:
    """Visible projects of the pairing, the newest first (two queries; ≤ 500)."""
    rows = projects_visible(actor=actor).filter(pairing_id=pairing_id).order_by("-id")[:MOST]
    return [_reference(row) for row in rows]


def projects_found(actor: Actor, ids: Collection[str]) -> dict[str, Reference]:
    """Those of `ids` that the actor may know of (two queries)."""
    wanted = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= 18]
    found = (_reference(row) for row in projects_visible(actor=actor).filter(pk__in=wanted))
    return {one.id: one for one in found}


def meetings_about(*, actor: Actor, project: Project) -> list[Meeting]:
    """Meetings the viewer may know of that are about the project, the newest first (one query or two)."""
    rows = meetings_visible(actor=actor).filter(links__kind=KIND, links__reference=str(project.pk))
    return list(rows.order_by("-starts_at")[:50])


def entries_of(*, actor: Actor, project: Project) -> list[tuple[int, Reference]]:
    """The plan entries a project carries out, as far as the viewer may know of them: link and entry (≤ 3 queries)."""
    links = list(project.entries.all())
    found = entries_found(actor, [link.reference for link in links]) if links else {}
    return [(link.pk, found[link.reference]) for link in links if link.reference in found]


def projects_of_plan(*, actor: Actor, plan_id: int) -> list[tuple[Reference, Project]]:
    """Visible projects that carry out entries of the plan, each with the entry, in order (≤ 4 queries)."""
    links = ProjectEntry.objects.filter(reference__startswith=f"{plan_id}:", project__in=projects_visible(actor=actor))
    rows = list(links.select_related("project").order_by("id")[:MOST])
    found = entries_found(actor, [row.reference for row in rows]) if rows else {}
    return [(found[row.reference], row.project) for row in rows if row.reference in found]


def _reference(row: Project) -> Reference:
    return Reference(str(row.pk), row.name, reverse("projects:project", args=[row.pk]), row.number)
