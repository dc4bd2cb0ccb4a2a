"""The operator's time-limited, logged sight of business data."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models.account import Account
from duikou.kernel.clock import SHANGHAI


class AdminMode(models.Model):
    """One stretch of time in which an operator may read business data, with the reason written beforehand."""

    account = models.ForeignKey(Account, verbose_name=_("管理员"), on_delete=models.PROTECT, related_name="admin_modes")
    account_name = models.CharField(_("管理员姓名"), max_length=150)
    reason = models.TextField(_("理由"))
    started_at = models.DateTimeField(_("开始时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("管理模式")
        verbose_name_plural = _("管理模式")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at=None), name="admin_mode_one_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("started_at")), name="admin_mode_term"),
        ]
        indexes = [models.Index(fields=["account", "expires_at"], name="admin_mode_running")]

    def __str__(self) -> str:
        return f"{self.account_name} {self.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

    def is_running(self, at: dt.datetime) -> bool:
        """Whether it gives sight at the moment `at`."""
        return self.ended_at is None and at < self.expires_at
