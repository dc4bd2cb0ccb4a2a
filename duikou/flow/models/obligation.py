"""What a pairing owes in a year."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.flow.rules import duty_state
from duikou.flow.states import DutyState
from duikou.kernel.clock import today
from duikou.programme.models import Duty, Pairing, Programme


class Obligation(models.Model):
    """One duty of one pairing in one year: due on a day (or without one), and what fulfilled it.

    Invariants: once per duty, pairing and year; the day follows the pack's parameter until somebody sets it; what is
    fulfilled says by what and when.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, verbose_name=_("经常性工作"), on_delete=models.PROTECT, related_name="obligations")
    pairing = models.ForeignKey(
        Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="obligations"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    due_is_set = models.BooleanField(_("期限已单独确定"), default=False)
    due_reason = models.CharField(_("期限依据"), max_length=500, blank=True)
    fulfilled_on = models.DateField(_("完成日期"), null=True, blank=True)
    fulfilled_by = models.CharField(_("填报人"), max_length=150, blank=True)
    subject_kind = models.CharField(_("对象类别"), max_length=60, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    subject_label = models.CharField(_("对象名称"), max_length=300, blank=True)
    url = models.CharField(_("地址"), max_length=300, blank=True)
    asked = models.PositiveSmallIntegerField(_("催办次数"), default=0)
    """How often it was (re)opened: names the occasion of its waiting items."""

    class Meta:
        verbose_name = _("年度应办事项")
        verbose_name_plural = _("年度应办事项")
        ordering = ["year", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "pairing", "year"], name="obligation_once"),
            models.CheckConstraint(
                condition=models.Q(fulfilled_on=None) | ~models.Q(subject_label=""), name="obligation_fulfilled_by_what"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "year", "pairing"], name="obligation_board"),
            models.Index(fields=["due_on"], condition=models.Q(fulfilled_on=None), name="obligation_due"),
        ]

    def __str__(self) -> str:
        return _("%(duty)s（%(pairing)s，%(year)s年度）") % {
            "duty": self.duty.label,
            "pairing": self.pairing.label,
            "year": self.year,
        }

    @property
    def state(self) -> DutyState:
        """How it stands today."""
        return DutyState(duty_state(self.due_on, self.fulfilled_on, today()))
