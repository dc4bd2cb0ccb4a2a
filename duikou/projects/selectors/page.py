"""One project."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.projects.models import Project
from duikou.projects.selectors.scope import projects_visible

RELATED = (
    "programme",
    "kind",
    "clause",
    "industry",
    "pairing__first_region",
    "pairing__second_region",
    "first_region",
    "second_region",
)


def project_visible(*, actor: Actor, project_id: int) -> Project:
    """The project with what its page names; raises `NotFound` when there is none this viewer may know of."""
    found = projects_visible(actor=actor).select_related(*RELATED).filter(pk=project_id).first()
    if found is None:
        raise NotFound
    return found


def resolved_id(*, actor: Actor, project_id: int) -> int | None:
    """The project that `project_id` was merged into, when the viewer may know of that one; else None."""
    target = Project.objects.filter(pk=project_id).values_list("merged_into_id", flat=True).first()
    if target is None or not projects_visible(actor=actor).filter(pk=target).exists():
        return None
    return target


def project_sees(actor: Actor, project_id: str) -> Verdict:
    """Whether the viewer may know of the project (evidence files ask)."""
    known = project_id.isascii() and project_id.isdigit() and len(project_id) <= 18
    if known and projects_visible(actor=actor).filter(pk=int(project_id)).exists():
        return Verdict.yes()
    return Verdict.no(_("没有找到这个页面或记录。"))
