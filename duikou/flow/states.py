"""States of what waits and of mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemState(models.TextChoices):
    """A waiting item: open until somebody did it or, where it is no duty, set it aside."""

    OPEN = "open", _("待办")
    DONE = "done", _("已办")
    DISMISSED = "dismissed", _("已忽略")


class MailMode(models.TextChoices):
    """When a kind of notice goes out by mail."""

    OFF = "off", _("不发邮件")
    DAILY = "daily", _("每日汇总")
    NOW = "now", _("立即发送")


class MailState(models.TextChoices):
    """One notice on its way by mail."""

    QUEUED = "queued", _("待发")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发")
    FAILED = "failed", _("失败")


class DutyState(models.TextChoices):
    """How a duty of one pairing in one year stands."""

    OVERDUE = "overdue", _("逾期未报")
    DUE_SOON = "due_soon", _("即将到期")
    NOT_DUE = "not_due", _("未到期")
    NO_DATE = "no_date", _("未定期限")
    FILED = "filed", _("已报")
    FILED_LATE = "filed_late", _("逾期已报")


STEP_WAITS = "flow.step"
STEP_LATE = "flow.late"
DUTY_WAITS = "flow.duty"
ROUTE_KINDS = (STEP_WAITS, STEP_LATE)
"""Kinds of waiting items that speak of steps: these also wait for who stands in."""


class RunState(models.TextChoices):
    """One run of a route."""

    RUNNING = "running", _("办理中")
    FINISHED = "finished", _("已办结")
    RETURNED = "returned", _("已退回发起人")
    WITHDRAWN = "withdrawn", _("已撤回")


class StepState(models.TextChoices):
    """One step as it was opened. What is void stays as history; of every step at most one row is open or done."""

    OPEN = "open", _("待办理")
    DONE = "done", _("已办理")
    SKIPPED = "skipped", _("未办理（可选）")
    RETURNED = "returned", _("已退回")
    VOID = "void", _("已作废")


class Verb(models.TextChoices):
    """What somebody did to a run."""

    START = "start", _("送签")
    SIGN = "sign", _("签署")
    CONFIRM = "confirm", _("确认")
    RECEIVE = "receive", _("签收")
    RECORD = "record", _("登记")
    ISSUE = "issue", _("印发")
    RETURN = "return", _("退回")
    WITHDRAW = "withdraw", _("撤回")


class Party(models.TextChoices):
    """Whose step it is."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    NATION = "nation", _("国家层面")


TRAIL_ACTIONS = {
    "flow.route.start": _("送签"),
    "flow.route.sign": _("签署"),
    "flow.route.confirm": _("确认"),
    "flow.route.receive": _("签收"),
    "flow.route.record": _("登记"),
    "flow.route.issue": _("印发"),
    "flow.route.return": _("退回"),
    "flow.route.withdraw": _("撤回"),
    "flow.route.remind": _("提醒办理"),
    "flow.route.escalate": _("逾期上报"),
    "flow.route.redate": _("按工作日重算期限"),
    "flow.obligation.plan": _("排定年度应办事项"),
    "flow.obligation.due": _("确定年度期限"),
    "flow.obligation.fulfil": _("完成应办事项"),
    "flow.obligation.reopen": _("重新列为未办"),
    "flow.duty.export": _("导出应办事项"),
    "flow.delegation.open": _("委托代办"),
    "flow.delegation.close": _("终止委托"),
    "flow.inboxitem.open": _("新增待办"),
    "flow.inboxitem.update": _("了结待办"),
    "flow.noticepreference.set": _("设置通知偏好"),
    "flow.savedview.save": _("保存视图"),
    "flow.savedview.change": _("修改视图"),
    "flow.savedview.delete": _("删除视图"),
    "flow.savedview.usual": _("设定默认视图"),
    "flow.workingday.delete": _("删除工作日设定"),
    "flow.workingday.set": _("设定工作日"),
}
"""What this room leaves in the trail, in words."""

TRAIL_FIELDS = {
    "step": _("环节"),
    "stage": _("阶段"),
    "stages": _("办结的阶段"),
    "on_behalf_of": _("代"),
    "seen": _("所见内容摘要"),
    "void": _("作废的环节"),
    "to": _("退回至"),
    "consent": _("同意人"),
    "route": _("办理流程"),
    "subject": _("办理对象"),
    "is_usual": _("默认视图"),
}
"""Names of what it keeps there beside the fields of its models."""
