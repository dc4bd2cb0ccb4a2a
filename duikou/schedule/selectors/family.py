"""A project with its parent and parts: the milestones of one family may wait for one another."""

from __future__ import annotations

from duikou.projects.models import Project


def family_of(project_id: int, parent_id: int | None) -> list[int]:
    """The ids of the whole family, its root first (one query a level, one in all for a project that stands alone)."""
    root, seen = project_id, {project_id}
    while parent_id is not None and parent_id not in seen:
        root = parent_id
        seen.add(root)
        parent_id = Project.objects.values_list("parent_id", flat=True).get(pk=root)
    found, level = [root], [root]
    while level:
        parts = Project.objects.filter(parent_id__in=level, merged_into=None).exclude(pk__in=found)
        level = list(parts.order_by("id").values_list("id", flat=True))
        found += level
    return found
