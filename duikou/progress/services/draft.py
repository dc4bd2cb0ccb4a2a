"""What somebody wants to report, checked by itself and beside the reports before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.money import LARGEST, Bound, Money
from duikou.kernel.text import clean
from duikou.progress.models import FIGURES, ProgressReport, month_label
from duikou.progress.rules.figures import Doubt, Figures, complete, doubts, faults
from duikou.progress.rules.months import is_month, last_day, month_of
from duikou.progress.selectors.reports import figures_of, neighbours
from duikou.progress.services.writing import faults_by_field
from duikou.progress.states import DOUBT_TEXTS, SOURCES
from duikou.projects.models import Project

LIMITS: Mapping[str, int] = {"physical": 1000, "problems": 1000, "remark": 500, "fall_reason": 500}


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """The content of a monthly report; amounts in 元 (`Money`), None is not stated. `funds_*` are totals in place."""

    has_started: bool | None = None
    started_on: dt.date | None = None
    invested_month: Money | None = None
    invested_year: Money | None = None
    invested_total: Money | None = None
    paid_month: Money | None = None
    paid_total: Money | None = None
    funds_central: Money | None = None
    funds_local: Money | None = None
    funds_own: Money | None = None
    funds_loan: Money | None = None
    funds_other: Money | None = None
    percent: Decimal | None = None
    physical: str = ""
    problems: str = ""
    planned_finish: dt.date | None = None
    remark: str = ""
    fall_reason: str = ""

    def figures(self, month: int) -> Figures:
        """Its numbers for the rules."""
        return Figures(
            month,
            self.invested_month,
            self.invested_year,
            self.invested_total,
            self.paid_month,
            self.paid_total,
            {source: getattr(self, f"funds_{source}") for source in SOURCES},
            self.percent,
        )


FIELDS = tuple(field.name for field in fields(ReportDraft))


class Doubtful(Invalid):
    """Figures that seldom go together and that their writer has not confirmed; `doubts` names them."""

    def __init__(self, found: Sequence[Doubt]) -> None:
        self.doubts = tuple(found)
        super().__init__(fields={"doubts": [DOUBT_TEXTS[doubt.value] for doubt in found]})


def draft_of(report: ProgressReport) -> ReportDraft:
    """What a report says."""
    return ReportDraft(**{name: getattr(report, name) for name in FIELDS})


def checked_month(month: int) -> int:
    """A month that can be reported; raises `Invalid` for none, and for one that is still to come."""
    if not is_month(month):
        raise Invalid(fields={"month": [_("没有这个月份。")]})
    if month > month_of(today()):
        raise Invalid(fields={"month": [_("%(month)s还没有到，不能填报。") % {"month": month_label(month)}]})
    return month


def checked(draft: ReportDraft, month: int) -> ReportDraft:
    """The draft with its texts cleaned; raises `Invalid` for what no report can say, sent or not."""
    wrong: dict[str, list[str]] = {}
    texts: dict[str, Any] = {}
    for name, limit in LIMITS.items():
        texts[name] = clean(getattr(draft, name))
        if len(texts[name]) > limit:
            wrong[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    for name in FIGURES:
        amount = getattr(draft, name)
        if amount is not None and not 0 <= amount <= LARGEST:
            wrong[name] = [_("金额不能为负，也不能超过1万亿元。")]
    if draft.percent is not None and not 0 <= draft.percent <= 100:
        wrong["percent"] = [_("形象进度在0到100之间。")]
    until = min(last_day(month), today())
    if draft.started_on is not None and draft.started_on > until:
        wrong["started_on"] = [_("开工日期不能晚于%(day)s。") % {"day": until.isoformat()}]
    if draft.started_on is not None and draft.has_started is False:
        wrong["started_on"] = [_("填写了开工日期，“是否开工”应为“已开工”。")]
    if draft.started_on is not None and draft.planned_finish is not None and draft.planned_finish < draft.started_on:
        wrong["planned_finish"] = [_("预计完工日期不能早于开工日期。")]
    if wrong:
        raise Invalid(fields=wrong)
    return replace(draft, **texts)


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that may be sent: what follows from it filled in, and the doubts that its writer confirmed."""

    draft: ReportDraft
    doubts: tuple[Doubt, ...] = ()


def ready_to_send(
    draft: ReportDraft, *, month: int, project: Project, seen: Collection[str] = (), corrects: bool = False
) -> Ready:
    """Check a cleaned draft beside its neighbours; raises `Invalid` by field, `Doubtful` for what is not confirmed."""
    refuse_empty(draft)
    earlier, later = neighbours(project, month, with_sent=True)
    return judged(draft, month=month, project=project, earlier=earlier, later=later, seen=seen, corrects=corrects)


def judged(
    draft: ReportDraft,
    *,
    month: int,
    project: Project,
    earlier: ProgressReport | None,
    later: ProgressReport | None,
    seen: Collection[str] | None = (),
    corrects: bool = False,
) -> Ready:
    """As `ready_to_send` for neighbours that the caller has read; `seen=None` asks for no confirmation."""
    given = draft.figures(month)
    before = figures_of(earlier) if earlier else None
    after = figures_of(later) if later else None
    whole = complete(given, before)
    known = _known(project) if later is None and not corrects else None
    wrong = faults(whole, before, after, known=known, may_fall=bool(draft.fall_reason))
    if wrong:
        raise Invalid(fields=faults_by_field(wrong))
    doubted = doubts(given, whole, before, after, planned=_planned(project), has_started=draft.has_started)
    if seen is not None and (unseen := [doubt for doubt in doubted if doubt.value not in seen]):
        raise Doubtful(unseen)
    names = ("invested_month", "invested_year", "invested_total", "paid_month", "paid_total")
    return Ready(replace(draft, **{name: getattr(whole, name) for name in names}), doubted)


def refuse_misfit(report: ProgressReport, project: Project) -> None:
    """Raise `Conflict`, naming both numbers, when a sent report does not fit the accepted ones beside it any more."""
    earlier, later = neighbours(project, report.month)
    wrong = faults(
        figures_of(report),
        figures_of(earlier) if earlier else None,
        figures_of(later) if later else None,
        known=_known(project) if later is None and report.corrects_id is None else None,
        may_fall=bool(report.fall_reason),
    )
    if wrong:
        raise Conflict(" ".join(text for texts in faults_by_field(wrong).values() for text in texts))


def refuse_empty(draft: ReportDraft) -> None:
    """Raise `Invalid` for a report that says too little to be sent."""
    wrong: dict[str, list[str]] = {}
    if draft.has_started is None:
        wrong["has_started"] = [_("请选择项目是否已开工。")]
    if draft.has_started and draft.invested_month is None and draft.invested_total is None:
        wrong["invested_month"] = [_("请填写本月完成投资或累计完成投资；本月没有投资请填0。")]
    if wrong:
        raise Invalid(fields=wrong)


def _known(project: Project) -> Money | None:
    """Completed money known before any report, where the source says it exactly or as a least."""
    bounds = (Bound.EXACT.value, Bound.AT_LEAST.value)
    return project.completed_amount if project.completed_bound in bounds else None


def _planned(project: Project) -> Money | None:
    return project.planned_amount if project.planned_bound != Bound.AT_LEAST.value else None
