"""All reports of one project as one thing: what they are summed under, and how far they have come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.kernel.money import MoneyField
from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.projects.models import Project, Visibility

KEY = ("programme_id", "pairing_id", "clause_id", "visibility", "first_region_id", "second_region_id")
"""What a project's reports are summed by, as it was when the sums were last written."""


class ReportSeries(models.Model):
    """One row per project with reports. Whoever changes a report locks it first: writers of one project queue here.

    Invariants: the key is what the sums hold this project's reports under; `last_*` are the latest accepted month's.
    """

    project = models.OneToOneField(
        Project, verbose_name=_("项目"), primary_key=True, on_delete=models.PROTECT, related_name="report_series"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+", db_index=False)
    visibility = models.CharField(_("可见范围"), max_length=8, choices=Visibility.choices)
    first_region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    second_region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_month = models.PositiveIntegerField(_("最近审核月份"), null=True)
    last_invested = MoneyField(_("累计完成投资"), null=True)
    last_paid = MoneyField(_("累计支付"), null=True)
    last_percent = models.DecimalField(_("形象进度(%)"), max_digits=4, decimal_places=1, null=True)

    class Meta:
        verbose_name = _("项目月报")
        verbose_name_plural = _("项目月报")

    def __str__(self) -> str:
        return f"{self.project_id} {self.last_month or '-'}"
