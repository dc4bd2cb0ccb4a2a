"""The text of a plan, section by section."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.plans.models.plan import PlanVersion
from duikou.plans.states import Part
from duikou.programme.models import Clause


class PlanSection(models.Model):
    """One heading of a version with the text below it: a pair's own words, mapped to clauses.

    `uid` stays the same through the versions of a plan. `body` is safe HTML in a small set of elements (rules/html
    in kernel/rich_text.py); `revision` is what a saver must have seen.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4)
    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="sections")
    part = models.CharField(_("组成部分"), max_length=10, choices=Part.choices, default=Part.OTHER)
    order = models.PositiveIntegerField(_("次序"))
    level = models.PositiveSmallIntegerField(_("层级"), default=1)
    heading = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"), blank=True)
    clauses = models.ManyToManyField(Clause, verbose_name=_("对应条款"), blank=True, related_name="+")
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("计划章节")
        verbose_name_plural = _("计划章节")
        ordering = ["version", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "uid"], name="plan_section_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=3), name="plan_section_three_levels"),
        ]

    def __str__(self) -> str:
        return self.heading
