"""When two projects become one, their reports do."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.progress.models import ProgressReport, ReportSeries
from duikou.progress.services.summaries import contribution, summaries_apply
from duikou.progress.services.writing import series_locked, series_settle
from duikou.progress.states import OPEN, ReportState
from duikou.projects.models import Project
from duikou.records.services.audit import Entry, record_many, subject_of

ME = Actor.job("progress.merging")


@transaction.atomic
def reports_follow_merge(*, kept_id: int, duplicate_id: int) -> int:
    """Move the duplicate's reports of months that the kept project lacks; the others stay readable with the duplicate
    and are counted no more. Returns how many moved. May run twice."""
    duplicate = ReportSeries.objects.filter(pk=duplicate_id).first()
    if duplicate is None:
        return 0
    kept = Project.objects.get(pk=kept_id)
    series = series_locked(kept)
    duplicate = ReportSeries.objects.select_for_update().get(pk=duplicate_id)
    rows = list(ProgressReport.objects.filter(project_id=duplicate_id).order_by("month", "pk"))
    gone = [contribution(row, duplicate) for row in rows]
    live = (ReportState.ACCEPTED.value, *OPEN)
    taken = set(ProgressReport.objects.filter(project=kept, state__in=live).values_list("month", flat=True))
    moved = [row for row in rows if row.month not in taken]
    for row in moved:
        row.project = kept
    ProgressReport.objects.filter(pk__in=[row.pk for row in moved]).update(project=kept)
    summaries_apply(gone=gone, come=[contribution(row, series) for row in moved])
    duplicate.delete()
    series_settle(series)
    before, after = {"project": duplicate_id}, {"project": str(kept)}
    entries = [Entry(subject_of(row), before, after) for row in moved]
    record_many(actor=ME, action="progress.report.moved", entries=entries)
    return len(moved)
