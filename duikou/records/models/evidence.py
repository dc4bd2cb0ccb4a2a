"""Files that prove something."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.records.states import FILE_KINDS


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

    @property
    def is_picture(self) -> bool:
        """Whether copies of it can be shown in place."""
        return self.kind in FILE_KINDS and bool(FILE_KINDS[self.kind].picture)


class Evidence(models.Model):
    """One file handed in for one subject, under the name it was given. The subject is a plain reference.

    A photo's own word on when, where and with what it was taken is kept beside it, for those who may read the original:
    no copy that is shown carries it. The place is in degrees (WGS 84); `taken_zone` is empty where the photo named none
    and `taken_at` was read as Beijing time.
    """

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
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    taken_zone = models.CharField(_("拍摄时区"), max_length=6, blank=True, default="", db_default="")
    latitude = models.DecimalField(_("拍摄纬度"), max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(_("拍摄经度"), max_digits=9, decimal_places=6, null=True)
    camera = models.CharField(_("拍摄设备"), max_length=100, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="evidence_subject")]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "blob"], name="evidence_once_per_subject")
        ]

    def __str__(self) -> str:
        return self.name
