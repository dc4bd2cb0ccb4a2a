"""Writing a monthly report and sending it to the office."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.progress import policies
from duikou.progress.models import ProgressReport, ReportSeries, ReportState, month_label
from duikou.progress.selectors.months import days_of, is_closed, rule_of
from duikou.progress.selectors.reports import standing_of
from duikou.progress.services.draft import FIELDS, ReportDraft, checked, checked_month, draft_of, ready_to_send
from duikou.progress.services.summaries import contribution, summaries_apply
from duikou.progress.services.waiting import returned_no_more, review_waits
from duikou.progress.services.writing import reason_given, refuse_stale, report_change, report_held, series_locked
from duikou.progress.states import REPORT
from duikou.projects.models import Project
from duikou.records.services.audit import record

PROJECT = ("programme", "pairing__first_region", "pairing__second_region", "first_region", "second_region", "clause")


@transaction.atomic
def report_save(*, actor: Actor, project_id: int, month: int, draft: ReportDraft, revision: int = 0) -> ProgressReport:
    """Keep a draft (or what is put right after a return) without sending it; `revision` 0 begins a report.

    Saving the same twice makes one report. Raises `Invalid` by field, `Stale`, `Conflict` for one that was sent.
    """
    project, series, report = _opened(actor, project_id, month, revision, draft)
    draft = checked(draft, month)
    if report is not None and draft_of(report) == draft:
        return report
    return _written(actor, project, series, report, month, draft)


@transaction.atomic
def report_submit(
    *,
    actor: Actor,
    project_id: int,
    month: int,
    draft: ReportDraft,
    revision: int = 0,
    seen: Collection[str] = (),
) -> ProgressReport:
    """Send a report to the office of its side. `seen`: the doubts that its writer confirms.

    Sending the same twice is one report. Raises `Invalid` by field (totals that fall or do not add up, a month to
    come), `Doubtful`, `Stale`, `Conflict` where the month has a report already.
    """
    project, series, report = _opened(actor, project_id, month, revision, draft)
    if report is not None and report.state == ReportState.SUBMITTED:
        return report
    corrects = report is not None and report.corrects_id is not None
    ready = ready_to_send(checked(draft, month), month=month, project=project, seen=seen, corrects=corrects)
    doubts = sorted(doubt.value for doubt in ready.doubts)
    if report is None:
        report = _begun(actor, project, month, ready.draft)
        _send(actor, report, project, doubts)
        report.save()
        summaries_apply(come=[contribution(report, series)])
        record(actor=actor, action="progress.report.submitted", subject=report, after=report_told(report))
    else:

        def change(row: ProgressReport) -> None:
            _fill(actor, row, project, ready.draft)
            _send(actor, row, project, doubts)

        report_change(actor=actor, report=report, series=series, action="progress.report.submitted", change=change)
    returned_no_more(actor=actor, report=report)
    review_waits(actor=actor, report=report)
    announce("progress.report.submitted", report_id=report.pk)
    return report


def _opened(
    actor: Actor, project_id: int, month: int, revision: int, draft: ReportDraft
) -> tuple[Project, ReportSeries, ProgressReport | None]:
    """The project, its series locked, and the report on its way; what was sent just so already comes back as it is."""
    month = checked_month(month)
    project = Project.objects.select_related(*PROJECT).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    policies.report(actor, project).or_raise()
    series = series_locked(project)
    accepted, report = standing_of(project_id, month)
    if report is not None:
        report.project = project
    if report is None and accepted is not None:
        raise Conflict(_("%(month)s的月报已经审核通过。") % {"month": month_label(month)})
    if report is None:
        return project, series, None
    if report.state == ReportState.SUBMITTED:
        if _says_the_same(report, draft):
            return project, series, report
        raise Conflict(_("%(month)s的月报已经报送，正在审核；要修改请先收回。") % {"month": month_label(month)})
    if report.revision != revision and not (revision == 0 and draft_of(report) == draft):
        raise Stale(_("这份月报在您打开之后已被他人修改。"), revision=report.revision)
    return project, series, report


def _says_the_same(report: ProgressReport, draft: ReportDraft) -> bool:
    """Whether a sent report is what `draft` says, but for what was filled in for it."""
    known = draft_of(report)
    return all(
        getattr(draft, name) == getattr(known, name)
        or (getattr(draft, name) is None and name.startswith(("invested", "paid")))
        for name in FIELDS
    )


def _begun(actor: Actor, project: Project, month: int, draft: ReportDraft) -> ProgressReport:
    moment = now()
    report = ProgressReport(project=project, month=month, created_at=moment, changed_at=moment)
    _fill(actor, report, project, draft)
    return report


def _fill(actor: Actor, report: ProgressReport, project: Project, draft: ReportDraft) -> None:
    for name in FIELDS:
        setattr(report, name, getattr(draft, name))
    report.written_by = actor.name[:150]
    report.organisation_id = actor.organisation_id
    report.side = policies.side_for(actor, project).value


def _send(actor: Actor, report: ProgressReport, project: Project, doubts: list[str]) -> None:
    report.state = REPORT.go(ReportState(report.state), "submit").value
    report.doubts = doubts
    if report.submitted_at is None:
        rule = rule_of(project.programme_id)
        report.submitted_at = now()
        report.is_late = today() > days_of(rule, report.month).due_on


def _written(
    actor: Actor,
    project: Project,
    series: ReportSeries,
    report: ProgressReport | None,
    month: int,
    draft: ReportDraft,
) -> ProgressReport:
    if report is None:
        report = _begun(actor, project, month, draft)
        report.save()
        record(actor=actor, action="progress.report.saved", subject=report, after=report_told(report))
        return report

    def change(row: ProgressReport) -> None:
        _fill(actor, row, project, draft)

    report_change(actor=actor, report=report, series=series, action="progress.report.saved", change=change)
    return report


def report_told(report: ProgressReport) -> dict[str, object]:
    """What a new report says, for the trail."""
    found = {name: getattr(report, name) for name in ("month", *FIELDS, "doubts", "is_late")}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


@transaction.atomic
def report_withdraw(*, actor: Actor, report_id: int, revision: int) -> ProgressReport:
    """Its writer takes it back before the office has reviewed it."""
    report, series = report_held(report_id)
    policies.step(actor, report, "withdraw").or_raise()
    refuse_stale(report, revision)

    def change(row: ProgressReport) -> None:
        row.state = REPORT.go(ReportState(row.state), "withdraw").value

    report_change(actor=actor, report=report, series=series, action="progress.report.withdrawn", change=change)
    return report


@transaction.atomic
def report_abandon(*, actor: Actor, report_id: int, revision: int) -> ProgressReport:
    """Drop a draft or a correction that is not to be sent; the row stays, nobody counts it."""
    report, series = report_held(report_id)
    policies.step(actor, report, "abandon").or_raise()
    refuse_stale(report, revision)

    def change(row: ProgressReport) -> None:
        row.state = REPORT.go(ReportState(row.state), "abandon").value

    report_change(actor=actor, report=report, series=series, action="progress.report.abandoned", change=change)
    returned_no_more(actor=actor, report=report)
    return report


@transaction.atomic
def report_correct(*, actor: Actor, report_id: int, reason: str) -> ProgressReport:
    """Open a correction of a locked report: a row of its own with the same content and the reason."""
    report, _series = report_held(report_id)
    reason = reason_given(reason, "correction_reason")
    _accepted, on_way = standing_of(report.project_id, report.month)
    if on_way is not None and on_way.corrects_id == report.pk and on_way.correction_reason == reason:
        return on_way
    closed = is_closed(report.project.programme_id, report.month)
    policies.correct(actor, report, is_closed=closed, is_open=on_way is not None).or_raise()
    row = _begun(actor, report.project, report.month, draft_of(report))
    row.corrects, row.correction_reason = report, reason
    row.fall_reason = ""
    row.save()
    after = {"month": row.month, "correction_reason": reason}
    record(actor=actor, action="progress.report.corrected", subject=row, after=after, reason=reason)
    return row
