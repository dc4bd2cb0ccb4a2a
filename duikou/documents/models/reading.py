"""A plan in Word on its way into the platform."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.documents.states import ReadingState
from duikou.plans.models import PlanVersion
from duikou.programme.models import Pairing


class Reading(models.Model):
    """One file as it was brought; what it says is read anew each time, and written only when a person says so.

    `version`: the empty draft it is meant for, or the one that it became; its bytes are then evidence of this row.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True)
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("文件摘要"), max_length=64)
    size = models.PositiveBigIntegerField(_("大小"))
    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        PlanVersion, verbose_name=_("计划版本"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("上传单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    brought_by = models.CharField(_("上传人"), max_length=150)
    state = models.CharField(_("状态"), max_length=8, choices=ReadingState.choices, default=ReadingState.OPEN.value)
    created_at = models.DateTimeField(_("上传时间"))
    done_at = models.DateTimeField(_("写入时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("读入的计划文件")
        verbose_name_plural = _("读入的计划文件")
        ordering = ["-id"]
        indexes = [models.Index(fields=["version"], name="reading_of_version")]

    def __str__(self) -> str:
        return self.name
