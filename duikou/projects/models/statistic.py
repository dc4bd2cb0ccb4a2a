"""Figures that somebody published about many projects at once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.kernel.money import Bound, MoneyField
from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.projects.models.project import BOUND_CHOICES
from duikou.projects.states import Measure


class ReportedStatistic(models.Model):
    """A reported aggregate or count, with its date and source; it is never added to named projects.

    Invariants: money stands in `amount`, every other figure in `value`; both may be unknown; (programme, near_key,
    measure, figure, year, source) is one statement: `figure` tells apart what one row states in the same measure, and
    `label` says in the source's own words what the figure counts.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT)
    pairing = models.ForeignKey(
        Pairing, verbose_name=_("对口关系"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clause = models.ForeignKey(
        Clause, verbose_name=_("条款"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_region = models.ForeignKey(
        Region, verbose_name=_("甲侧地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_region = models.ForeignKey(
        Region, verbose_name=_("乙侧地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=200)
    near_key = models.CharField(_("比较用标题"), max_length=200)
    measure = models.CharField(_("口径"), max_length=10, choices=Measure.choices, default=Measure.OTHER.value)
    figure = models.PositiveSmallIntegerField(_("同口径序号"), default=0)
    label = models.CharField(_("所指"), max_length=200, blank=True)
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=4, null=True, blank=True)
    amount = MoneyField(_("金额"), null=True, blank=True)
    bound = models.CharField(_("口径说明"), max_length=8, choices=BOUND_CHOICES, default=Bound.EXACT.value)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True)
    as_of = models.DateField(_("截至日期"), null=True, blank=True)
    wording = models.CharField(_("状态原文"), max_length=100, blank=True)
    source_name = models.CharField(_("来源"), max_length=200, blank=True)
    source_url = models.URLField(_("来源网址"), max_length=500, blank=True)
    source_note = models.CharField(_("备注"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("登记时间"))
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("公开统计")
        verbose_name_plural = _("公开统计")
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "near_key", "measure", "figure", "year", "source_name"],
                name="reported_statistic_once",
            )
        ]
        indexes = [models.Index(fields=["pairing", "year"], name="reported_statistic_pairing")]

    def __str__(self) -> str:
        return self.title
