"""Kinds of milestones, the nodes that most projects have, and the words of the trail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MilestoneKind(TextChoices):
    """What a milestone is to its project's plan."""

    START = "start", _("开工")
    FINISH = "finish", _("完工")
    NODE = "node", _("节点")


class Side(TextChoices):
    """Who answers for it; first and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    NONE = "none", _("未注明")


class DoneAs(TextChoices):
    """How well the day of a done milestone is known: sources often say no more than that it was so in a year."""

    DAY = "day", _("当日")
    BY = "by", _("不晚于该日")
    YEAR = "year", _("不晚于该年")


class Standing(TextChoices):
    """How a milestone stands on a day."""

    DONE = "done", _("已完成")
    OVERDUE = "overdue", _("逾期")
    SOON = "soon", _("即将到期")
    SLIPPED = "slipped", _("预计推迟")
    OPEN = "open", _("未到期")


TYPICAL: Mapping[str, tuple[MilestoneKind, Promise]] = {
    "立项": (MilestoneKind.NODE, _("立项")),
    "用地": (MilestoneKind.NODE, _("用地")),
    "环评": (MilestoneKind.NODE, _("环评")),
    "施工许可": (MilestoneKind.NODE, _("施工许可")),
    "开工": (MilestoneKind.START, _("开工")),
    "主体完工": (MilestoneKind.NODE, _("主体完工")),
    "验收": (MilestoneKind.FINISH, _("验收")),
    "投产": (MilestoneKind.NODE, _("投产")),
}
"""The nodes that most projects pass, in their order; offered, never forced. Titles are kept in the source language."""

SHOWN: Mapping[str, Promise] = {
    **{title: label for title, (_kind, label) in TYPICAL.items()},
    "洽谈": _("洽谈"),
    "签约": _("签约"),
    "办结": _("办结"),
}
"""Titles that are known in every language of the interface."""

TRAIL_ACTIONS: Mapping[str, Promise] = {
    "schedule.milestone.added": _("增加里程碑"),
    "schedule.milestone.changed": _("修改里程碑"),
    "schedule.milestone.done": _("里程碑完成"),
    "schedule.milestone.reopened": _("重新打开里程碑"),
    "schedule.milestone.removed": _("删除里程碑"),
    "schedule.milestone.linked": _("关联里程碑"),
    "schedule.milestone.unlinked": _("解除里程碑关联"),
    "schedule.milestone.moved": _("里程碑随项目合并转移"),
    "schedule.baseline.set": _("设定进度基线"),
    "schedule.milestone.imported": _("导入里程碑"),
    "schedule.list.exported": _("导出里程碑列表"),
}
"""What this room leaves in the trail, in words."""

TRAIL_KINDS: Mapping[str, Promise] = {"schedule.list": _("里程碑列表")}
TRAIL_FIELDS: Mapping[str, Promise] = {
    "lag": _("间隔天数"),
    "after": _("后置里程碑"),
    "milestones": _("里程碑"),
    "query": _("查询"),
    "rows": _("行数"),
}
TRAIL_VALUES: Mapping[str, Mapping[str, Promise]] = {
    "kind": dict(MilestoneKind.choices),
    "side": dict(Side.choices),
}
