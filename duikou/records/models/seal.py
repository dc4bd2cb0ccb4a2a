"""The chain over the trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.records.models.appendonly import AppendOnly, AppendOnlyQuerySet
from duikou.records.states import finding_said


class AuditLink(AppendOnly):
    """One event's place in the chain, given by the sealer in the order in which it saw events committed.

    `digest` is SHA-256 over the event's canonical form; `chain` is SHA-256 over the chain before, the position, the
    event's id and `digest`. Hexadecimal.
    """

    position = models.BigIntegerField(_("位置"), primary_key=True)
    event_id = models.BigIntegerField(_("事件编号"), unique=True)
    digest = models.CharField(_("摘要"), max_length=64)
    chain = models.CharField(_("链"), max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计链环")
        verbose_name_plural = _("审计链环")

    def __str__(self) -> str:
        return str(self.position)


class AuditSeal(AppendOnly):
    """One run of the sealer: links `first`-`last`, the chain's head after them, signed with the platform's key."""

    at = models.DateTimeField(_("封存时间"))
    first = models.BigIntegerField(_("起始位置"), unique=True)
    last = models.BigIntegerField(_("结束位置"), unique=True)
    floor = models.BigIntegerField(_("已封存的最大事件编号"))
    head = models.CharField(_("链头"), max_length=64)
    mac = models.CharField(_("签名"), max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计封存")
        verbose_name_plural = _("审计封存")

    def __str__(self) -> str:
        return f"{self.first}-{self.last} {self.head}"


class AuditCheck(models.Model):
    """One verification of the chain and what it found."""

    at = models.DateTimeField(_("校验时间"))
    by = models.CharField(_("校验人"), max_length=150)
    since = models.DateTimeField(_("起点"), null=True)
    links = models.BigIntegerField(_("链环数"))
    unsealed = models.BigIntegerField(_("未封存数"))
    finding = models.CharField(_("首个问题"), max_length=300, blank=True)
    head = models.CharField(_("链头"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("审计校验")
        verbose_name_plural = _("审计校验")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.finding or 'ok'}"

    @property
    def said(self) -> str:
        """The finding in the reader's words."""
        return finding_said(self.finding)
