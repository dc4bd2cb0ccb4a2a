"""A company's stay in a park."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.area import AreaField
from duikou.parks.models.park import Park
from duikou.parks.states import RESIDENT_CHOICES, RESIDENT_LABELS, Origin, ResidentState
from duikou.programme.models import Industry


class Resident(models.Model):
    """One stay of one company in one park, from talks until it moves out; coming back is another stay.

    Invariants: stays of one company (by credit code, else by name as compared) in one park do not overlap; whoever has
    left says when and why.
    """

    park = models.ForeignKey(Park, verbose_name=_("园区"), on_delete=models.PROTECT, related_name="residents")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("企业名称"), max_length=120)
    near_key = models.CharField(_("比较用名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    industry = models.ForeignKey(
        Industry, verbose_name=_("行业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(_("来自"), max_length=10, choices=Origin.choices)
    state = models.CharField(_("状态"), max_length=10, choices=RESIDENT_CHOICES, default=ResidentState.TALKING.value)
    land = AreaField(_("用地面积（亩）"), null=True, blank=True)
    moved_in_on = models.DateField(_("入园日期"), null=True, blank=True)
    produced_on = models.DateField(_("投产日期"), null=True, blank=True)
    moved_out_on = models.DateField(_("迁出日期"), null=True, blank=True)
    out_reason = models.CharField(_("迁出原因"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("入园企业")
        verbose_name_plural = _("入园企业")
        ordering = ["near_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["park", "uscc"],
                condition=~models.Q(uscc="") & models.Q(moved_out_on=None),
                name="resident_uscc_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="left", moved_out_on__isnull=False) & ~models.Q(out_reason=""))
                | (~models.Q(state="left") & models.Q(moved_out_on=None)),
                name="resident_left_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(moved_out_on=None)
                | models.Q(moved_in_on=None)
                | models.Q(moved_out_on__gte=models.F("moved_in_on")),
                name="resident_out_after_in",
            ),
            models.CheckConstraint(condition=models.Q(land=None) | models.Q(land__gte=0), name="resident_land"),
        ]
        indexes = [
            models.Index(fields=["park", "near_key", "id"], name="resident_by_name"),
            models.Index(fields=["park", "state", "id"], name="resident_by_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(RESIDENT_LABELS[ResidentState(self.state)])
