"""Who may do what in the inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.flow.models import SavedView
from duikou.kernel import permissions
from duikou.kernel.actor import NATIONWIDE, OFFICE, SIGNED_IN, Actor, Role
from duikou.kernel.verdict import Verdict

permissions.declare("flow.inbox.read", roles=SIGNED_IN, reason=_("请先登录后再查看待办。"))
permissions.declare("flow.inbox.write", roles=SIGNED_IN, reason=_("请先登录后再处理待办。"))
permissions.declare("flow.view.write", roles=SIGNED_IN, reason=_("请先登录后再使用视图。"))
permissions.declare("flow.calendar.read", roles=SIGNED_IN, reason=_("请先登录后再查看工作日。"))
permissions.declare(
    "flow.calendar.write",
    roles={Role.COORDINATOR, Role.OPERATOR},
    reason=_("只有国家协调机构和系统管理员可以修改工作日。"),
)
permissions.declare(
    "flow.route.write",
    roles=SIGNED_IN - {Role.AUDITOR, Role.OPERATOR},
    reason=_("审计和系统管理员不办理会签。"),
)
permissions.declare(
    "flow.delegation.write",
    roles={*NATIONWIDE, *OFFICE, Role.CADRE_OFFICER, Role.UNIT} - {Role.AUDITOR},
    reason=_("您的岗位没有可以委托或代办的事项。"),
)
permissions.declare(
    "flow.duty.read",
    roles={*NATIONWIDE, *OFFICE, Role.CADRE_OFFICER, Role.OPERATOR},
    reason=_("应办事项由双方办公室和国家层面的部门查看。"),
)
permissions.declare("flow.duty.set", roles={Role.COORDINATOR}, reason=_("年度期限由统筹部门确定。"))


def may_browse_duties(actor: Actor) -> Verdict:
    """May the actor read what pairings owe? An operator only in the logged mode."""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and actor.is_person:
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    return permissions.check(actor, "flow.duty.read")


def may_dismiss(*, is_duty: bool) -> Verdict:
    """Whether an open item may be set aside without doing it."""
    return Verdict.no(_("这是必须办理的事项，不能忽略。")) if is_duty else Verdict.yes()


def may_share_view(actor: Actor) -> Verdict:
    """May the actor share views with colleagues? Whoever acts in a post."""
    if actor.organisation_id is None:
        return Verdict.no(_("您没有在任何主体任职，视图只能自己使用。"))
    return permissions.check(actor, "flow.view.write")


def may_change_view(actor: Actor, view: SavedView) -> Verdict:
    """May the actor rename or delete it? Its owner, and for shared ones who administers the organisation."""
    if actor.account_id is not None and actor.account_id == view.owner_id:
        return Verdict.yes()
    if view.is_shared and actor.is_organisation_admin and actor.organisation_id == view.organisation_id:
        return Verdict.yes()
    return Verdict.no(_("共享的视图由保存它的人或本单位管理员修改；您可以另存为自己的视图。"))
