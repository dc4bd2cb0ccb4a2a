"""The official 在地 column: what a company reports of a month, a quarter or a year."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.parks.models.fields import OfficialField
from duikou.parks.models.park import Park
from duikou.parks.models.resident import Resident
from duikou.parks.rules.amounts import Official
from duikou.parks.rules.spans import Span
from duikou.parks.states import MEASURES, REVIEW_CHOICES, REVIEW_LABELS, Grain, ReviewState


class Amounts(models.Model):
    """The measures of the official column; NULL is unknown, never 0 in its place."""

    investment = OfficialField(_("固定资产投资"), null=True, blank=True)
    output = OfficialField(_("产值"), null=True, blank=True)
    sales = OfficialField(_("销售收入"), null=True, blank=True)
    profit = OfficialField(_("利润总额"), null=True, blank=True)
    tax = OfficialField(_("税收"), null=True, blank=True)
    vat = OfficialField(_("增值税地方分享部分"), null=True, blank=True)
    cit = OfficialField(_("企业所得税地方分享部分"), null=True, blank=True)
    pit = OfficialField(_("个人所得税地方分享部分"), null=True, blank=True)
    jobs = models.PositiveIntegerField(_("期末就业人数"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def amounts(self) -> dict[str, Official]:
        """What is known, by measure."""
        found = {name: getattr(self, name) for name in MEASURES}
        return {name: value for name, value in found.items() if value is not None}


class OfficialFigure(Amounts):
    """What one company reported of one span.

    Invariants: one accepted and one open row a company and span; accepted rows never change: a correction is a new row
    with its reason (`corrects`), which replaces the old one when it is accepted.
    """

    park = models.ForeignKey(Park, verbose_name=_("园区"), on_delete=models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey(
        Resident, verbose_name=_("入园企业"), on_delete=models.PROTECT, related_name="figures", db_index=False
    )
    grain = models.CharField(_("期别"), max_length=8, choices=Grain.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    month = models.PositiveSmallIntegerField(_("起始月"))
    state = models.CharField(_("审核状态"), max_length=10, choices=REVIEW_CHOICES, default=ReviewState.DRAFT.value)
    note = models.CharField(_("填报说明"), max_length=500, blank=True)
    corrects = models.ForeignKey(
        "self", verbose_name=_("更正的数据"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    returned = models.CharField(_("退回意见"), max_length=500, blank=True)
    entered_by = models.CharField(_("填报人"), max_length=150)
    submitted_by = models.ForeignKey(
        Account, verbose_name=_("提交人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_by = models.CharField(_("审核人"), max_length=150, blank=True)
    accepted_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("在地数据")
        verbose_name_plural = _("在地数据")
        ordering = ["-year", "-month", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "year", "month", "grain"],
                condition=models.Q(state="accepted"),
                name="official_figure_accepted_once",
            ),
            models.UniqueConstraint(
                fields=["resident", "year", "month", "grain"],
                condition=models.Q(state__in=("draft", "submitted")),
                name="official_figure_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(grain="year", month=1)
                | models.Q(grain="quarter", month__in=(1, 4, 7, 10))
                | models.Q(grain="month", month__range=(1, 12)),
                name="official_figure_span",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(reason=""), name="official_figure_correction_why"
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "year", "month"], name="official_figure_resident"),
            models.Index(fields=["park", "state", "year", "month", "grain"], name="official_figure_review"),
        ]

    def __str__(self) -> str:
        return f"{self.resident} {self.span.text}"

    @property
    def span(self) -> Span:
        """The month, quarter or year it speaks of."""
        return Span(self.grain, self.year, self.month)

    @property
    def state_label(self) -> str:
        """The state of its review, in words."""
        return str(REVIEW_LABELS[ReviewState(self.state)])


class OfficialYear(Amounts):
    """What the accepted rows of one company in one year come to, no month twice; kept by the services that accept.

    `months`: how many months of the year the rows cover. Proved by a test to equal a recomputation.
    """

    park = models.ForeignKey(Park, verbose_name=_("园区"), on_delete=models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey(Resident, verbose_name=_("入园企业"), on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("年份"))
    months = models.PositiveSmallIntegerField(_("覆盖月数"))

    class Meta:
        verbose_name = _("在地年度数")
        verbose_name_plural = _("在地年度数")
        ordering = ["-year", "id"]
        constraints = [models.UniqueConstraint(fields=["resident", "year"], name="official_year_once")]
        indexes = [models.Index(fields=["park", "year"], name="official_year_park")]
