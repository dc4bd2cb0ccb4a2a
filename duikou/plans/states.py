"""Kinds, parts and lifecycle of a plan, as domain.md and clause 4.2 name them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.money import BOUND_LABELS
from duikou.kernel.transitions import Machine


class PlanKind(TextChoices):
    """What clause 4.2 asks for; a summary's judging belongs to a later room."""

    PHASE = "phase", _("阶段性实施方案")
    SPECIAL = "special", _("专项实施方案")
    ANNUAL = "annual", _("年度工作计划")
    SUMMARY = "summary", _("年度工作总结")


DUTY_OF_KIND: Mapping[PlanKind, str] = {
    PlanKind.PHASE: "phase_plan",
    PlanKind.SPECIAL: "special_plan",
    PlanKind.ANNUAL: "annual_plan",
    PlanKind.SUMMARY: "annual_summary",
}
"""The duty of the pack that a plan of the kind fulfils, where the pack knows one."""


class Part(TextChoices):
    """The parts that clause 4.2 demands of a plan, and others."""

    GOAL = "goal", _("合作目标")
    SCOPE = "scope", _("范围领域")
    TASKS = "tasks", _("重点任务")
    PROJECTS = "projects", _("重大项目")
    SCHEDULE = "schedule", _("建设时序")
    SAFEGUARDS = "safeguards", _("保障措施")
    OTHER = "other", _("其他")


DEMANDED = (Part.GOAL, Part.SCOPE, Part.TASKS, Part.PROJECTS, Part.SCHEDULE, Part.SAFEGUARDS)


class VersionState(StrEnum):
    """Where one version of a plan stands."""

    DRAFT = "draft"
    IN_COSIGN = "in_cosign"
    SIGNED = "signed"
    FILED = "filed"
    ISSUED = "issued"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    RETURNED = "returned"
    ABANDONED = "abandoned"


STATE_LABELS: Mapping[VersionState, Promise] = {
    VersionState.DRAFT: _("起草中"),
    VersionState.IN_COSIGN: _("会签中"),
    VersionState.SIGNED: _("双方已签"),
    VersionState.FILED: _("已报送"),
    VersionState.ISSUED: _("已印发"),
    VersionState.IN_FORCE: _("执行中"),
    VersionState.SUPERSEDED: _("已被新版取代"),
    VersionState.RETURNED: _("已退回"),
    VersionState.ABANDONED: _("已作废"),
}
STATE_CHOICES = [(state.value, label) for state, label in STATE_LABELS.items()]

LIFECYCLE = Machine(
    {
        VersionState.DRAFT: {"submit": VersionState.IN_COSIGN, "abandon": VersionState.ABANDONED},
        VersionState.IN_COSIGN: {
            "sign": VersionState.SIGNED,
            "return": VersionState.DRAFT,
            "withdraw": VersionState.DRAFT,
        },
        VersionState.SIGNED: {"file": VersionState.FILED, "return": VersionState.RETURNED},
        VersionState.FILED: {"issue": VersionState.ISSUED, "return": VersionState.RETURNED},
        VersionState.ISSUED: {"take_effect": VersionState.IN_FORCE},
        VersionState.IN_FORCE: {"supersede": VersionState.SUPERSEDED},
        VersionState.SUPERSEDED: {},
        VersionState.RETURNED: {},
        VersionState.ABANDONED: {},
    }
)
"""draft → in_cosign → signed → filed → issued → in_force → superseded.

What one side returns before both signed is a draft again; what Beijing returns stays as it was signed (`returned`), and
the next version opens with its content.
"""

FROZEN = frozenset(VersionState) - {VersionState.DRAFT}
"""In these the content does not change."""

SEALED = frozenset(
    {
        VersionState.SIGNED,
        VersionState.FILED,
        VersionState.ISSUED,
        VersionState.IN_FORCE,
        VersionState.SUPERSEDED,
        VersionState.RETURNED,
    }
)
"""Both sides signed: the digest stands in the trail and on the paper."""


class Side(TextChoices):
    """First and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")


class MoneySource(TextChoices):
    """Where an entry's money comes from."""

    CENTRAL = "central", _("中央资金")
    LOCAL = "local", _("地方财政资金")
    OWN = "own", _("自有资金")
    LOAN = "loan", _("银行贷款")
    OTHER = "other", _("其他资金")


