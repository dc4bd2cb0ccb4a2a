"""Who may do what in the inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel import permissions
from duikou.kernel.actor import SIGNED_IN, Role
from duikou.kernel.verdict import Verdict

permissions.declare("flow.inbox.read", roles=SIGNED_IN, reason=_("请先登录后再查看待办。"))
permissions.declare("flow.inbox.write", roles=SIGNED_IN, reason=_("请先登录后再处理待办。"))
permissions.declare("flow.calendar.read", roles=SIGNED_IN, reason=_("请先登录后再查看工作日。"))
permissions.declare(
    "flow.calendar.write",
    roles={Role.COORDINATOR, Role.OPERATOR},
    reason=_("只有国家协调机构和系统管理员可以修改工作日。"),
)


def may_dismiss(*, is_duty: bool) -> Verdict:
    """Whether an open item may be set aside without doing it."""
    return Verdict.no(_("这是必须办理的事项，不能忽略。")) if is_duty else Verdict.yes()
