"""What a dry run found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.intake.models.run import ImportRun
from duikou.intake.states import Severity


class ImportFinding(models.Model):
    """One remark on one cell or row: where (sheet, row, column), how grave, why, and what stands there."""

    run = models.ForeignKey(ImportRun, verbose_name=_("导入"), on_delete=models.CASCADE, related_name="findings")
    sheet = models.CharField(_("工作表"), max_length=100)
    row = models.PositiveIntegerField(_("行"))
    letter = models.CharField(_("列"), max_length=4, blank=True)
    header = models.CharField(_("列名"), max_length=120, blank=True)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices)
    code = models.CharField(_("代码"), max_length=40)
    reason = models.CharField(_("原因"), max_length=300)
    shown = models.CharField(_("单元格内容"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("导入发现")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "severity", "id"], name="import_finding_run")]

    def __str__(self) -> str:
        return self.reason
