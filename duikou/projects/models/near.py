"""Keys under which projects that are written alike meet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.projects.models.project import Project


class ProjectNearKey(models.Model):
    """One blocking key of one project: only projects that share a key are compared name by name.

    Keys are numbers made of the top pairing and a piece of the name (rules in services/near.py); a project has few.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="near_keys", db_index=False
    )
    key = models.BigIntegerField(_("键"))

    class Meta:
        verbose_name = _("相近名称键")
        constraints = [models.UniqueConstraint(fields=["key", "project"], name="project_near_key_once")]
        indexes = [models.Index(fields=["project"], name="project_near_key_of")]

    def __str__(self) -> str:
        return f"{self.key}"
