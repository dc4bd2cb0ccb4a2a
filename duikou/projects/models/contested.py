"""Figures of one project on which its two sides differ."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.models.project import Project
from duikou.projects.states import FIGURE_CHOICES, Settlement, Side


class ContestedFigure(models.Model):
    """What one side says of one figure where the project says something else; sums count the standing figure.

    Values are text as `rules.figures` writes them ("" = not known). It stays open until one side takes the other's
    value or both agree on a third: `proposal`, made by `proposed_by`, is agreed to by the other side.
    """

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="differences")
    figure = models.CharField(_("数据"), max_length=20, choices=FIGURE_CHOICES)
    side = models.CharField(_("提出方"), max_length=6, choices=Side.choices)
    standing = models.CharField(_("登记值"), max_length=60, blank=True)
    value = models.CharField(_("提出值"), max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    proposal = models.CharField(_("协商值"), max_length=60, blank=True)
    proposed_by = models.CharField(_("协商值提出方"), max_length=6, choices=Side.choices, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Settlement.choices, default=Settlement.OPEN.value)
    settled = models.CharField(_("定为"), max_length=60, blank=True)
    opened_at = models.DateTimeField(_("提出时间"))
    settled_at = models.DateTimeField(_("解决时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("双方说法不一的数据")
        verbose_name_plural = _("双方说法不一的数据")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "figure"],
                condition=models.Q(outcome=Settlement.OPEN.value),
                name="contested_figure_open_once",
            )
        ]
        indexes = [models.Index(fields=["outcome", "id"], name="contested_figure_open")]

    def __str__(self) -> str:
        return f"{self.get_figure_display()}"
