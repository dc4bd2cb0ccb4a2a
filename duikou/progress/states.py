"""Where a monthly report stands, what it may be doubted for, and the words of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

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


class AlarmState(StrEnum):
    """Where one alarm stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    CLOSED = "closed"


_A = AlarmState
ALARM_LABELS: Mapping[AlarmState, Promise] = {
    _A.RAISED: _("待签收"),
    _A.ACKNOWLEDGED: _("待说明"),
    _A.EXPLAINED: _("已说明"),
    _A.CLOSED: _("已销号"),
}
ALARM_CHOICES = [(state.value, label) for state, label in ALARM_LABELS.items()]
ALARM_TONES: Mapping[AlarmState, str] = {
    _A.RAISED: "bad",
    _A.ACKNOWLEDGED: "warn",
    _A.EXPLAINED: "active",
    _A.CLOSED: "good",
}
ALARM: Machine[AlarmState] = Machine(
    {
        _A.RAISED: {"acknowledge": _A.ACKNOWLEDGED, "explain": _A.EXPLAINED, "close": _A.CLOSED, "worsen": _A.RAISED},
        _A.ACKNOWLEDGED: {"explain": _A.EXPLAINED, "close": _A.CLOSED, "worsen": _A.RAISED},
        _A.EXPLAINED: {"return": _A.ACKNOWLEDGED, "close": _A.CLOSED, "worsen": _A.RAISED},
        _A.CLOSED: {},
    }
)
"""An explanation acknowledges too. One that turned red must be acknowledged and explained anew."""

KIND_LABELS: Mapping[str, Promise] = {
    "not_started": _("未按时开工"),
    "behind": _("建设进度滞后"),
    "low_payment": _("资金支付率低"),
    "shrunk": _("缩减投资规模"),
    "overdue": _("超期未完工"),
}
KIND_CHOICES = list(KIND_LABELS.items())
COLOUR_LABELS: Mapping[str, Promise] = {"yellow": _("黄色预警"), "red": _("红色预警")}
COLOUR_CHOICES = list(COLOUR_LABELS.items())
COLOUR_TONES: Mapping[str, str] = {"yellow": "warn", "red": "bad"}
JUDGED_LABELS: Mapping[str, Promise] = {
    "given": _("预警"),
    "fine": _("正常"),
    "unknown": _("无法判断"),
    "paused": _("项目暂停，不判断"),
}
STAGE_LABELS: Mapping[int, Promise] = {
    0: _("未升级"),
    1: _("已升级至办公室负责人"),
    2: _("已升级至双方办公室负责人"),
    3: _("已升级至统筹部门"),
}
MISSING_LABELS: Mapping[str, Promise] = {
    "planned_start": _("计划开工日期"),
    "planned_finish": _("计划完工日期"),
    "planned_amount": _("计划投资"),
    "progress": _("完成投资或形象进度"),
    "report": _("已审核的月报"),
    "in_place": _("到位资金"),
    "paid": _("累计支付"),
    "started_on": _("开工日期"),
}
VALUE_TEXTS: Mapping[str, str] = {
    "not_started": gettext_noop("超过计划%(n)s天"),
    "behind": gettext_noop("落后%(n)s个百分点"),
    "low_payment": gettext_noop("支付率%(n)s%%"),
    "shrunk": gettext_noop("缩减%(n)s%%"),
    "overdue": gettext_noop("超过计划%(n)s天"),
}
FIGURE_NAMES: Mapping[str, Promise] = {
    "planned_start": _("计划开工日期"),
    "planned_finish": _("计划完工日期"),
    "started_on": _("开工日期"),
    "planned": _("计划投资"),
    "most_planned": _("计划投资最高值"),
    "signed": _("签约金额"),
    "most_signed": _("签约金额最高值"),
    "report_month": _("最近审核的月报"),
    "invested": _("累计完成投资"),
    "paid": _("累计支付"),
    "in_place": _("到位资金"),
    "percent": _("形象进度(%)"),
    "share": _("建设进度(%)"),
    "time": _("时间进度(%)"),
    "rule_version": _("预警参数版次"),
    "judged_on": _("判断日期"),
}
"""What an alarm was judged from."""
FIGURES_OF: Mapping[str, tuple[str, ...]] = {
    "not_started": ("planned_start",),
    "behind": ("planned_start", "planned_finish", "planned", "signed", "report_month", "invested", "share", "time"),
    "low_payment": ("started_on", "planned_start", "report_month", "in_place", "paid"),
    "shrunk": ("planned", "most_planned", "signed", "most_signed"),
    "overdue": ("planned_finish",),
}
"""Which of them each alarm is about."""
THRESHOLD_LABELS: Mapping[str, Promise] = {
    "start_yellow": _("未按时开工：超过计划开工日期多少天为黄色"),
    "start_red": _("未按时开工：超过多少天为红色"),
    "behind_yellow": _("建设进度滞后：落后时间进度多少个百分点为黄色"),
    "behind_red": _("建设进度滞后：落后多少个百分点为红色"),
    "stale_months": _("建设进度滞后：几个月未报月报的，按没有进展计算"),
    "pay_yellow": _("资金支付率低：支付率低于多少(%)为黄色"),
    "pay_red": _("资金支付率低：支付率低于多少(%)为红色"),
    "pay_after_months": _("资金支付率低：开工满几个月后开始判断"),
    "shrink_yellow": _("缩减投资规模：缩减多少(%)为黄色"),
    "shrink_red": _("缩减投资规模：缩减多少(%)为红色"),
    "over_yellow": _("超期未完工：超过计划完工日期多少天为黄色"),
    "over_red": _("超期未完工：超过多少天为红色"),
    "central_wan": _("中央资金达到多少(万元)的单个项目重点监测"),
    "ack_days": _("几个工作日内签收"),
    "explain_days": _("几个工作日内说明"),
    "step_days": _("逾期后每隔几个工作日升级一次"),
}

ALARM_TRAIL_ACTIONS: Mapping[str, Promise] = {
    "progress.alarm.raised": _("发出预警"),
    "progress.alarm.worsened": _("预警升为红色"),
    "progress.alarm.cleared": _("数据不再触发预警"),
    "progress.alarm.returned": _("数据再次触发预警"),
    "progress.alarm.acknowledged": _("签收预警"),
    "progress.alarm.explained": _("说明预警"),
    "progress.alarm.sent_back": _("退回预警说明"),
    "progress.alarm.closed": _("预警销号"),
    "progress.alarm.escalated": _("预警升级"),
    "progress.alarm.exported": _("导出预警"),
    "progress.alarmrule.set": _("设定预警参数"),
}
