"""A section or an entry as it stands now, whichever of the two a uid means."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from duikou.kernel.errors import NotFound
from duikou.kernel.rich_text import editable
from duikou.plans.models import PlanEntry, PlanSection, PlanVersion
from duikou.plans.services.entries import entry_content
from duikou.plans.services.sections import section_content, section_of


@dataclass(frozen=True, slots=True)
class Present:
    """`kind` is section or entry; `content` is what revisions keep."""

    kind: str
    uid: uuid.UUID
    revision: int
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.content["heading" if self.kind == "section" else "title"])

    def editable(self, field: str) -> str:
        """A field for somebody to write on."""
        return editable(self.content[field]) if field == "body" else str(self.content[field])

    def label(self, field: str) -> str:
        """What a field is called."""
        model = PlanSection if self.kind == "section" else PlanEntry
        return str(model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def part_now(version: PlanVersion, uid: uuid.UUID) -> Present | None:
    """The part of this uid; None when it is not in the version (any more)."""
    try:
        section = section_of(version.pk, uid)
        return Present("section", uid, section.revision, section_content(section))
    except NotFound:
        pass
    try:
        content, revision = entry_content(version=version, uid=uid)
        return Present("entry", uid, revision, content)
    except NotFound:
        return None


def part_names(version: PlanVersion) -> dict[str, str]:
    """uid → heading or title of every part (two queries)."""
    sections = PlanSection.objects.filter(version=version).values_list("uid", "heading")
    entries = PlanEntry.objects.filter(version=version).values_list("uid", "title")
    return {str(uid): name for uid, name in [*sections, *entries]}


def part_label(version: PlanVersion, uid: uuid.UUID | None) -> dict[str, str] | None:
    """A part as the trail names it, with its heading or title of today (one query); None for the whole plan."""
    if uid is None:
        return None
    sections = PlanSection.objects.filter(version=version, uid=uid).order_by().values_list("heading")
    entries = PlanEntry.objects.filter(version=version, uid=uid).order_by().values_list("title")
    names = [name for (name,) in sections.union(entries)]
    return {"id": str(uid), "label": names[0] if names else ""}
