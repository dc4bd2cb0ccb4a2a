"""Who may do what with plans, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.plans.models import Plan, PlanVersion, UnitTask
from duikou.plans.states import Side, VersionState
from duikou.programme.models import Pairing

READ = declare("plans.plan.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "plans.plan.write",
    roles=OFFICE,
    reason=_("计划由双方的对口合作办公室共同编制，您的岗位可以查看，不能修改。"),
)
REPORT = declare(
    "plans.progress.write",
    roles={*OFFICE, Role.UNIT},
    reason=_("进展由双方的对口合作办公室和责任单位填报，您的岗位可以查看。"),
)
WHY_CLOSED = {
    VersionState.IN_COSIGN: _("这一版正在会签，内容不能修改；撤回或退回之后才能再改。"),
    VersionState.SIGNED: _("双方已经签署，内容不再改变；要改，请修订为新的一版。"),
    VersionState.FILED: _("已经报送，内容不再改变；要改，请修订为新的一版。"),
    VersionState.ISSUED: _("已经印发，内容不再改变；要改，请修订为新的一版。"),
    VersionState.IN_FORCE: _("正在执行，内容不再改变；要改，请修订为新的一版。"),
    VersionState.SUPERSEDED: _("这一版已被新版取代。"),
    VersionState.RETURNED: _("这一版已被退回，内容保持签署时的样子；请修订为新的一版。"),
    VersionState.ABANDONED: _("这一版已经作废。"),
}


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read plans at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    if actor.role is Role.MEMBER:
        return Verdict.no(_("计划由双方政府部门编制和执行，企事业单位可以在门户查看公开的内容。"))
    return check(actor, READ.code)


def side_of(actor: Actor, pairing: Pairing) -> Side | None:
    """On which side an office or a unit stands; the first when its region covers both; None on neither."""
    if actor.role not in {*OFFICE, Role.UNIT} or not actor.region_path:
        return None
    if pairing.first_region.path.startswith(actor.region_path):
        return Side.FIRST
    if pairing.second_region is not None and pairing.second_region.path.startswith(actor.region_path):
        return Side.SECOND
    return None


def create(actor: Actor, pairing: Pairing) -> Verdict:
    """May `actor` begin a plan of this pairing?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    if side_of(actor, pairing) is None:
        return Verdict.no(_("这一对口关系的两侧都不在您负责的地区之内。"))
    return Verdict.yes()


def write(actor: Actor, version: PlanVersion) -> Verdict:
    """May `actor` change what this version says? The offices of both sides may, while it is a draft."""
    allowed = create(actor, version.plan.pairing)
    if not allowed:
        return allowed
    state = VersionState(version.state)
    if state is not VersionState.DRAFT:
        return Verdict.no(WHY_CLOSED[state])
    return Verdict.yes()


def discuss(actor: Actor, version: PlanVersion) -> Verdict:
    """May `actor` read what both sides said and changed on the way to this version?"""
    if is_platform(actor) or actor.admin_mode_id is not None or actor.role in {Role.COORDINATOR, Role.AUDITOR}:
        return Verdict.yes()
    if actor.role in OFFICE and side_of(actor, version.plan.pairing) is not None:
        return Verdict.yes()
    return Verdict.no(_("起草中的意见、建议和修改过程，只对双方的对口合作办公室和统筹、审计岗位开放。"))


def amend(actor: Actor, version: PlanVersion, *, is_open: bool) -> Verdict:
    """May `actor` open the next version, from this one? `is_open`: another version is on its way."""
    allowed = create(actor, version.plan.pairing)
    if not allowed:
        return allowed
    if version.state not in {VersionState.IN_FORCE, VersionState.RETURNED, VersionState.ABANDONED}:
        return Verdict.no(_("只能修订执行中、已退回或已作废的版本。"))
    if is_open:
        return Verdict.no(_("已有一版正在起草或办理，请在那一版上修改。"))
    return Verdict.yes()


def report(actor: Actor, plan: Plan) -> Verdict:
    """May `actor` say how far a promise of this plan is, and give its units tasks?"""
    return create(actor, plan.pairing)


def work(actor: Actor, task: UnitTask) -> Verdict:
    """May `actor` say how far a unit's task is? The unit itself may, and the office of its side."""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, REPORT.code)
    if not role:
        return role
    if actor.role is Role.UNIT:
        if actor.organisation_id == task.organisation_id:
            return Verdict.yes()
        return Verdict.no(_("这是另一个单位的任务。"))
    if side_of(actor, task.plan.pairing) is None:
        return Verdict.no(_("这一对口关系的两侧都不在您负责的地区之内。"))
    return Verdict.yes()
