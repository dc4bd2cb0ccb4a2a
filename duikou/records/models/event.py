"""One thing that somebody did, as it was then."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """An append-only row: who (as printed then), for which organisation, did what to what, before and after, why.

    Ids of people and subjects are plain values, not foreign keys: proof outlives what it speaks of.
    """

    at = models.DateTimeField(_("时间"))
    actor_kind = models.CharField(_("行为者类别"), max_length=12)
    actor_name = models.CharField(_("行为者"), max_length=150)
    actor_role = models.CharField(_("岗位"), max_length=32)
    account_id = models.BigIntegerField(_("账号"), null=True)
    organisation_id = models.BigIntegerField(_("所属主体"), null=True)
    organisation_name = models.CharField(_("主体名称"), max_length=200, blank=True)
    admin_mode_id = models.BigIntegerField(_("管理模式"), null=True)
    action = models.CharField(_("动作"), max_length=80)
    subject_kind = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    subject_label = models.CharField(_("对象名称"), max_length=300, blank=True)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = _("审计事件")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["account_id", "id"], name="audit_account"),
            models.Index(fields=["action", "id"], name="audit_action"),
        ]
