"""One thing that somebody did, as it was then."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.records.models.appendonly import AppendOnly, AppendOnlyError, AppendOnlyQuerySet
from duikou.records.models.jsontext import JsonTextField


class AuditEvent(AppendOnly):
    """An append-only row: who (as printed then), for which organisation, did what to what, before and after, why.

    Ids of people and subjects are plain values, not foreign keys: proof outlives what it speaks of. `uid` is unique
    and goes into `mac`, the platform's signature over the whole row, so that no row can be forged, changed or copied
    by somebody who holds the database but not the keys. Written by `records.services.audit` only.
    """

    uid = models.CharField(_("唯一标识"), max_length=32, unique=True)
    mac = models.CharField(_("签名"), max_length=32)
    at = models.DateTimeField(_("时间"))
    actor_kind = models.CharField(_("行为者类别"), max_length=12)
    actor_name = models.CharField(_("行为者"), max_length=150)
    actor_role = models.CharField(_("岗位"), max_length=32)
    account_id = models.BigIntegerField(_("账号"), null=True)
    organisation_id = models.BigIntegerField(_("所属主体"), null=True)
    organisation_name = models.CharField(_("主体名称"), max_length=200, blank=True)
    admin_mode_id = models.BigIntegerField(_("管理模式"), null=True)
    request_id = models.CharField(_("请求编号"), max_length=32, blank=True)
    action = models.CharField(_("动作"), max_length=80)
    subject_kind = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    subject_label = models.CharField(_("对象名称"), max_length=300, blank=True)
    before = JsonTextField(_("变更前"), null=True)
    after = JsonTextField(_("变更后"), null=True)
    reason = models.TextField(_("理由"), blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计事件")
        verbose_name_plural = _("审计事件")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["account_id", "id"], name="audit_account"),
            models.Index(fields=["at", "id"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.subject_kind} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new, signed row can be saved."""
        if not self.mac:
            _unsigned()
        super().save(*args, **kwargs)


def _unsigned() -> NoReturn:
    raise AppendOnlyError("audit events are written by records.services.audit")
