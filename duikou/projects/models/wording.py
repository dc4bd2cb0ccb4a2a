"""How sources write a project's state."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.states import STATE_CHOICES


class StateWording(models.Model):
    """One wording and the state it stands for; blank `state`: the wording speaks of a count, not of a project."""

    key = models.CharField(_("比较用原文"), max_length=100, unique=True)
    wording = models.CharField(_("原文"), max_length=100)
    state = models.CharField(_("对应状态"), max_length=14, choices=STATE_CHOICES, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版次"), default=1)

    class Meta:
        verbose_name = _("状态用语对照")
        verbose_name_plural = _("状态用语对照")
        ordering = ["state", "wording"]

    def __str__(self) -> str:
        return self.wording
