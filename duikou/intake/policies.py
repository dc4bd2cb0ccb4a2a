"""Who may bring files in, and who may touch which import."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.models import ImportRun
from duikou.intake.states import RunState
from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.permissions import declare
from duikou.kernel.verdict import Verdict

BRING = declare(
    "intake.run.create",
    roles=OFFICE,
    reason=gettext_lazy("数据由两侧的对口合作办公室导入；您的岗位可以查看导入记录，但不能导入数据。"),
)
SEE = declare(
    "intake.run.read",
    roles={*OFFICE, Role.COORDINATOR, Role.AUDITOR},
    reason=gettext_lazy("数据由两侧的对口合作办公室导入，您的岗位不使用数据导入。"),
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


def evidence_writes(actor: Actor, run_pk: str) -> Verdict:
    """The file that was brought is put beside its import while that is written, and stays."""
    run = ImportRun.objects.filter(pk=int(run_pk)).first() if run_pk.isdecimal() else None
    if run is None or run.state != RunState.COMMITTING:
        return Verdict.no(_("导入的原文件在写入时自动留存，不能增减。"))
    return may_work_on(actor, run)
