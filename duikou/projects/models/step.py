"""Each step a project took, with its date."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.models.project import Project
from duikou.projects.states import STATE_CHOICES


class ProjectStep(models.Model):
    """One step of the lifecycle: when it happened (`taken_on`, NULL: not known) and when it was recorded.

    Rows are only added; what was recorded wrongly is corrected by a step of the verb `correct`.
    """

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(_("步骤"), max_length=20)
    from_state = models.CharField(_("原状态"), max_length=14, choices=STATE_CHOICES, blank=True)
    to_state = models.CharField(_("新状态"), max_length=14, choices=STATE_CHOICES)
    taken_on = models.DateField(_("发生日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("项目步骤")
        verbose_name_plural = _("项目步骤")
        ordering = ["id"]
