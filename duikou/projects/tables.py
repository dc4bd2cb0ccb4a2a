"""The columns of the list, on the page and in the export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.columns import Column, Columns
from duikou.kernel.money import BOUND_LABELS, Bound
from duikou.kernel.templatetags.look import money, state_badge
from duikou.projects.models import Project
from duikou.projects.selectors.parties import party_names
from duikou.projects.states import STATE_LABELS, Opinion, ProjectState


def _link(project: Project) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("projects:project", args=[project.pk]), project.name)


def _amount(name: str) -> tuple[Callable[[Project], Any], Callable[[Project], Any]]:
    def plain(project: Project) -> Any:
        value = getattr(project, f"{name}_amount")
        return None if value is None else value.wan

    def html(project: Project) -> Any:
        bound = getattr(project, f"{name}_bound")
        shown = "" if bound == Bound.EXACT else bound
        return money(getattr(project, f"{name}_amount"), unit="万元", bound=shown, bare=True)

    return plain, html


def _bounds(project: Project) -> str:
    found = []
    for name, label in (
        ("planned", pgettext("amount", "计划")),
        ("signed", pgettext("amount", "签约")),
        ("completed", pgettext("amount", "完成")),
    ):
        bound = Bound(getattr(project, f"{name}_bound"))
        if getattr(project, f"{name}_amount") is not None and bound is not Bound.EXACT:
            found.append(_("%(label)s：%(text)s") % {"label": label, "text": BOUND_LABELS[bound]})
    return _("；").join(found)


def _state(project: Project) -> SafeString:
    badge = state_badge(project.state, STATE_LABELS[ProjectState(project.state)])
    return format_html("{} {}", badge, _contested()) if project.opinion == Opinion.CONTESTED else badge


def _contested() -> SafeString:
    return state_badge(Opinion.CONTESTED, _("有异议"), "bad")


def _parent(project: Project) -> str:
    """Its number alone: the project itself may be one the reader may not know of."""
    return "" if project.parent_id is None else f"XM{project.parent_id:06d}"


def _opinion(project: Project) -> SafeString | str:
    return _contested() if project.opinion == Opinion.CONTESTED else project.get_opinion_display()


_t = gettext_lazy
PROJECTS = Columns(
    all=(
        Column("number", _t("编号"), lambda p: p.number, sort="id", width=12),
        Column("name", _t("项目名称"), lambda p: p.name, _link, sort="near_key", width=40),
        Column("pairing", _t("对口关系"), lambda p: p.pairing.label, width=24),
        Column("first", _t("甲侧地区"), lambda p: p.first_region.label, usual=False),
        Column("second", _t("乙侧地区"), lambda p: p.second_region.label if p.second_region else "", usual=False),
        Column("clause", _t("任务条款"), lambda p: str(p.clause), lambda p: p.clause.code, width=24),
        Column("kind", _t("项目类别"), lambda p: p.kind.label if p.kind else "", usual=False),
        Column("state", _t("状态"), lambda p: p.state_label, _state, width=10),
        Column("wording", _t("状态原文"), lambda p: p.state_wording, usual=False),
        Column("as_of", _t("状态日期"), lambda p: p.state_as_of, kind="date", width=12, usual=False),
        Column("year", _t("年份"), lambda p: p.year, sort="year_sort", kind="integer", width=8),
        Column("planned_start", _t("计划开工日期"), lambda p: p.planned_start, kind="date", width=12, usual=False),
        Column("planned_finish", _t("计划完工日期"), lambda p: p.planned_finish, kind="date", width=12, usual=False),
        Column("planned", _t("计划投资（万元）"), *_amount("planned"), sort="planned_sort", kind="money_wan"),
        Column("signed", _t("签约金额（万元）"), *_amount("signed"), sort="signed_sort", kind="money_wan"),
        Column("completed", _t("完成投资（万元）"), *_amount("completed"), sort="completed_sort", kind="money_wan"),
        Column("bounds", _t("金额口径"), _bounds, width=20, usual=False),
        Column("industry", _t("行业"), lambda p: str(p.industry) if p.industry else "", width=24, usual=False),
        Column(
            "parties",
            _t("合作单位"),
            lambda p: _("；").join(party_names(p)),
            width=30,
            usual=False,
        ),
        Column("parent", _t("所属项目"), _parent, width=12, usual=False),
        Column("code", _t("项目代码"), lambda p: p.project_code, width=26, usual=False),
        Column("opinion", _t("对方意见"), lambda p: p.get_opinion_display(), _opinion, width=14, usual=False),
        Column("visibility", _t("可见范围"), lambda p: p.get_visibility_display(), usual=False),
        Column("source", _t("来源"), lambda p: p.source_name),
        Column(
            "updated",
            _t("更新时间"),
            lambda p: p.updated_at.astimezone(SHANGHAI).date(),
            sort="updated_at",
            kind="date",
            width=12,
            usual=False,
        ),
    ),
    always="name",
)
RELATED = ("pairing", "clause", "kind", "first_region", "second_region", "industry")
