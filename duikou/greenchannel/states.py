"""Where a request can stand and which steps lead there (clause 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duikou.kernel.actor import OFFICE, Role
from duikou.kernel.transitions import Machine

PARTY = OFFICE | {Role.UNIT, Role.MEMBER}
"""Roles that raise and work on requests."""


class RequestState(StrEnum):
    """How far a request is."""

    RAISED = "raised"
    WORKING = "working"
    ASKED = "asked"
    PROPOSED = "proposed"
    SOLVED = "solved"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Mapping[RequestState, Promise] = {
    RequestState.RAISED: _("待受理"),
    RequestState.WORKING: _("办理中"),
    RequestState.ASKED: _("待提出方答复"),
    RequestState.PROPOSED: _("待提出方确认"),
    RequestState.SOLVED: _("已解决"),
    RequestState.WITHDRAWN: _("已撤回"),
}
STATE_CHOICES = [(state.value, label) for state, label in STATE_LABELS.items()]

REQUEST = Machine(
    {
        RequestState.RAISED: {
            "accept": RequestState.WORKING,
            "transfer": RequestState.RAISED,
            "reassign": RequestState.RAISED,
            "withdraw": RequestState.WITHDRAWN,
        },
        RequestState.WORKING: {
            "note": RequestState.WORKING,
            "ask": RequestState.ASKED,
            "propose": RequestState.PROPOSED,
            "transfer": RequestState.RAISED,
            "reassign": RequestState.RAISED,
            "withdraw": RequestState.WITHDRAWN,
        },
        RequestState.ASKED: {
            "answer": RequestState.WORKING,
            "reassign": RequestState.ASKED,
            "withdraw": RequestState.WITHDRAWN,
        },
        RequestState.PROPOSED: {
            "reassign": RequestState.PROPOSED,
            "agree": RequestState.SOLVED,
            "reject": RequestState.WORKING,
            "withdraw": RequestState.WITHDRAWN,
        },
        RequestState.SOLVED: {},
        RequestState.WITHDRAWN: {},
    }
)
"""Only `agree`, the asker's own step, leads to solved; nothing leads there by time (docs/decisions/green-channel.md).
`reassign` is the platform's: the owner has left."""

OWNER_VERBS = ("accept", "note", "ask", "propose", "transfer")
ASKER_VERBS = ("answer", "agree", "reject", "withdraw")
VERBS = (*OWNER_VERBS, *ASKER_VERBS)

LIVE = (
    RequestState.RAISED.value,
    RequestState.WORKING.value,
    RequestState.ASKED.value,
    RequestState.PROPOSED.value,
)
RUNNING = (RequestState.RAISED.value, RequestState.WORKING.value)
"""The clock runs: it is the owner's turn."""
PAUSED = (RequestState.ASKED.value, RequestState.PROPOSED.value)
"""The clock stands, for one reason only: waiting for the asker."""

VERB_LABELS: Mapping[str, Promise] = {
    "accept": pgettext_lazy("green channel", "受理"),
    "note": _("记录办理情况"),
    "ask": _("请提出方补充"),
    "propose": _("提出解决方案"),
    "transfer": _("转办"),
    "answer": _("答复补充"),
    "agree": _("同意，已解决"),
    "reject": _("未解决，退回"),
    "withdraw": pgettext_lazy("green channel", "撤回诉求"),
}
WORDS_LABELS: Mapping[str, Promise] = {
    "accept": _("办理打算（可不填）"),
    "note": _("办理情况"),
    "ask": _("需要补充什么"),
    "propose": _("解决方案"),
    "transfer": _("转办理由"),
    "answer": _("答复"),
    "agree": _("意见（可不填）"),
    "reject": _("还没有解决的理由"),
    "withdraw": _("撤回理由"),
}
WITHOUT_WORDS = frozenset({"accept", "agree"})
"""Steps that need no words."""


