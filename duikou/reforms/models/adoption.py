"""What one region makes of one measure, and what came of it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.clock import today
from duikou.programme.models import Pairing, Region
from duikou.reforms.models.measure import ReformMeasure
from duikou.reforms.states import ADOPTION_CHOICES, ADOPTION_LABELS, AdoptionState


class Adoption(models.Model):
    """One region and one measure of the other side: followed, adapted, adopted, declined or ended.

    Invariants: one row per measure and region; adopted means a document of the region's own in force from `adopted_on`
    (docs/decisions/reform-adoption.md); declined and ended say why; `days` are those from the measure's publication
    to `adopted_on`, NULL where it is not adopted or was so before the publication. `pairing` is the one that relates
    both places most closely, NULL where none does. `revision` is what a saver must have seen.
    """

    measure = models.ForeignKey(
        ReformMeasure, verbose_name=_("改革经验"), on_delete=models.PROTECT, related_name="adoptions"
    )
    region = models.ForeignKey(Region, verbose_name=_("推广地区"), on_delete=models.PROTECT, related_name="+")
    pairing = models.ForeignKey(
        Pairing, verbose_name=_("对口关系"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=ADOPTION_CHOICES)
    unit = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_on = models.DateField(_("计划完成日期"), null=True, blank=True)
    differences = models.TextField(_("与原做法的不同"), blank=True)
    adopted_on = models.DateField(_("推广日期"), null=True, blank=True)
    document_title = models.CharField(_("本地文件"), max_length=300, blank=True)
    document_number = models.CharField(_("本地文号"), max_length=80, blank=True)
    document_date = models.DateField(_("本地文件日期"), null=True, blank=True)
    source_name = models.CharField(_("信息来源"), max_length=200, blank=True)
    days = models.IntegerField(_("发布至推广天数"), null=True, blank=True)
    ended_on = models.DateField(_("停止执行日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    is_demonstration = models.BooleanField(_("演示"), default=False)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("经验推广")
        verbose_name_plural = _("经验推广")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "region"], name="adoption_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("adopted", "ended"))
                | (models.Q(adopted_on__isnull=False) & ~models.Q(document_title="")),
                name="adoption_adopted_when_by_what",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | (models.Q(ended_on__isnull=False) & models.Q(ended_on__gte=models.F("adopted_on"))),
                name="adoption_ended_after_adopted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("declined", "ended")) | ~models.Q(reason=""),
                name="adoption_refused_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "adopted_on"], name="adoption_of_region"),
            models.Index(fields=["state", "adopted_on"], name="adoption_when"),
            models.Index(fields=["state", "planned_on"], name="adoption_due"),
        ]

    def __str__(self) -> str:
        return f"{self.region.name}：{self.measure.title}"

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(ADOPTION_LABELS[AdoptionState(self.state)])

    @property
    def is_overdue(self) -> bool:
        """Whether the day on which the region's own version was to be ready has passed."""
        return self.state == AdoptionState.ADAPTING and self.planned_on is not None and self.planned_on < today()


class EffectReport(models.Model):
    """What an adoption brought about, as reported on a day; never edited: a correction is the next row.

    Invariants: a report is corrected at most once, by the row whose `corrects` names it; a correction says why.
    """

    adoption = models.ForeignKey(Adoption, verbose_name=_("经验推广"), on_delete=models.PROTECT, related_name="effects")
    as_of = models.DateField(_("截至日期"))
    text = models.TextField(_("成效"), blank=True)
    corrects = models.OneToOneField(
        "self", verbose_name=_("更正"), null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    author_name = models.CharField(_("报告人"), max_length=150)
    organisation_name = models.CharField(_("报告单位"), max_length=200, blank=True)
    at = models.DateTimeField(_("报告时间"))

    class Meta:
        verbose_name = _("成效报告")
        verbose_name_plural = _("成效报告")
        ordering = ["adoption", "-as_of", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(reason=""), name="effect_correction_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.adoption_id} {self.as_of.isoformat()}"


class EffectFigure(models.Model):
    """One measured indicator of a report: before and after, in a unit; either may be unknown, not both."""

    report = models.ForeignKey(
        EffectReport, verbose_name=_("成效报告"), on_delete=models.CASCADE, related_name="figures"
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    name = models.CharField(_("指标"), max_length=100)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    before = models.DecimalField(_("推广前"), max_digits=18, decimal_places=4, null=True, blank=True)
    after = models.DecimalField(_("推广后"), max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("量化指标")
        verbose_name_plural = _("量化指标")
        ordering = ["report", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before__isnull=False) | models.Q(after__isnull=False), name="effect_figure_has_one"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def before_text(self) -> str:
        """The figure before, as people write it."""
        return figure_text(self.before)

    @property
    def after_text(self) -> str:
        """The figure after, as people write it."""
        return figure_text(self.after)


def figure_text(value: Decimal | None) -> str:
    """A figure without idle noughts; "" for unknown."""
    return "" if value is None else f"{value.normalize():f}"
