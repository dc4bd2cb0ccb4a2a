"""Where a monthly report stands, what it may be doubted for, and the words of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Role
from duikou.kernel.transitions import Machine

FIRMS = frozenset({Role.UNIT, Role.MEMBER})
"""Who reports on projects of their own organisation."""


class ReportState(StrEnum):
    """Where one report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    ABANDONED = "abandoned"


_S = ReportState
STATE_LABELS: Mapping[ReportState, Promise] = {
    _S.DRAFT: _("草稿"),
    _S.SUBMITTED: _("待审核"),
    _S.RETURNED: _("已退回"),
    _S.ACCEPTED: _("已审核"),
    _S.SUPERSEDED: _("已被更正取代"),
    _S.ABANDONED: _("已放弃"),
}
STATE_CHOICES = [(state.value, label) for state, label in STATE_LABELS.items()]
OPEN = (_S.DRAFT.value, _S.SUBMITTED.value, _S.RETURNED.value)
"""On its way: at most one of a project and month."""
WRITABLE = (_S.DRAFT.value, _S.RETURNED.value)
SETTLED = (_S.ACCEPTED.value, _S.SUPERSEDED.value)
"""Read by whoever may know of the project's figures; they never change."""
COUNTED = (_S.SUBMITTED.value, _S.ACCEPTED.value)
"""Kept in the sums, each state under its own key."""

REPORT: Machine[ReportState] = Machine(
    {
        _S.DRAFT: {"submit": _S.SUBMITTED, "abandon": _S.ABANDONED},
        _S.SUBMITTED: {"accept": _S.ACCEPTED, "return": _S.RETURNED, "withdraw": _S.DRAFT},
        _S.RETURNED: {"submit": _S.SUBMITTED, "abandon": _S.ABANDONED},
        _S.ACCEPTED: {"reopen": _S.RETURNED, "supersede": _S.SUPERSEDED},
        _S.SUPERSEDED: {},
        _S.ABANDONED: {},
    }
)
"""An accepted report is reopened only while its month is open; afterwards a correction, a row of its own, takes its
place once it is accepted. Only corrections and drafts that were never sent are abandoned."""


class Source(TextChoices):
    """Where money in place comes from."""

    CENTRAL = "central", _("中央资金")
    LOCAL = "local", _("地方资金")
    OWN = "own", _("企业自有")
    LOAN = "loan", _("银行贷款")
    OTHER = "other", _("其他资金")


SOURCES = tuple(source.value for source in Source)

FIGURE_LABELS: Mapping[str, Promise] = {
    "invested_month": _("本月完成投资"),
    "invested_year": _("本年累计完成投资"),
    "invested_total": _("累计完成投资"),
    "paid_month": _("本月支付"),
    "paid_total": _("累计支付"),
    **{f"funds_{source.value}": _("累计到位：%(source)s") for source in Source},
    "percent": _("形象进度(%)"),
}

DOUBT_TEXTS: Mapping[str, Promise] = {
    "paid_over_funds": _("累计支付大于累计到位资金。"),
    "over_planned": _("累计完成投资大于项目的计划投资。"),
    "gap": _("上一份月报与本月之间有月份没有填报，累计数按上一份月报加本月计算。"),
    "first": _("这是第一份月报，只填了本月数，累计数按本月数计算；如此前已有投资，请填写累计数。"),
    "next_differs": _("改动后，下一个月的累计数不再等于本月累计加下月数。"),
    "not_started": _("填报了完成投资，但项目填为尚未开工。"),
}

TRAIL_ACTIONS: Mapping[str, Promise] = {
    "progress.report.saved": _("保存月报"),
    "progress.report.submitted": _("报送月报"),
    "progress.report.withdrawn": _("收回月报"),
    "progress.report.accepted": _("审核通过月报"),
    "progress.report.returned": _("退回月报"),
    "progress.report.reopened": _("重新打开月报"),
    "progress.report.corrected": _("更正月报"),
    "progress.report.superseded": _("月报被更正取代"),
    "progress.report.abandoned": _("放弃月报"),
    "progress.report.moved": _("月报随项目合并转移"),
    "progress.month.closed": _("月报锁定"),
    "progress.rule.set": _("设定月报期限"),
    "progress.list.exported": _("导出月报列表"),
    "progress.summary.exported": _("导出进展汇总"),
}
"""What this room leaves in the trail, in words."""
TRAIL_KINDS: Mapping[str, Promise] = {"progress.list": _("月报列表"), "progress.summary": _("进展汇总")}
TRAIL_FIELDS: Mapping[str, Promise] = {"doubts": _("已确认的疑问"), "reports": _("月报份数")}