class Side(TextChoices):
    """On which side it must be solved; first and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")


class Basis(TextChoices):
    """Why the owner is who it is."""

    RULE = "rule", _("按责任规则")
    STAND_IN = "stand_in", _("规则指定的人已离岗，由其代办人负责")
    BODY = "body", _("规则指定的人已离岗，由其单位负责")
    OFFICE = "office", _("没有适用的规则，由该侧对口合作办公室负责人负责")
    TRANSFER = "transfer", _("转办")


class StepKind(TextChoices):
    """What happened to a request."""

    RAISED = "raised", pgettext_lazy("green channel", "提出诉求")
    ACCEPTED = "accepted", pgettext_lazy("green channel", "已受理")
    NOTED = "noted", _("办理情况")
    ASKED = "asked", _("请提出方补充")
    ANSWERED = "answered", _("提出方答复")
    PROPOSED = "proposed", _("提出解决方案")
    AGREED = "agreed", _("提出方同意，已解决")
    REJECTED = "rejected", _("提出方认为未解决，退回")
    TRANSFERRED = "transferred", pgettext_lazy("green channel", "已转办")
    REASSIGNED = "reassigned", _("责任人离岗，重新确定责任人")
    ESCALATED = "escalated", _("逾期，提请办公室负责人督办")
    ESCALATED_BOTH = "escalated_both", _("逾期，提请双方领导小组办公室督办")
    WITHDRAWN = "withdrawn", pgettext_lazy("green channel", "已撤回")


SAID = {
    "accept": StepKind.ACCEPTED,
    "note": StepKind.NOTED,
    "ask": StepKind.ASKED,
    "answer": StepKind.ANSWERED,
    "propose": StepKind.PROPOSED,
    "agree": StepKind.AGREED,
    "reject": StepKind.REJECTED,
    "transfer": StepKind.TRANSFERRED,
    "withdraw": StepKind.WITHDRAWN,
}
"""The step that a verb leaves."""

PARAMETERS: Mapping[str, tuple[int, int, int, Promise]] = {
    "remind_before": (2, 0, 60, _("期限前几个工作日提醒责任人")),
    "lead_after": (0, 0, 60, _("逾期几个工作日后提请该侧办公室负责人督办")),
    "both_after": (5, 0, 120, _("逾期几个工作日后提请双方领导小组办公室督办")),
    "asker_every": (3, 1, 60, _("提出方每过几个工作日未答复或未确认，提醒一次")),
}
"""Name → working days by default, least, greatest, label. None is an official figure; the coordinator sets them."""

TRAIL_ACTIONS = {
    "greenchannel.request.raised": _("提出绿色通道诉求"),
    "greenchannel.request.accepted": _("受理绿色通道诉求"),
    "greenchannel.request.noted": _("记录诉求办理情况"),
    "greenchannel.request.asked": _("请提出方补充"),
    "greenchannel.request.answered": _("提出方答复补充"),
    "greenchannel.request.proposed": _("提出解决方案"),
    "greenchannel.request.agreed": _("提出方同意，诉求已解决"),
    "greenchannel.request.rejected": _("提出方退回解决方案"),
    "greenchannel.request.transferred": _("转办诉求"),
    "greenchannel.request.reassigned": _("重新确定诉求责任人"),
    "greenchannel.request.escalated": _("诉求逾期，提请办公室负责人督办"),
    "greenchannel.request.escalated_both": _("诉求逾期，提请双方领导小组办公室督办"),
    "greenchannel.request.withdrawn": _("撤回诉求"),
    "greenchannel.request.redated": _("工作日调整，重新计算诉求期限"),
    "greenchannel.request.moved": _("诉求随项目合并"),
    "greenchannel.request.contact": _("查看诉求联系人"),
    "greenchannel.rule.set": _("设定绿色通道责任规则"),
    "greenchannel.rule.ended": _("停用绿色通道责任规则"),
    "greenchannel.parameter.set": _("设定绿色通道参数"),
    "greenchannel.list.exported": _("导出绿色通道诉求列表"),
    "greenchannel.statistics.exported": _("导出绿色通道统计"),
}
"""What this room leaves in the trail, in words."""
TRAIL_KINDS = {
    "greenchannel.list": _("绿色通道诉求列表"),
    "greenchannel.statistics": _("绿色通道统计"),
    "greenchannel.parameter": _("绿色通道参数"),
}
TRAIL_FIELDS = {
    "owner": _("责任人"),
    "text": _("文字"),
    "basis": _("确定责任人的依据"),
    "days": _("工作日"),
    "stand_in": _("代办人"),
    "query": _("筛选条件"),
    "rows": _("行数"),
    "number": _("编号"),
}
TRAIL_VALUES = {"side": dict(Side.choices), "basis": dict(Basis.choices)}
