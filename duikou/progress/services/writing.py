"""What every change of a report has in common: the lock of its project, the sums, the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.text import clean, has_word
from duikou.progress.models import ProgressReport, ReportSeries, ReportState
from duikou.progress.rules.figures import Fault
from duikou.progress.selectors.reports import RELATED
from duikou.progress.services.summaries import contribution, series_key, summaries_apply
from duikou.progress.services.words import fault_text
from duikou.projects.models import Project
from duikou.records.services.audit import changes, record, snapshot


def series_locked(project: Project) -> ReportSeries:
    """The project's series for changing, made when it has none: writers of one project queue here."""
    held = ReportSeries.objects.select_for_update()
    found = held.filter(pk=project.pk).first()
    if found is None:
        try:
            with transaction.atomic():
                return ReportSeries.objects.create(project_id=project.pk, **series_key(project))
        except IntegrityError:  # somebody else made it in this moment
            found = held.get(pk=project.pk)
    return found


def report_held(report_id: int) -> tuple[ProgressReport, ReportSeries]:
    """A report and its project's series for changing; raises `NotFound`."""
    project = Project.objects.filter(reports__pk=report_id).first()
    if project is None:
        raise NotFound
    series = series_locked(project)
    return ProgressReport.objects.select_related(*RELATED).get(pk=report_id), series


def refuse_stale(report: ProgressReport, revision: int) -> None:
    """Raise `Stale` unless `revision` is the present one."""
    if report.revision != revision:
        raise Stale(revision=report.revision)


def report_change(
    *,
    actor: Actor,
    report: ProgressReport,
    series: ReportSeries,
    action: str,
    change: Callable[[ProgressReport], None],
    reason: str = "",
) -> None:
    """Apply `change`, write the row, the difference it makes to the sums, and the trail."""
    before, gone = snapshot(report), contribution(report, series)
    change(report)
    report.revision += 1
    report.changed_at = now()
    report.save()
    summaries_apply(gone=[gone], come=[contribution(report, series)])
    old, new = changes(before, report)
    record(actor=actor, action=action, subject=report, before=_told(old), after=_told(new), reason=reason)


_SILENT = ("revision", "changed_at", "created_at", "state")


def _told(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: value for name, value in values.items() if name not in _SILENT}


def series_settle(series: ReportSeries) -> ProgressReport | None:
    """Note how far the project has come by its latest accepted report, and return that."""
    latest = ProgressReport.objects.filter(project_id=series.pk, state=ReportState.ACCEPTED).order_by("-month").first()
    series.last_month = latest.month if latest else None
    series.last_invested = latest.invested_total if latest else None
    series.last_paid = latest.paid_total if latest else None
    series.last_percent = latest.percent if latest else None
    series.save(update_fields=["last_month", "last_invested", "last_paid", "last_percent"])
    return latest


def faults_by_field(found: tuple[Fault, ...]) -> dict[str, list[str]]:
    """The faults in words, by field."""
    texts: dict[str, list[str]] = {}
    for fault in found:
        texts.setdefault(fault.field, []).append(fault_text(fault))
    return texts


def reason_given(text: str, field: str) -> str:
    """A reason fit to keep; raises `Invalid` at `field` where nothing is said, or too much."""
    text = clean(text)
    if not has_word(text):
        raise Invalid(fields={field: [_("请写明理由。")]})
    if len(text) > 500:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": 500}]})
    return text
