"""Sums of reports kept by every writer, so that no overview ever scans them (as in `projects`: docs/projects.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.progress.models.report import FIGURES
from duikou.progress.states import STATE_CHOICES
from duikou.projects.models import Side, Visibility


class ReportSums(models.Model):
    """Numbers of reports and sums of 分 (signed differences).

    Totals, year figures and money in place are as stated in the reports of that month: they are read of one month,
    never added over months. `*_unknown` counts reports that do not state the figure.
    """

    reports = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    invested_month = models.BigIntegerField(default=0)
    invested_year = models.BigIntegerField(default=0)
    invested_total = models.BigIntegerField(default=0)
    paid_month = models.BigIntegerField(default=0)
    paid_total = models.BigIntegerField(default=0)
    funds_central = models.BigIntegerField(default=0)
    funds_local = models.BigIntegerField(default=0)
    funds_own = models.BigIntegerField(default=0)
    funds_loan = models.BigIntegerField(default=0)
    funds_other = models.BigIntegerField(default=0)
    invested_unknown = models.BigIntegerField(default=0)
    paid_unknown = models.BigIntegerField(default=0)
    funds_unknown = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class ReportSummary(ReportSums):
    """Sums per pairing, main clause, month, visibility of the project and state of the report."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.PositiveIntegerField()
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    state = models.CharField(max_length=10, choices=STATE_CHOICES)

    class Meta:
        verbose_name = _("月报汇总")
        indexes = [models.Index(fields=["programme", "month", "pairing", "clause"], name="report_summary_key")]


class RegionReportSummary(ReportSums):
    """The same per region as named on one side; only of projects that not everybody sees."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.PositiveIntegerField()
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    state = models.CharField(max_length=10, choices=STATE_CHOICES)

    class Meta:
        verbose_name = _("地区月报汇总")
        indexes = [models.Index(fields=["region", "pairing", "side", "month"], name="region_report_summary_key")]


SUM_FIELDS = tuple(field.name for field in ReportSums._meta.local_fields)
SUMMED = FIGURES
SUMMARY_KEY = ("programme_id", "pairing_id", "clause_id", "month", "visibility", "state")
REGION_SUMMARY_KEY = ("programme_id", "pairing_id", "side", "region_id", "clause_id", "month", "visibility", "state")
