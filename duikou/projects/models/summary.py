"""Sums kept by every writer, so that no overview ever scans projects.

All tables only grow: a writer inserts the difference it makes, a reader sums, and a job folds the rows of one key
into one. Writers therefore never wait for one another, and one reading statement always sees whole transactions.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.projects.states import STATE_CHOICES, Side, Visibility


class Sums(models.Model):
    """Counts of projects and sums of 分 (signed differences).

    `*_unknown` counts projects without the figure, `*_about` those with about or at most, `*_over` those with at
    least; `both_*` add only projects of which signed and completed are both known: the only fair rate.
    """

    count = models.BigIntegerField(default=0)
    planned_sum = models.BigIntegerField(default=0)
    planned_unknown = models.BigIntegerField(default=0)
    planned_about = models.BigIntegerField(default=0)
    planned_over = models.BigIntegerField(default=0)
    signed_sum = models.BigIntegerField(default=0)
    signed_unknown = models.BigIntegerField(default=0)
    signed_about = models.BigIntegerField(default=0)
    signed_over = models.BigIntegerField(default=0)
    completed_sum = models.BigIntegerField(default=0)
    completed_unknown = models.BigIntegerField(default=0)
    completed_about = models.BigIntegerField(default=0)
    completed_over = models.BigIntegerField(default=0)
    both_count = models.BigIntegerField(default=0)
    both_signed = models.BigIntegerField(default=0)
    both_completed = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class CellSummary(Sums):
    """Sums per pairing, main clause, state and visibility."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=14, choices=STATE_CHOICES)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)

    class Meta:
        verbose_name = _("任务汇总")
        indexes = [models.Index(fields=["programme", "pairing", "clause", "state"], name="cell_summary_key")]


class YearSummary(Sums):
    """Sums per pairing, year (NULL: not known) and visibility."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(null=True)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)

    class Meta:
        verbose_name = _("年度汇总")
        indexes = [models.Index(fields=["programme", "pairing", "year"], name="year_summary_key")]


class RegionCellSummary(Sums):
    """As `CellSummary`, per region as named on one side; only projects that not everybody sees (`visibility` pairing).

    A city office below a wider pairing sees those of its own region: this is where its sums come from.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=14, choices=STATE_CHOICES)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)

    class Meta:
        verbose_name = _("地区任务汇总")
        indexes = [models.Index(fields=["region", "pairing", "side"], name="region_cell_summary_key")]


class RegionYearSummary(Sums):
    """As `YearSummary`, per region as named on one side; only projects that not everybody sees."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(null=True)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)

    class Meta:
        verbose_name = _("地区年度汇总")
        indexes = [models.Index(fields=["region", "pairing", "side"], name="region_year_summary_key")]


AMOUNTS = ("planned", "signed", "completed")
SUM_FIELDS = tuple(field.name for field in Sums._meta.local_fields)
CELL_KEY = ("programme_id", "pairing_id", "clause_id", "state", "visibility")
YEAR_KEY = ("programme_id", "pairing_id", "year", "visibility")
REGION_CELL_KEY = ("programme_id", "pairing_id", "side", "region_id", "clause_id", "state", "visibility")
REGION_YEAR_KEY = ("programme_id", "pairing_id", "side", "region_id", "year", "visibility")
