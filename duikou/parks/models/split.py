"""The agreed column: what each side counts as its own under an agreement, for its own assessment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.parks.models.fields import AgreedField
from duikou.parks.models.park import Park, ParkAgreement
from duikou.parks.models.resident import Resident
from duikou.parks.states import REVIEW_CHOICES, REVIEW_LABELS, SPLIT_CHOICES, ReviewState, Side


class AgreedSplit(models.Model):
    """One measure of one year of some companies, split by one ratio under one agreement.

    Made and submitted by one side's office, accepted by the other's; then locked. A correction is a new split with its
    reason (`replaces`).
    """

    park = models.ForeignKey(Park, verbose_name=_("园区"), on_delete=models.PROTECT, related_name="splits")
    agreement = models.ForeignKey(
        ParkAgreement, verbose_name=_("依据的协议"), on_delete=models.PROTECT, related_name="splits"
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    measure = models.CharField(_("指标"), max_length=10, choices=SPLIT_CHOICES)
    first_weight = models.DecimalField(_("甲侧比例"), max_digits=7, decimal_places=3)
    second_weight = models.DecimalField(_("乙侧比例"), max_digits=7, decimal_places=3)
    state = models.CharField(_("审核状态"), max_length=10, choices=REVIEW_CHOICES, default=ReviewState.DRAFT.value)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    replaces = models.ForeignKey(
        "self", verbose_name=_("更正的分成"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    returned = models.CharField(_("退回意见"), max_length=500, blank=True)
    made_by = models.CharField(_("编制人"), max_length=150)
    made_by_side = models.CharField(_("编制一侧"), max_length=6, choices=Side.choices)
    submitted_by = models.ForeignKey(
        Account, verbose_name=_("提交人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_by = models.CharField(_("确认人"), max_length=150, blank=True)
    accepted_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("协议分成")
        verbose_name_plural = _("协议分成")
        ordering = ["-year", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_weight__gte=0, second_weight__gte=0)
                & (models.Q(first_weight__gt=0) | models.Q(second_weight__gt=0)),
                name="agreed_split_ratio",
            ),
            models.CheckConstraint(
                condition=models.Q(replaces=None) | ~models.Q(reason=""), name="agreed_split_correction_why"
            ),
        ]
        indexes = [models.Index(fields=["park", "year", "measure"], name="agreed_split_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_measure_display()} {self.agreement}"

    @property
    def ratio(self) -> str:
        """The ratio as people write it (5:5)."""
        return f"{self.first_weight.normalize():f}:{self.second_weight.normalize():f}"

    @property
    def state_label(self) -> str:
        """The state of its review, in words."""
        return str(REVIEW_LABELS[ReviewState(self.state)])


class AgreedLine(models.Model):
    """One company in a split. Invariants: the shares add up to the whole, to the 分; a company's measure of a year is
    split by one accepted split at a time (`is_live`)."""

    split = models.ForeignKey(AgreedSplit, verbose_name=_("协议分成"), on_delete=models.CASCADE, related_name="lines")
    resident = models.ForeignKey(Resident, verbose_name=_("入园企业"), on_delete=models.PROTECT, related_name="shares")
    year = models.PositiveSmallIntegerField(_("年份"))
    measure = models.CharField(_("指标"), max_length=10, choices=SPLIT_CHOICES)
    whole = AgreedField(_("分成基数"))
    first_share = AgreedField(_("甲侧份额"))
    second_share = AgreedField(_("乙侧份额"))
    is_live = models.BooleanField(_("有效"), default=False)

    class Meta:
        verbose_name = _("协议分成明细")
        verbose_name_plural = _("协议分成明细")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(whole=models.F("first_share") + models.F("second_share")), name="agreed_line_adds_up"
            ),
            models.UniqueConstraint(fields=["split", "resident"], name="agreed_line_once"),
            models.UniqueConstraint(
                fields=["resident", "year", "measure"], condition=models.Q(is_live=True), name="agreed_line_live_once"
            ),
        ]