class EntryState(TextChoices):
    """How far a promise is, as its offices say; judging it belongs to a later room."""

    PENDING = "pending", _("未开始")
    DOING = "doing", _("推进中")
    DONE = "done", _("已完成")
    UNFINISHED = "unfinished", _("未完成")
    CARRIED = "carried", _("转入下年")
    DROPPED = "dropped", _("不再实施")


class SuggestionState(TextChoices):
    """A proposed wording waits until the other side takes it or not."""

    OPEN = "open", _("待对方决定")
    ACCEPTED = "accepted", _("已采纳")
    DECLINED = "declined", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


TRAIL_ACTIONS = {
    "plans.plan.created": _("新建计划"),
    "plans.plan.updated": _("修改计划信息"),
    "plans.section.added": _("增加章节"),
    "plans.section.saved": _("修改章节"),
    "plans.section.moved": _("移动章节"),
    "plans.section.removed": _("删除章节"),
    "plans.entry.added": _("增加计划事项"),
    "plans.entry.saved": _("修改计划事项"),
    "plans.entry.moved": _("移动计划事项"),
    "plans.entry.removed": _("删除计划事项"),
    "plans.entry.copied": _("从上级计划分解事项"),
    "plans.entry.carried": _("从上年计划结转事项"),
    "plans.progress.set": _("填报事项进展"),
    "plans.progress.let_go": _("事项不再结转，恢复原来的进展"),
    "plans.task.added": _("下达单位任务"),
    "plans.task.set": _("填报单位任务进展"),
    "plans.task.removed": _("撤销单位任务"),
    "plans.version.explained": _("说明未涉及任务的理由"),
    "plans.version.submitted": _("计划送签"),
    "plans.version.drafted": _("计划退回起草"),
    "plans.version.signed": _("双方签署计划"),
    "plans.version.filed": _("计划报送"),
    "plans.version.issued": _("计划印发"),
    "plans.version.in_force": _("计划开始执行"),
    "plans.version.superseded": _("计划被新版取代"),
    "plans.version.returned": _("计划被退回"),
    "plans.version.abandoned": _("计划作废"),
    "plans.version.amended": _("修订计划"),
    "plans.comment.added": _("提出意见"),
    "plans.comment.resolved": _("意见已解决"),
    "plans.comment.reopened": _("重新打开意见"),
    "plans.suggestion.made": _("提出修改建议"),
    "plans.suggestion.accepted": _("采纳修改建议"),
    "plans.suggestion.declined": _("未采纳修改建议"),
    "plans.suggestion.withdrawn": _("撤回修改建议"),
    "plans.list.exported": _("导出计划列表"),
}
"""What this room leaves in the trail, in words."""

TRAIL_KINDS = {"plans.list": _("计划列表")}
TRAIL_FIELDS = {
    "about": _("所在部分"),
    "part": _("组成部分"),
    "revision": _("修改序号"),
    "heading": _("标题"),
    "body": _("正文"),
    "level": _("层级"),
    "clauses": _("对应条款"),
    "section": _("所属章节"),
    "units": _("责任单位"),
    "money": _("资金"),
    "parent": _("分解自"),
    "carried": _("结转自"),
    "based_on": _("修订自"),
    "count": _("数量"),
    "organisation": _("责任单位"),
    "entry": _("事项"),
    "text": _("文字"),
    "field": _("字段"),
    "before": _("原文"),
    "title": _("标题"),
    "measure": _("举措"),
    "target": _("目标"),
    "indicator": _("指标"),
    "target_value": _("目标值"),
    "target_unit": _("计量单位"),
    "starts_on": _("起始日期"),
    "due_on": _("完成期限"),
    "side": _("哪一侧"),
    "name": _("名称"),
    "lead": _("牵头"),
    "source": _("来源"),
    "amount": _("金额（元）"),
    "bound": _("口径"),
    "answer": _("答复"),
    "author": _("作者"),
    "proposed_by": _("建议人"),
}
TRAIL_VALUES = {
    "part": dict(Part.choices),
    "side": dict(Side.choices),
    "source": dict(MoneySource.choices),
    "bound": {bound.value: label for bound, label in BOUND_LABELS.items()},
}
TRAIL_ROWS = {"section": "plans.plansection"}
TRAIL_CODES = {"plans.plansection": "uid"}
