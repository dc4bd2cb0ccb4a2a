"""Where a project can stand, which steps lead there and what each step asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.transitions import Machine


class ProjectState(StrEnum):
    """The lifecycle of domain.md, section 4."""

    LEAD = "lead"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    STARTED = "started"
    IN_PRODUCTION = "in_production"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


STATE_LABELS: Mapping[ProjectState, Promise] = {
    ProjectState.LEAD: _("储备"),
    ProjectState.NEGOTIATING: _("洽谈"),
    ProjectState.SIGNED: _("已签约"),
    ProjectState.STARTED: _("已开工"),
    ProjectState.IN_PRODUCTION: _("已投产"),
    ProjectState.CLOSED: _("已办结"),
    ProjectState.SUSPENDED: _("已暂停"),
    ProjectState.TERMINATED: _("已终止"),
}
STATE_CHOICES = [(state.value, label) for state, label in STATE_LABELS.items()]


class StateGroup(StrEnum):
    """How the matrix groups states."""

    PLANNED = "planned"
    MOVING = "moving"
    DONE = "done"
    BLOCKED = "blocked"


GROUP_LABELS: Mapping[StateGroup, Promise] = {
    StateGroup.PLANNED: _("谋划中"),
    StateGroup.MOVING: _("推进中"),
    StateGroup.DONE: _("已见效"),
    StateGroup.BLOCKED: _("受阻"),
}
GROUP_STATES: Mapping[StateGroup, tuple[ProjectState, ...]] = {
    StateGroup.PLANNED: (ProjectState.LEAD, ProjectState.NEGOTIATING),
    StateGroup.MOVING: (ProjectState.SIGNED, ProjectState.STARTED),
    StateGroup.DONE: (ProjectState.IN_PRODUCTION, ProjectState.CLOSED),
    StateGroup.BLOCKED: (ProjectState.SUSPENDED, ProjectState.TERMINATED),
}
GROUP_OF: Mapping[ProjectState, StateGroup] = {
    state: group for group, states in GROUP_STATES.items() for state in states
}
SIGNED_OR_LATER = frozenset(
    {ProjectState.SIGNED, ProjectState.STARTED, ProjectState.IN_PRODUCTION, ProjectState.CLOSED}
)
"""In these a source's planned total also counts as signed, unless the source says otherwise (docs/projects.md)."""


class Visibility(TextChoices):
    """Who may know of a project."""

    PUBLIC = "public", _("全体登录用户")
    PAIRING = "pairing", _("仅本对口关系")


