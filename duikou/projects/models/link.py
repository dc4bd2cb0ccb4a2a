"""Entries of plans that a project carries out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.models.project import Project


class ProjectEntry(models.Model):
    """One entry of a plan that the project serves, by reference ("plan:uid"), which outlives the plan's versions."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="entries")
    reference = models.CharField(_("编号"), max_length=100)

    class Meta:
        verbose_name = _("项目的计划事项")
        verbose_name_plural = _("项目的计划事项")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "reference"], name="project_entry_once")]
        indexes = [models.Index(fields=["reference"], name="project_entry_reference")]

    def __str__(self) -> str:
        return self.reference
