"""Who takes part in a project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.projects.models.project import Project
from duikou.projects.states import PartyRole, Side


class ProjectParty(models.Model):
    """One organisation in one project, under the name the source writes; `organisation` once it is known."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("名称"), max_length=200)
    near_key = models.CharField(_("比较用名称"), max_length=200)
    side = models.CharField(_("所属一侧"), max_length=6, choices=Side.choices, default=Side.NONE.value)
    role = models.CharField(_("角色"), max_length=12, choices=PartyRole.choices, default=PartyRole.COOPERATING.value)

    class Meta:
        verbose_name = _("合作单位")
        verbose_name_plural = _("合作单位")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "near_key", "side", "role"], name="project_party_once")
        ]
        indexes = [models.Index(fields=["near_key"], name="project_party_name")]

    def __str__(self) -> str:
        return self.name
