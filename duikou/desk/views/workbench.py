"""工作台: the first page after signing in; a calm page for everybody else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.desk.selectors.workbench import workbench_of
from duikou.flow.policies import may_browse_duties
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.web import PUBLIC, Page
from duikou.programme.selectors import programme_current


class Home(Page):
    """`/`: the workbench of a signed-in person, the landing page of anybody else."""

    needs = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """Either of the two."""
        if not self.actor.is_signed_in:
            return self.render("desk/landing.html", {"programme": programme_current()})
        return self.render(
            "desk/workbench.html",
            {
                "found": workbench_of(actor=self.actor),
                "steps": quick_steps(self.actor),
                "sees_duties": bool(may_browse_duties(self.actor)),
            },
        )


def quick_steps(actor: Actor) -> list[dict[str, Any]]:
    """What this role does most, as links; the pages themselves judge again."""
    new = {"label": _("登记项目"), "url": reverse("projects:project-new"), "icon": "plus"}
    bring = {"label": _("导入记录"), "url": reverse("intake:runs"), "icon": "file-import"}
    brought = {"label": _("查看导入"), "url": reverse("intake:runs"), "icon": "file-import"}
    projects = {"label": _("合作项目"), "url": reverse("projects:list"), "icon": "list-details"}
    overview = {"label": _("总览"), "url": reverse("desk:overview"), "icon": "map-2"}
    policy = {"label": _("政策条款"), "url": reverse("programme:programme-list"), "icon": "file-text"}
    trail = {"label": _("审计记录"), "url": reverse("records:trail"), "icon": "history"}
    people = {"label": _("机构与人员"), "url": reverse("access:organisations"), "icon": "users"}
    days = {"label": _("工作日"), "url": reverse("flow:calendar"), "icon": "calendar"}
    calendar = {"label": _("日历"), "url": reverse("meetings:calendar"), "icon": "calendar"}
    actions = {"label": _("议定事项"), "url": reverse("meetings:actions"), "icon": "list-check"}
    if actor.role in OFFICE:
        return [new, bring, projects, overview, calendar]
    return {
        Role.COORDINATOR: [overview, projects, brought, policy, calendar, trail],
        Role.AUDITOR: [trail, projects, brought, overview],
        Role.OPERATOR: [people, days, trail],
        Role.UNIT: [projects, actions, policy],
        Role.MEMBER: [projects, policy],
        Role.PUBLIC: [policy],
    }.get(actor.role, [overview, projects, policy])
