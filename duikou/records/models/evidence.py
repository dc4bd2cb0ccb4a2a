"""Files that prove something."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """The bytes of a file, stored once however often they are handed in; found by their SHA-256."""

    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    size = models.BigIntegerField(_("字节数"))
    kind = models.CharField(_("类型"), max_length=10)
    created_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return self.digest

    @property
    def path(self) -> str:
        """Where the bytes lie in the file storage."""
        return f"evidence/{self.digest[:2]}/{self.digest[2:4]}/{self.digest}"


class Evidence(models.Model):
    """One file handed in for one subject, under the name it was given. The subject is a plain reference."""

    blob = models.ForeignKey(Blob, verbose_name=_("文件"), on_delete=models.PROTECT, related_name="links")
    subject_kind = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    subject_label = models.CharField(_("对象名称"), max_length=300, blank=True)
    name = models.CharField(_("文件名"), max_length=200)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    account_id = models.BigIntegerField(_("上传账号"), null=True)
    actor_name = models.CharField(_("上传人"), max_length=150)
    organisation_name = models.CharField(_("主体名称"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="evidence_subject")]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "blob"], name="evidence_once_per_subject")
        ]

    def __str__(self) -> str:
        return self.name
