"""The office's review: accept, return with a reason, reopen while the month is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import DomainError
from duikou.kernel.facts import announce
from duikou.progress import policies
from duikou.progress.models import ProgressReport, ReportSeries, ReportState
from duikou.progress.selectors.months import is_closed
from duikou.progress.services.draft import refuse_misfit
from duikou.progress.services.waiting import returned_waits, review_done
from duikou.progress.services.writing import (
    reason_given,
    refuse_stale,
    report_change,
    report_held,
    series_settle,
)
from duikou.progress.states import REPORT
from duikou.projects.services.completed import project_completed_set


@transaction.atomic
def report_accept(*, actor: Actor, report_id: int, revision: int) -> ProgressReport:
    """The figures stand: the project's completed money follows, a correction takes the place of what it corrects.

    Raises `Conflict`, naming both numbers, when the totals do not fit the accepted reports beside it any more.
    """
    report, series = report_held(report_id)
    if report.state == ReportState.ACCEPTED and report.revision == revision + 1:
        return report
    policies.review(actor, report).or_raise()
    refuse_stale(report, revision)
    refuse_misfit(report, report.project)
    if report.corrects is not None:
        _supersede(actor, report.corrects, series, report.correction_reason)

    def change(row: ProgressReport) -> None:
        row.state = REPORT.go(ReportState(row.state), "accept").value
        row.reviewed_at, row.reviewed_by, row.return_reason = now(), actor.name[:150], ""

    report_change(actor=actor, report=report, series=series, action="progress.report.accepted", change=change)
    _complete(actor, series, report)
    review_done(actor=actor, report=report)
    announce("progress.report.accepted", report_id=report.pk, project_id=report.project_id, month=report.month)
    return report


def _supersede(actor: Actor, old: ProgressReport, series: ReportSeries, reason: str) -> None:
    def change(row: ProgressReport) -> None:
        row.state = REPORT.go(ReportState(row.state), "supersede").value

    report_change(
        actor=actor, report=old, series=series, action="progress.report.superseded", change=change, reason=reason
    )


def _complete(actor: Actor, series: ReportSeries, report: ProgressReport) -> None:
    """The latest accepted total is the project's completed money."""
    latest = series_settle(series)
    if latest is None or latest.pk != report.pk or report.invested_total is None:
        return
    reason = _("%(month)s月报") % {"month": report.month_label}
    reasons = [reason, report.correction_reason, report.fall_reason]
    project_completed_set(
        actor=actor,
        project_id=report.project_id,
        amount=report.invested_total,
        reason="；".join(text for text in reasons if text),
    )


@transaction.atomic
def report_return(*, actor: Actor, report_id: int, revision: int, reason: str) -> ProgressReport:
    """Send it back to its writer; the reason is a must."""
    report, series = report_held(report_id)
    policies.review(actor, report, "return").or_raise()
    refuse_stale(report, revision)
    _back(actor, report, series, "return", "progress.report.returned", reason)
    review_done(actor=actor, report=report)
    return report


@transaction.atomic
def report_reopen(*, actor: Actor, report_id: int, revision: int, reason: str) -> ProgressReport:
    """Send an accepted report back while its month is open; the reason is a must."""
    report, series = report_held(report_id)
    policies.reopen(actor, report, is_closed=is_closed(report.project.programme_id, report.month)).or_raise()
    refuse_stale(report, revision)
    _back(actor, report, series, "reopen", "progress.report.reopened", reason)
    series_settle(series)
    return report


def _back(actor: Actor, report: ProgressReport, series: ReportSeries, verb: str, action: str, reason: str) -> None:
    reason = reason_given(reason, "reason")

    def change(row: ProgressReport) -> None:
        row.state = REPORT.go(ReportState(row.state), verb).value
        row.reviewed_at, row.reviewed_by, row.return_reason = now(), actor.name[:150], reason

    report_change(actor=actor, report=report, series=series, action=action, change=change, reason=reason)
    returned_waits(actor=actor, report=report)
    announce("progress.report.returned", report_id=report.pk)


@dataclass(frozen=True, slots=True)
class Refused:
    """One of many that was not accepted, and why."""

    report_id: int
    why: str


def reports_accept(*, actor: Actor, chosen: Iterable[tuple[int, int]]) -> tuple[int, tuple[Refused, ...]]:
    """Accept many, each (id, revision) by itself in the order of their months; returns how many and who was refused."""
    wanted = dict(chosen)
    order = ProgressReport.objects.filter(pk__in=list(wanted)).order_by("month", "pk").values_list("pk", flat=True)
    accepted, refused = 0, []
    for pk in list(order):
        try:
            report_accept(actor=actor, report_id=pk, revision=wanted[pk])
            accepted += 1
        except DomainError as why:
            refused.append(Refused(pk, why.message))
    return accepted, tuple(refused)
