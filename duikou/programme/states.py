"""Enumerations of this room, with the labels people see."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Role


class RegionLevel(TextChoices):
    """Levels of GB/T 2260; a municipality's districts are counties directly below the province."""

    PROVINCE = "province", _("省级")
    PREFECTURE = "prefecture", _("地级")
    COUNTY = "county", _("县级")


class ChangeKind(TextChoices):
    """What happened to a region's code or name."""

    RENAMED = "renamed", _("更名")
    RECODED = "recoded", _("代码变更")
    UPGRADED = "upgraded", _("建制变更")
    MERGED = "merged", _("并入")
    SPLIT = "split", _("析置")


class NameKind(TextChoices):
    """Which of a region's names this is."""

    FULL = "full", _("全称")
    SHORT = "short", _("简称")
    FORMER = "former", _("曾用名")


class ClauseKind(TextChoices):
    """What part of the instrument a clause is."""

    PREAMBLE = "preamble", _("引言")
    CHAPTER = "chapter", _("章")
    SECTION = "section", _("节")
    TASK = "task", _("任务")
    SAFEGUARD = "safeguard", _("保障措施")


class PairingLevel(TextChoices):
    """On which level two sides are paired."""

    PROVINCIAL = "provincial", _("省级结对")
    CITY = "city", _("市级结对")
    SUB = "sub", _("下级结对")
    EXPLORATORY = "exploratory", _("探索建立")


class DutyKind(TextChoices):
    """What sort of act a recurring duty asks for."""

    PLAN = "plan", _("方案与计划")
    SUMMARY = "summary", _("总结")
    MEETING = "meeting", _("会商互访")
    EXCHANGE = "exchange", _("交流")
    TRAINING = "training", _("培训")
    EVENT = "event", _("活动")
    EVALUATION = "evaluation", _("评估")
    INSPECTION = "inspection", _("督查")


class Cadence(TextChoices):
    """How often a duty falls due."""

    YEARLY = "yearly", _("每年")
    EVERY_TWO_YEARS = "every_two_years", _("每两年")
    PER_PHASE = "per_phase", _("每个阶段")
    PER_BATCH = "per_batch", _("每批")
    AFTER_EVALUATION = "after_evaluation", _("评估之后")
    AS_NEEDED = "as_needed", _("根据需要")


class Direction(TextChoices):
    """Which way an indicator gets better."""

    UP = "up", _("越高越好")
    DOWN = "down", _("越低越好")
    NONE = "none", _("仅作记录")


class StepParty(TextChoices):
    """Whose step of a route it is."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    NATION = "nation", _("国家层面")


class StepAct(TextChoices):
    """What is done at a step of a route."""

    SIGN = "sign", _("签署")
    CONFIRM = "confirm", _("确认")
    RECEIVE = "receive", _("签收")
    RECORD = "record", _("登记")
    ISSUE = "issue", _("印发")


class StepRole(TextChoices):
    """Posts that a step of a route may wait for; their labels are kept by the room of posts."""

    COORDINATOR = Role.COORDINATOR.value
    CADRE_AUTHORITY = Role.CADRE_AUTHORITY.value
    MINISTRY = Role.MINISTRY.value
    OFFICE_EDITOR = Role.OFFICE_EDITOR.value
    OFFICE_LEAD = Role.OFFICE_LEAD.value
    CADRE_OFFICER = Role.CADRE_OFFICER.value
    UNIT = Role.UNIT.value


class FieldType(TextChoices):
    """Types of a project kind's own fields."""

    TEXT = "text", _("文字")
    INT = "int", _("整数")
    DECIMAL = "decimal", _("小数")
    MONEY = "money", _("金额")
    AREA = "area", _("面积")
    DATE = "date", _("日期")
    CHOICE = "choice", _("选项")
    BOOL = "bool", _("是否")


GATED = ("sign", "start", "produce", "close")
"""Steps of a project for which a kind may ask for more than the lifecycle does."""

GATE_FACTS = (
    *("planned_amount", "signed_amount", "completed_amount", "planned_start", "planned_finish"),
    *("project_code", "industry", "lead_first", "lead_second"),
)
"""What a gate may ask for beside the kind's own fields; `lead_*`: a lead unit on that side."""


TRAIL_ACTIONS = {
    "programme.industries.loaded": _("装载国民经济行业"),
    "programme.programme.loaded": _("装载对口合作方案"),
    "programme.regions.loaded": _("装载行政区划"),
}
"""What this room leaves in the trail, in words."""

TRAIL_FIELDS = {
    "added": _("新增"),
    "amended": _("修改"),
    "changes": _("区划变更"),
}
"""Names of what it keeps there beside the fields of its models."""