class Side(TextChoices):
    """First and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    NONE = "none", _("未注明")


class PartyRole(TextChoices):
    """What an organisation does in a project."""

    LEAD = "lead", _("牵头单位")
    COOPERATING = "cooperating", _("配合单位")
    INVESTOR = "investor", _("投资方")


REPORTING = (PartyRole.LEAD, PartyRole.COOPERATING)
"""In these roles an organisation reports on a project; who only puts money in sees it."""


class Opinion(TextChoices):
    """What the other side says of a project reported by one side."""

    PENDING = "pending", _("待对方确认")
    CONFIRMED = "confirmed", _("双方已确认")
    CONTESTED = "contested", _("对方有异议")


FIGURES: Mapping[str, Promise] = {
    "planned_amount": _("计划投资"),
    "signed_amount": _("签约金额"),
    "completed_amount": _("完成投资"),
    "year": _("年份"),
    "planned_start": _("计划开工日期"),
    "planned_finish": _("计划完工日期"),
    "state": _("状态"),
    "state_as_of": _("状态日期"),
}
"""What the two sides can differ on."""
FIGURE_CHOICES = list(FIGURES.items())


class Settlement(TextChoices):
    """How a difference ended."""

    OPEN = "open", _("未解决")
    ACCEPTED = "accepted", _("采用提出值")
    WITHDRAWN = "withdrawn", _("维持登记值")
    AGREED = "agreed", _("双方商定")


class Measure(TextChoices):
    """What a reported statistic counts."""

    PROJECTS = "projects", _("项目数")
    PLANNED = "planned", _("计划投资")
    SIGNED = "signed", _("签约金额")
    COMPLETED = "completed", _("完成投资")
    PEOPLE = "people", _("人次")
    POLICIES = "policies", _("政策事项")
    EVENTS = "events", _("活动")
    OTHER = "other", _("其他")


_S = ProjectState
PROJECT: Machine[ProjectState] = Machine(
    {
        _S.LEAD: {"negotiate": _S.NEGOTIATING, "sign": _S.SIGNED, "terminate": _S.TERMINATED},
        _S.NEGOTIATING: {"sign": _S.SIGNED, "suspend": _S.SUSPENDED, "terminate": _S.TERMINATED},
        _S.SIGNED: {"start": _S.STARTED, "suspend": _S.SUSPENDED, "terminate": _S.TERMINATED},
        _S.STARTED: {
            "produce": _S.IN_PRODUCTION,
            "close": _S.CLOSED,
            "suspend": _S.SUSPENDED,
            "terminate": _S.TERMINATED,
        },
        _S.IN_PRODUCTION: {"close": _S.CLOSED, "suspend": _S.SUSPENDED, "terminate": _S.TERMINATED},
        _S.CLOSED: {},
        _S.SUSPENDED: {
            "resume_talks": _S.NEGOTIATING,
            "resume_signed": _S.SIGNED,
            "resume_work": _S.STARTED,
            "resume_production": _S.IN_PRODUCTION,
            "terminate": _S.TERMINATED,
        },
        _S.TERMINATED: {"reopen": _S.LEAD},
    }
)
VERB_LABELS: Mapping[str, Promise] = {
    "negotiate": _("开始洽谈"),
    "sign": _("签约"),
    "start": _("开工"),
    "produce": _("投产"),
    "close": _("办结"),
    "suspend": _("暂停"),
    "resume_talks": _("恢复洽谈"),
    "resume_signed": _("恢复为已签约"),
    "resume_work": _("恢复施工"),
    "resume_production": _("恢复生产"),
    "terminate": _("终止"),
    "reopen": _("重新储备"),
}


REGISTER, IMPORT, CORRECT = "register", "import", "correct"
"""What is written down as a step without being one: how a project came in, and a state put right."""
STEP_LABELS: Mapping[str, Promise] = {
    **VERB_LABELS,
    REGISTER: _("登记时的状态"),
    IMPORT: _("导入时的状态"),
    CORRECT: _("更正状态"),
}


PASSED: Mapping[ProjectState, tuple[str, ...]] = {
    _S.LEAD: (),
    _S.NEGOTIATING: (),
    _S.SIGNED: ("sign",),
    _S.STARTED: ("sign", "start"),
    _S.IN_PRODUCTION: ("sign", "start", "produce"),
    _S.CLOSED: ("sign", "start", "close"),
    _S.SUSPENDED: (),
    _S.TERMINATED: (),
}
"""The steps that a project in a state has taken, on whatever way it came there."""


class Need(StrEnum):
    """What a step can ask for."""

    PARTY = "party"
    DATE = "date"
    REASON = "reason"
    SAME_AS_BEFORE = "same_as_before"


NEED_TEXTS: Mapping[Need, Promise] = {
    Need.PARTY: _("请先登记至少一个合作单位。"),
    Need.DATE: _("请填写这一步发生的日期。"),
    Need.REASON: _("请写明理由。"),
    Need.SAME_AS_BEFORE: _("只能恢复到暂停之前的状态。"),
}
GATES: Mapping[str, tuple[Need, ...]] = {
    "sign": (Need.PARTY, Need.DATE),
    "start": (Need.DATE,),
    "produce": (Need.DATE,),
    "close": (Need.DATE,),
    "suspend": (Need.REASON,),
    "terminate": (Need.REASON,),
    "reopen": (Need.REASON,),
    "resume_talks": (Need.SAME_AS_BEFORE,),
    "resume_signed": (Need.SAME_AS_BEFORE,),
    "resume_work": (Need.SAME_AS_BEFORE,),
    "resume_production": (Need.SAME_AS_BEFORE,),
}

ENTRY: Mapping[ProjectState, tuple[Need, ...]] = {
    **dict.fromkeys(sorted(SIGNED_OR_LATER), (Need.PARTY, Need.DATE)),
    _S.SUSPENDED: (Need.REASON,),
    _S.TERMINATED: (Need.REASON,),
}
"""What registering a project straight in a state asks for: no less than the steps that lead there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gates look at."""

    state: ProjectState
    before_suspension: str = ""
    has_party: bool = False


def unmet(standing: Standing, verb: str, *, has_date: bool, has_reason: bool) -> tuple[Need, ...]:
    """What the step `verb` still asks for; empty when it may go ahead (whether the table has it is not asked here)."""
    met = {
        Need.PARTY: standing.has_party,
        Need.DATE: has_date,
        Need.REASON: has_reason,
        Need.SAME_AS_BEFORE: PROJECT.table[standing.state].get(verb) == standing.before_suspension,
    }
    return tuple(need for need in GATES.get(verb, ()) if not met[need])


def states_of(groups: Iterable[StateGroup]) -> tuple[ProjectState, ...]:
    """Every state in `groups`."""
    return tuple(state for group in groups for state in GROUP_STATES[group])


NEWS_WORDS: Mapping[str, tuple[str, str]] = {
    "created": ("新登记", "registered"),
    "updated": ("内容有修改", "facts changed"),
    "moved": ("状态有变化", "state changed"),
    "opinion": ("数据经对方确认或有异议", "figures confirmed or contested"),
    "merged": ("与另一项目合并", "merged with another project"),
    "report": ("月报通过", "monthly report accepted"),
}
"""What those who follow a project are told, in both languages: a notice keeps both."""

FOLLOWED_FACTS: Mapping[str, str] = {
    "projects.project.created": "created",
    "projects.project.updated": "updated",
    "projects.project.moved": "moved",
    "projects.project.opinion": "opinion",
    "projects.project.merged": "merged",
    "progress.report.accepted": "report",
}
"""Facts that are news of a project, also of rooms above: each names the projects (`project_ids`, `project_id`)."""

TRAIL_ACTIONS: Mapping[str, Promise] = {
    "projects.project.created": _("登记项目"),
    "projects.project.updated": _("修改项目"),
    "projects.project.completed": _("按月报更新完成投资"),
    "projects.project.bulk_updated": _("批量修改项目"),
    "projects.project.reported": _("填报项目"),
    "projects.project.reported_by_other_side": _("另一侧填报项目"),
    "projects.project.negotiate": _("项目开始洽谈"),
    "projects.project.sign": _("项目签约"),
    "projects.project.start": _("项目开工"),
    "projects.project.produce": _("项目投产"),
    "projects.project.close": _("项目办结"),
    "projects.project.suspend": _("项目暂停"),
    "projects.project.terminate": _("项目终止"),
    "projects.project.reopen": _("项目重新储备"),
    "projects.project.resume_talks": _("项目恢复洽谈"),
    "projects.project.resume_signed": _("项目恢复签约状态"),
    "projects.project.resume_work": _("项目恢复施工"),
    "projects.project.resume_production": _("项目恢复生产"),
    "projects.project.state_corrected": _("更正项目状态"),
    "projects.project.confirmed": _("确认项目"),
    "projects.project.contested": _("对项目提出异议"),
    "projects.figure.contested": _("对数据提出不同说法"),
    "projects.figure.proposed": _("提议协商值"),
    "projects.figure.settled": _("双方数据达成一致"),
    "projects.differences.exported": _("导出双方说法不一的数据"),
    "projects.entry.linked": _("关联计划事项"),
    "projects.entry.unlinked": _("解除与计划事项的关联"),
    "projects.report.exported": _("导出分类统计"),
    "projects.party.added": _("增加合作单位"),
    "projects.party.linked": _("合作单位关联主体"),
    "projects.party.unlinked": _("解除合作单位的关联"),
    "projects.project.merged": _("并入另一项目"),
    "projects.project.absorbed": _("另一项目并入本项目"),
    "projects.subscription.begun": _("开始关注"),
    "projects.subscription.ended": _("取消关注"),
    "projects.subscription.mail": _("设定关注的邮件"),
    "projects.statistic.recorded": _("登记公开统计"),
    "projects.statistic.updated": _("修改公开统计"),
    "projects.wording.saved": _("修改状态用语对照"),
    "projects.list.exported": _("导出项目列表"),
}
"""What this room leaves in the trail, in words."""

TRAIL_KINDS: Mapping[str, Promise] = {"projects.list": _("项目列表")}
"""Subjects there that no model names."""

TRAIL_FIELDS: Mapping[str, Promise] = {
    "entry": _("计划事项"),
    "figure": _("数据"),
    "proposal": _("协商值"),
    "value": _("提出值"),
    "outcome": _("结果"),
    "rows": _("行数"),
    "absorbed": _("被并入的项目"),
    "organisation": _("主体"),
    "party": _("合作单位"),
    "role": _("角色"),
    "further_clauses": _("其他相关条款"),
    "parties": _("合作单位"),
    "columns": _("列"),
    "more": _("超过可计数的行数"),
}
"""Names of what it keeps there beside the fields of its models."""
