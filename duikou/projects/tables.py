"""The columns of the list, on the page and in the export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.columns import Column, Columns, Kind
from duikou.kernel.money import BOUND_LABELS, Bound
from duikou.kernel.templatetags.look import money, state_badge, thousands
from duikou.programme.models import ProjectKind
from duikou.projects.models import ContestedFigure, Project
from duikou.projects.selectors.parties import party_names
from duikou.projects.selectors.specs import NUMBERS, Spec, numbers_of, spec_label, spec_plain, spec_value
from duikou.projects.services.figures import figure_standing, figure_words
from duikou.projects.states import FIGURES, STATE_LABELS, Opinion, ProjectState, Settlement, Side

Row = dict[str, Any]


def _link(project: Project) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("projects:project", args=[project.pk]), project.name)


def _amount(name: str) -> tuple[Callable[[Project], Any], Callable[[Project], Any]]:
    def plain(project: Project) -> Any:
        value = getattr(project, f"{name}_amount")
        return None if value is None else value.wan

    def html(project: Project) -> Any:
        bound = getattr(project, f"{name}_bound")
        shown = money(
            getattr(project, f"{name}_amount"), unit="万元", bound="" if bound == Bound.EXACT else bound, bare=True
        )
        return _marked(project, f"{name}_amount", shown)

    return plain, html


def _marked(project: Project, figure: str, shown: Any) -> Any:
    """A figure, marked where the two sides differ on it."""
    if figure not in project.contested.split():
        return shown
    return format_html("{} {}", shown, state_badge(Opinion.CONTESTED, _("双方不一"), "bad"))


def _contested_words(project: Project) -> str:
    return _("；").join(str(FIGURES[figure]) for figure in project.contested.split())


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
        Column(
            "year",
            _t("年份"),
            lambda p: p.year,
            lambda p: _marked(p, "year", p.year),
            sort="year_sort",
            kind="integer",
            width=8,
        ),
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
        Column("contested", _t("双方说法不一的数据"), _contested_words, width=24, usual=False),
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


def projects_of(kind: ProjectKind | None) -> Columns:
    """The columns of the list, with those of the chosen kind's own fields."""
    if kind is None:
        return PROJECTS
    return replace(PROJECTS, all=(*PROJECTS.all, *(_own(spec) for spec in kind.fields)))


def _own(spec: Spec) -> Column:
    def plain(project: Project) -> Any:
        return spec_plain(spec, project.extra.get(spec["key"]))

    def html(project: Project) -> Any:
        return spec_value(spec, project.extra.get(spec["key"]))

    label: Any = spec_label(spec)
    kind: Kind = "number" if spec["type"] in NUMBERS else "text"
    return Column(f"x_{spec['key']}", label, plain, html, kind=kind, width=18, usual=spec["type"] != "text")


def _side(row: ContestedFigure) -> str:
    region = row.project.first_region if row.side == Side.FIRST else row.project.second_region
    return region.label if region else ""


def _standing(row: ContestedFigure) -> str:
    now = figure_standing(row.project, row.figure) if row.outcome == Settlement.OPEN else row.standing
    return figure_words(row.figure, now)


DIFFERENCES = Columns(
    all=(
        Column("project", _t("项目名称"), lambda d: d.project.name, lambda d: _link(d.project), width=40),
        Column("number", _t("编号"), lambda d: d.project.number, width=12, usual=False),
        Column("pairing", _t("对口关系"), lambda d: d.project.pairing.label, width=24),
        Column("figure", _t("数据"), lambda d: d.get_figure_display(), width=14),
        Column("standing", _t("登记值"), _standing, width=18),
        Column("value", _t("提出值"), lambda d: figure_words(d.figure, d.value), width=18),
        Column("side", _t("提出方"), _side, width=14),
        Column("reason", _t("理由"), lambda d: d.reason, width=40),
        Column("proposal", _t("协商值"), lambda d: figure_words(d.figure, d.proposal) if d.proposal else "", width=18),
        Column("opened", _t("提出时间"), lambda d: d.opened_at.astimezone(SHANGHAI).date(), kind="date", width=12),
        Column("outcome", _t("结果"), lambda d: d.get_outcome_display(), width=12),
        Column(
            "settled",
            _t("定为"),
            lambda d: "" if d.outcome == Settlement.OPEN else figure_words(d.figure, d.settled),
            width=18,
            usual=False,
        ),
    ),
    always="project",
)
"""The columns of the list of differences, the newest first."""


def _summed(name: str) -> Column:
    labels = {"planned": _t("计划投资（万元）"), "signed": _t("签约金额（万元）"), "completed": _t("完成投资（万元）")}

    def plain(row: Row) -> Any:
        return None if row[name] is None else row[name].wan

    return Column(name, labels[name], plain, lambda row: money(row[name], unit="万元", bare=True), kind="money_wan")


def _to_kind(row: Row) -> SafeString:
    return format_html(
        '<a href="?programme={}&kind={}">{}</a>', row["kind"].programme.code, row["kind"].code, row["kind"].label
    )


_SUMS = (
    Column("count", _t("项目数"), lambda row: row["count"], kind="integer", width=10),
    *(_summed(name) for name in ("planned", "signed", "completed")),
)
KINDS = Columns(
    all=(Column("kind", _t("项目类别"), lambda row: row["kind"].label, _to_kind, width=40), *_SUMS), always="kind"
)
"""The columns of the report over all kinds."""


def _shown(spec: Spec) -> Any:
    """A field's name over its sums, money in 元."""
    label = spec_label(spec)
    return _("%(label)s（元）") % {"label": label} if spec["type"] == "money" else label


def kind_columns(kind: ProjectKind) -> Columns:
    """The columns of the report on one kind: pairing, year, sums, and the sums of its own numbers."""

    def own(spec: Spec) -> Column:
        name, label = f"x_{spec['key']}", _shown(spec)
        return Column(name, label, lambda row: row[name], lambda row: thousands(row[name]), kind="number", width=18)

    return Columns(
        all=(
            Column("pairing", _t("对口关系"), lambda row: row["pairing"].label, width=30),
            Column("year", _t("年份"), lambda row: row["year"], kind="integer", width=8),
            *_SUMS,
            *(own(spec) for spec in numbers_of(kind)),
        ),
        always="pairing",
    )
