"""Projects that are parts of another: what may be whose part."""

from __future__ import annotations

from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid, Stale
from duikou.projects.models import Project
from duikou.projects.selectors.scope import projects_visible

DEEPEST = 10
"""How many projects may lie one in another."""


def parent_refuse_unseen(actor: Actor, parent: Project | None) -> None:
    """Raise `Invalid` at the field when the actor may not know of the project named as parent (one query)."""
    if parent is not None and not projects_visible(actor=actor).filter(pk=parent.pk).exists():
        raise Invalid(fields={"parent": [_("没有找到这个项目：请填写项目编号，如 XM000012。")]})


def parent_refuse_ring(project: Project) -> None:
    """Raise `Invalid` when `project` (locked by the caller) would lie in itself, or too deep.

    All projects above are locked in the order of their ids, so of two writers who would close a ring together the
    second one sees what the first one did.
    """
    if project.parent_id is None:
        return
    if project.parent_id == project.pk:
        raise Invalid(fields={"parent": [_("项目不能是它自己的组成部分。")]})
    above = parents_above(project.parent_id)
    held = set(Project.objects.select_for_update().filter(pk__in=above).order_by("pk").values_list("pk", flat=True))
    if parents_above(project.parent_id) != above or held != set(above):
        raise Stale(_("所属项目刚刚被他人改动，请再保存一次。"))
    if project.pk in above:
        raise Invalid(fields={"parent": [_("所填的所属项目本身就是这个项目的组成部分。")]})
    if len(above) >= DEEPEST:
        raise Invalid(fields={"parent": [_("项目最多套%(most)s层。") % {"most": DEEPEST}]})


def parents_above(pk: int | None) -> list[int]:
    """The project and those it lies in, the nearest first (one query each)."""
    found: list[int] = []
    while pk is not None and pk not in found and len(found) <= DEEPEST:
        found.append(pk)
        pk = Project.objects.filter(pk=pk).values_list("parent_id", flat=True).first()
    return found


def lies_in(project: Project, other: Project) -> bool:
    """Whether `project` is a part of `other`, directly or through others."""
    return other.pk in parents_above(project.parent_id)
