"""Which facts of projects reach whom: the lower rooms announce, the inbox tells."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import Kind, register
from duikou.flow.selectors import accounts_in
from duikou.flow.services.jobs import notice_on
from duikou.flow.services.notices import Telling
from duikou.kernel.actor import OFFICE
from duikou.projects.models import Opinion, Project, Side

MOVED = "projects.moved"
OPINION = "projects.opinion"
FEW = 20
"""More projects than this at once are an import: one would not tell of each."""


def wire() -> None:
    """Register kinds and sources (once, when the house starts)."""
    register(Kind(MOVED, _("项目状态变化"), "trending-up"))
    register(Kind(OPINION, _("对方对项目的意见"), "scale"))
    notice_on("projects.project.moved", moved)
    notice_on("projects.project.opinion", opinion)


def moved(project_ids: list[int], verb: str) -> list[Telling]:
    """The offices of both sides are told that a project took a step."""
    return _tellings(project_ids, MOVED, gettext_noop("项目“%(project)s”状态有变化"), verb)


def opinion(project_ids: list[int], opinion: str) -> list[Telling]:
    """The offices of the one side are told what the other side says of a project."""
    return _tellings(project_ids, OPINION, _OPINIONS[Opinion(opinion)], opinion)


_OPINIONS = {
    Opinion.CONFIRMED: gettext_noop("对方已确认项目“%(project)s”的数据"),
    Opinion.CONTESTED: gettext_noop("对方对项目“%(project)s”提出异议"),
}


def _tellings(project_ids: list[int], kind: str, title: str, what: str) -> list[Telling]:
    if len(project_ids) > FEW:
        return []
    found = Project.objects.filter(pk__in=project_ids).select_related("pairing__first_region", "pairing__second_region")
    return [
        Telling(
            key=f"{kind}:{project.pk}:{project.version}:{what}",
            kind=kind,
            title=title,
            url=reverse("projects:project", args=[project.pk]),
            accounts=accounts_in(roles=OFFICE, region_paths=_sides(project, kind)),
            params={"project": project.name},
        )
        for project in found
    ]


def _sides(project: Project, kind: str) -> list[str]:
    """The regions whose offices are told: of an opinion, the side that did not give it."""
    pairing = project.pairing
    sides = {Side.FIRST.value: pairing.first_region, Side.SECOND.value: pairing.second_region}
    if kind == OPINION:
        sides.pop(project.opinion_by, None)
    return [side.path for side in sides.values() if side is not None]
