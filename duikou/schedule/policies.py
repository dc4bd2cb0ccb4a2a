"""Who may do what with milestones, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.projects import policies as projects
from duikou.projects.models import Project

READ = declare("schedule.milestone.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "schedule.milestone.write",
    roles={*OFFICE, Role.UNIT, Role.MEMBER},
    reason=_("里程碑由两侧的对口合作办公室和项目的合作单位填报，您的岗位可以查看，不能修改。"),
)
BASELINE = declare("schedule.baseline.set", roles=OFFICE, reason=_("进度基线由两侧的对口合作办公室设定。"))


def browse(actor: Actor) -> Verdict:
    """May `actor` read milestones at all? Whoever may read projects may."""
    return projects.browse(actor)


def edit(actor: Actor, project: Project) -> Verdict:
    """May `actor` change the milestones of this project? The offices of its sides and its parties may."""
    role = check(actor, WRITE.code)
    return role if not role else projects.take_part(actor, project)


def set_baseline(actor: Actor, project: Project) -> Verdict:
    """May `actor` say what slips are told against? The offices of the two sides may."""
    role = check(actor, BASELINE.code)
    return role if not role else projects.edit(actor, project)
