"""How many measures somebody says were adopted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models import Programme, Region


class CountStatement(models.Model):
    """A number of adopted measures that an office states for a date, with its source; beside it stands what rows say.

    Invariants: never added to rows; not edited: a wrong one is withdrawn with a reason and stated anew. `origin` NULL
    means from everywhere. `label` says in the source's own words what is counted.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, verbose_name=_("推广地区"), on_delete=models.PROTECT, related_name="+")
    origin = models.ForeignKey(
        Region, verbose_name=_("来源地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    value = models.PositiveIntegerField(_("公布数"))
    as_of = models.DateField(_("截至日期"))
    label = models.CharField(_("所指"), max_length=200, blank=True)
    source_name = models.CharField(_("来源"), max_length=200)
    source_url = models.URLField(_("来源网址"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    reason = models.CharField(_("撤销理由"), max_length=500, blank=True)
    stated_at = models.DateTimeField(_("登记时间"))
    stated_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("推广数公布口径")
        verbose_name_plural = _("推广数公布口径")
        ordering = ["-as_of", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "region", "origin", "as_of", "source_name", "label"],
                condition=models.Q(withdrawn_at=None, origin__isnull=False),
                name="count_statement_from_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "region", "as_of", "source_name", "label"],
                condition=models.Q(withdrawn_at=None, origin=None),
                name="count_statement_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.name} {self.value} {self.as_of.isoformat()}"
