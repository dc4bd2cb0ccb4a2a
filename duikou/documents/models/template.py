"""An office's own Word templates, every version of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.documents.states import TemplateKind
from duikou.programme.models import Region


class PaperTemplate(models.Model):
    """One version of the template that the office of a region has for one kind of paper.

    Its bytes are evidence of this row and never change; `is_current`: Word papers are made with it. Without a current
    one the shipped template is used.
    """

    region = models.ForeignKey(Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("公文种类"), max_length=8, choices=TemplateKind.choices)
    number = models.PositiveIntegerField(_("版次"))
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("文件摘要"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("大小"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    is_current = models.BooleanField(_("使用中"), default=False)
    brought_by = models.CharField(_("上传人"), max_length=150)
    created_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("公文模板")
        verbose_name_plural = _("公文模板")
        ordering = ["region", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "number"], name="template_number_once"),
            models.UniqueConstraint(
                fields=["region", "kind"], condition=models.Q(is_current=True), name="template_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"
