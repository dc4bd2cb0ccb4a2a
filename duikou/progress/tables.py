"""The columns of the month's list, of the review and of the roll-up, on the page and in the export."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor
from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.permissions import check
from duikou.kernel.templatetags.look import moment, money, state_badge
from duikou.progress import policies
from duikou.progress.models import month_label
from duikou.progress.states import STATE_LABELS, WRITABLE, ReportState
from duikou.projects.models import Project


def state_words(project: Project) -> str:
    """The state of the project's report of the month."""
    state = getattr(project, "report_state", None)
    return str(STATE_LABELS[ReportState(state)]) if state else _t("未填报")


def _state(project: Project) -> Any:
    state = getattr(project, "report_state", None)
    return state_badge(state or "none", state_words(project))


def _link(project: Project) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("projects:project", args=[project.pk]), project.name)


def _last(project: Project, name: str) -> Any:
    series = getattr(project, "report_series", None)
    return getattr(series, name) if series is not None else None


def _last_month(project: Project) -> str:
    month = _last(project, "last_month")
    return month_label(month) if month else ""


def month_columns(actor: Actor, month: int) -> Columns:
    """The columns of a month's projects; the step leads to the form, or to the report."""
    writes = bool(check(actor, policies.WRITE.code))

    def step(project: Project) -> Any:
        state, report_id = getattr(project, "report_state", None), getattr(project, "report_id", None)
        if writes and (state is None or state in WRITABLE):
            label = _t("填报") if state is None else _t("继续填写")
            url = reverse("progress:write", args=[project.pk, month])
            return format_html('<a class="btn btn-primary btn-sm" href="{}">{}</a>', url, label)
        if report_id is None:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("progress:report", args=[report_id]), _t("查看月报"))

    return Columns(
        all=(
            Column("project", _("项目"), lambda p: p.name, _link, width=36),
            Column("number", _("项目编号"), lambda p: p.number, width=12, usual=False),
            Column("pairing", _("对口关系"), lambda p: p.pairing.label, width=22),
            Column("clause", _("任务条款"), lambda p: str(p.clause), width=24, usual=False),
            Column(
                "project_state",
                _("项目状态"),
                lambda p: p.state_label,
                lambda p: state_badge(p.state, p.state_label),
                width=12,
            ),
            Column("last_month", _("最近审核月份"), _last_month, width=14),
            Column(
                "last_invested",
                _("累计完成投资(万元)"),
                lambda p: amount.wan if (amount := _last(p, "last_invested")) is not None else None,
                lambda p: money(_last(p, "last_invested"), "wan", bare=True),
                kind="money_wan",
            ),
            Column("state", _("本月月报"), state_words, _state, width=12),
            Column(
                "sent", _("报送时间"), lambda p: p.report_sent, lambda p: moment(p.report_sent), width=18, usual=False
            ),
            Column("step", _("操作"), lambda p: "", step, width=4),
        ),
        always="project",
        order=Order("id", descending=True),
    )
