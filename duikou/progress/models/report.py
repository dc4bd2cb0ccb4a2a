"""What was said of one project in one month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.money import Money, MoneyField
from duikou.progress.states import OPEN, SOURCES, STATE_CHOICES, STATE_LABELS, ReportState
from duikou.projects.models import Project, Side

FUNDS = tuple(f"funds_{source}" for source in SOURCES)
FIGURES = ("invested_month", "invested_year", "invested_total", "paid_month", "paid_total", *FUNDS)
"""Fields of money; NULL is not stated, never 0."""
_SENT = models.Q(state__in=("draft", "returned", "abandoned"))


def month_label(month: int) -> str:
    """A month in the reader's language."""
    return gettext("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


def _not_negative(name: str) -> models.CheckConstraint:
    condition = models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0})
    return models.CheckConstraint(condition=condition, name=f"report_{name}_not_negative")


def _in_order(whole: str, part: str, name: str) -> models.CheckConstraint:
    """A total is not below its part once the report was sent; what is not stated contradicts nothing."""
    unknown = models.Q(**{f"{whole}__isnull": True}) | models.Q(**{f"{part}__isnull": True})
    return models.CheckConstraint(condition=_SENT | unknown | models.Q(**{f"{whole}__gte": models.F(part)}), name=name)


class ProgressReport(models.Model):
    """The monthly report of one project: draft → submitted → (returned →) accepted, or superseded by a correction.

    Invariants: of a project and month one report stands (accepted) and one at most is on its way; amounts are NULL when
    unknown; what was sent has total ≥ year ≥ month; an accepted report of a closed month changes no more: a correction
    is a row of its own with its reason (`corrects`). `month` is a whole number, 202611. `revision` is what somebody who
    acts must have seen.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    month = models.PositiveIntegerField(_("月份"))
    state = models.CharField(_("状态"), max_length=10, choices=STATE_CHOICES, default=ReportState.DRAFT.value)
    has_started = models.BooleanField(_("是否开工"), null=True, blank=True)
    started_on = models.DateField(_("开工日期"), null=True, blank=True)
    invested_month = MoneyField(_("本月完成投资"), null=True, blank=True)
    invested_year = MoneyField(_("本年累计完成投资"), null=True, blank=True)
    invested_total = MoneyField(_("累计完成投资"), null=True, blank=True)
    paid_month = MoneyField(_("本月支付"), null=True, blank=True)
    paid_total = MoneyField(_("累计支付"), null=True, blank=True)
    funds_central = MoneyField(_("到位资金：中央"), null=True, blank=True)
    funds_local = MoneyField(_("到位资金：地方"), null=True, blank=True)
    funds_own = MoneyField(_("到位资金：企业自有"), null=True, blank=True)
    funds_loan = MoneyField(_("到位资金：银行贷款"), null=True, blank=True)
    funds_other = MoneyField(_("到位资金：其他"), null=True, blank=True)
    percent = models.DecimalField(_("形象进度(%)"), max_digits=4, decimal_places=1, null=True, blank=True)
    physical = models.CharField(_("形象进度"), max_length=1000, blank=True)
    problems = models.CharField(_("存在问题"), max_length=1000, blank=True)
    planned_finish = models.DateField(_("预计完工日期"), null=True, blank=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    fall_reason = models.CharField(_("累计数下调的理由"), max_length=500, blank=True)
    doubts = models.JSONField(_("已确认的疑问"), default=list, blank=True)
    side = models.CharField(_("填报一侧"), max_length=6, choices=Side.choices, default=Side.NONE.value)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("填报单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    written_by = models.CharField(_("填报人"), max_length=150, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    is_late = models.BooleanField(_("逾期报送"), default=False)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=150, blank=True)
    return_reason = models.CharField(_("退回理由"), max_length=500, blank=True)
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("更正的月报"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        db_index=False,
    )
    correction_reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("进展月报")
        verbose_name_plural = _("进展月报")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "month"], condition=models.Q(state="accepted"), name="report_stands_once"
            ),
            models.UniqueConstraint(
                fields=["project", "month"], condition=models.Q(state__in=OPEN), name="report_on_its_way_once"
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(correction_reason=""), name="report_corrects_why"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="returned") | ~models.Q(return_reason=""), name="report_returned_why"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0, percent__lte=100),
                name="report_percent_in_range",
            ),
            _in_order("invested_year", "invested_month", "report_year_covers_month"),
            _in_order("invested_total", "invested_year", "report_total_covers_year"),
            _in_order("paid_total", "paid_month", "report_paid_covers_month"),
            *(_not_negative(name) for name in FIGURES),
        ]
        indexes = [
            models.Index(fields=["project", "month"], name="report_of_project"),
            models.Index(fields=["month", "state", "project"], name="report_of_month"),
            models.Index(fields=["corrects"], name="report_corrects", condition=models.Q(corrects__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.project.name} {month_label(self.month)}"

    @property
    def month_label(self) -> str:
        """Its month in the reader's language."""
        return month_label(self.month)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(STATE_LABELS[ReportState(self.state)])

    @property
    def in_place(self) -> Money | None:
        """Money in place from all stated sources; None when none is stated."""
        stated = [amount for name in FUNDS if (amount := getattr(self, name)) is not None]
        return sum(stated, Money(0)) if stated else None
