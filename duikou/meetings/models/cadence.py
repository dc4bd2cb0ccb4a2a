"""How often one layer of one pairing meets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.meetings.states import Layer, MeetingKind
from duikou.programme.models import Pairing


class Cadence(models.Model):
    """A mechanism the two sides agreed on beside the duties of the pack: one layer meets every so many years.

    Invariants: a pairing has one live mechanism per layer and kind; periods of `years` years are counted from
    `since`, the year in which the first begins; each ends on the last of December. `kind` "" means any kind.
    """

    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(_("层级"), max_length=12, choices=Layer.choices)
    kind = models.CharField(_("类别"), max_length=12, choices=MeetingKind.choices, blank=True)
    title = models.CharField(_("名称"), max_length=120)
    years = models.PositiveSmallIntegerField(_("每几年一次"), default=1)
    since = models.PositiveSmallIntegerField(_("起算年份"))
    is_active = models.BooleanField(_("启用"), default=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("会商机制")
        verbose_name_plural = _("会商机制")
        ordering = ["pairing", "layer", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(years__gte=1, years__lte=5), name="cadence_years"),
            models.UniqueConstraint(
                fields=["pairing", "layer", "kind"], condition=models.Q(is_active=True), name="cadence_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
