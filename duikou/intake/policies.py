"""Who may bring files in, and who may touch which import."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.models import ImportRun
from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.permissions import declare
from duikou.kernel.verdict import Verdict

SEE = declare(
    "intake.run.read",
    roles={
        Role.COORDINATOR,
        Role.CADRE_AUTHORITY,
        Role.OFFICE_EDITOR,
        Role.OFFICE_LEAD,
        Role.CADRE_OFFICER,
        Role.UNIT,
        Role.MEMBER,
        Role.AUDITOR,
    },
    reason=gettext_lazy("您的岗位不使用数据导入。"),
)
BRING = declare(
    "intake.run.create",
    roles={
        Role.COORDINATOR,
        Role.CADRE_AUTHORITY,
        Role.OFFICE_EDITOR,
        Role.OFFICE_LEAD,
        Role.CADRE_OFFICER,
        Role.UNIT,
        Role.MEMBER,
    },
    reason=gettext_lazy("您的岗位可以查看导入记录，但不能导入数据。"),
)


def may_work_on(actor: Actor, run: ImportRun) -> Verdict:
    """May the actor go on with this import? People of the organisation that brought it, jobs and commands may."""
    if actor.kind in (ActorKind.JOB, ActorKind.COMMAND):
        return Verdict.yes()
    if actor.role not in BRING.roles:
        return Verdict.no(str(BRING.reason))
    if run.organisation_id is not None and run.organisation_id == actor.organisation_id:
        return Verdict.yes()
    return Verdict.no(_("只有上传单位的人员可以继续这次导入。"))
