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


TRAIL_ACTIONS = {
    "flow.inboxitem.open": _("新增待办"),
    "flow.inboxitem.update": _("了结待办"),
    "flow.noticepreference.set": _("设置通知偏好"),
    "flow.workingday.delete": _("删除工作日设定"),
    "flow.workingday.set": _("设定工作日"),
}
"""What this room leaves in the trail, in words."""
