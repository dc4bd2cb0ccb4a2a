"""One file on its way in."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Membership, Organisation
from duikou.intake.states import RunState


class ImportRun(models.Model):
    """A file somebody brought, how its columns are read, and how far it has come.

    Invariants: the file never changes after upload (`digest`); rows are written into the platform all or none, once;
    a committed run is never run again.
    """

    uid = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("导入类别"), max_length=60)
    state = models.CharField(_("状态"), max_length=12, choices=RunState.choices, default=RunState.UPLOADED.value)
    membership = models.ForeignKey(
        Membership, verbose_name=_("岗位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    brought_by = models.CharField(_("上传人"), max_length=150)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("文件摘要"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("文件大小"))
    content = models.CharField(_("文件类型"), max_length=8)
    tables = models.JSONField(_("工作表"), default=list)
    signature = models.CharField(_("表头签名"), max_length=64, blank=True)
    mapping = models.JSONField(_("列对应"), default=dict)
    options = models.JSONField(_("选项"), default=dict)
    counters = models.JSONField(_("各类行数"), default=dict)
    row_count = models.PositiveIntegerField(_("数据行数"), default=0)
    error_count = models.PositiveIntegerField(_("错误数"), default=0)
    warning_count = models.PositiveIntegerField(_("提醒数"), default=0)
    data_stamp = models.CharField(_("试运行时的数据状态"), max_length=200, blank=True)
    leave_errors = models.BooleanField(_("跳过有错误的行"), default=False)
    notice = models.CharField(_("提示"), max_length=500, blank=True)
    result = models.JSONField(_("写入结果"), default=dict)
    version = models.PositiveIntegerField(_("版次"), default=1)
    created_at = models.DateTimeField(_("上传时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    checked_at = models.DateTimeField(_("试运行时间"), null=True, blank=True)
    committed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="import_run_organisation"),
            models.Index(fields=["state", "id"], name="import_run_state"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(RunState(self.state).label)


class ColumnMemory(models.Model):
    """How an organisation last mapped a header: the next file with the same header starts from it."""

    kind = models.CharField(_("导入类别"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    signature = models.CharField(_("表头签名"), max_length=64)
    mapping = models.JSONField(_("列对应"), default=dict)
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("列对应记忆")
        constraints = [models.UniqueConstraint(fields=["kind", "organisation", "signature"], name="column_memory_once")]

    def __str__(self) -> str:
        return self.signature
