"""Who is told of what becomes of a project."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import Kind, MailMode, register
from duikou.flow.selectors import accounts_in
from duikou.flow.services.notices import Telling
from duikou.kernel.actor import Role
from duikou.projects.models import Project
from duikou.projects.services.news import FOLLOW_KINDS

PARTY, DIFFERS = "projects.party", "projects.difference"
_FOLLOWED = {
    MailMode.DAILY: _("关注的项目（每日汇总）"),
    MailMode.NOW: _("关注的项目（立即）"),
    MailMode.OFF: _("关注的项目（仅站内）"),
}


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    for mail, label in _FOLLOWED.items():
        register(Kind(FOLLOW_KINDS[mail], label, "bell", mail=mail))
    register(Kind(PARTY, _("参与的合作项目"), "list-details"))
    register(Kind(DIFFERS, _("双方说法不一的项目数据"), "arrows-diff", is_duty=True))


def linked(project_id: int, organisation_id: int, at: str) -> Telling | None:
    """The organisation learns that it takes part and sees the project."""
    title = gettext_noop("贵单位已关联为合作项目“%(project)s”的合作单位，可以查看这个项目")
    return _to_organisation(
        project_id, organisation_id, f"linked:{at}", title, reverse("projects:project", args=[project_id])
    )


def unlinked(project_id: int, organisation_id: int, at: str) -> Telling | None:
    """The organisation learns that it takes part no longer."""
    title = gettext_noop("贵单位与合作项目“%(project)s”的关联已解除")
    return _to_organisation(project_id, organisation_id, f"unlinked:{at}", title, reverse("projects:list"))


def _to_organisation(project_id: int, organisation_id: int, occasion: str, title: str, url: str) -> Telling | None:
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        return None
    people = accounts_in(roles=[Role.UNIT, Role.MEMBER], organisation_ids=[organisation_id])
    key = f"party:{project_id}:{organisation_id}:{occasion}"
    return Telling(key, PARTY, title, url, people, {"project": project.name[:80]})
