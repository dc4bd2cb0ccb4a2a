"""What a person decides on a row that may be known already."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.intake.models.run import ImportRun
from duikou.intake.states import Choice


class ImportDecision(models.Model):
    """A row that resembles known records, the candidates, and the choice once it is made ("" = open)."""

    run = models.ForeignKey(ImportRun, verbose_name=_("导入"), on_delete=models.CASCADE, related_name="decisions")
    index = models.PositiveIntegerField(_("行序"))
    sheet = models.CharField(_("工作表"), max_length=100)
    row = models.PositiveIntegerField(_("行"))
    label = models.CharField(_("名称"), max_length=200)
    candidates = models.JSONField(_("候选记录"), default=list)
    choice = models.CharField(_("决定"), max_length=6, choices=Choice.choices, blank=True)
    target = models.CharField(_("所选记录"), max_length=64, blank=True)
    decided_by = models.ForeignKey(
        Account, verbose_name=_("决定人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_name = models.CharField(_("决定人姓名"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("重复项决定")
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="import_decision_once")]
        indexes = [models.Index(fields=["run", "choice", "index"], name="import_decision_open")]

    def __str__(self) -> str:
        return self.label
