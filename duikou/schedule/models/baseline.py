"""What was promised at a moment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.models import Project
from duikou.schedule.models.milestone import Milestone


class Baseline(models.Model):
    """One snapshot of a project's planned days; the highest number is the one that slips are told against.

    Rows are only added; the dates of an older one stay readable.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="baselines", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("基线序号"))
    reason = models.CharField(_("理由"), max_length=500)
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.CharField(_("设定人"), max_length=150)

    class Meta:
        verbose_name = _("进度基线")
        verbose_name_plural = _("进度基线")
        ordering = ["project", "-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="baseline_number_once")]

    def __str__(self) -> str:
        return str(_("第%(number)d版基线") % {"number": self.number})


class BaselineDate(models.Model):
    """The day of one milestone in one baseline; the title as it was, should the milestone go."""

    baseline = models.ForeignKey(Baseline, verbose_name=_("进度基线"), on_delete=models.CASCADE, related_name="dates")
    milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("里程碑"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="baseline_dates",
    )
    title = models.CharField(_("里程碑"), max_length=100)
    on = models.DateField(_("基线日期"))

    class Meta:
        verbose_name = _("基线日期")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return self.title
