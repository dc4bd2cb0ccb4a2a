"""Days of which the published calendar does not know, or not rightly."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingDay(models.Model):
    """One day on which offices work, or do not, whatever the published calendar says."""

    day = models.DateField(_("日期"), primary_key=True)
    works = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("工作日")
        verbose_name_plural = _("工作日")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
