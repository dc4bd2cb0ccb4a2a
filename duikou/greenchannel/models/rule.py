"""Who owns what: rules by kind and region, and the numbers of the clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Membership, Organisation
from duikou.programme.models import BlockerKind, Programme, Region


class OwnerRule(models.Model):
    """In a region and all that lies in it, requests of a kind go to this organisation or this person of it.

    Invariants: one live rule per programme, region and kind (no kind: any kind); the nearest region wins, then the
    rule that names the kind. `stand_in` takes over when `person` has left.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(
        BlockerKind, verbose_name=_("类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        Membership, verbose_name=_("责任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stand_in = models.ForeignKey(
        Membership, verbose_name=_("代办人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("启用"), default=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("责任规则")
        verbose_name_plural = _("责任规则")
        ordering = ["programme", "region", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "region", "kind"],
                condition=models.Q(is_active=True, kind__isnull=False),
                name="green_rule_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "region"],
                condition=models.Q(is_active=True, kind=None),
                name="green_rule_any_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.label} · {self.kind.label if self.kind else _('各类')}"


class Parameter(models.Model):
    """One number of the clock that the coordinator set; without a row the default holds.

    `kind`: the term of that kind of blockers in working days (`name` is "term"); none: one of `states.PARAMETERS`.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=20)
    kind = models.ForeignKey(
        BlockerKind, verbose_name=_("类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    days = models.PositiveSmallIntegerField(_("工作日"))
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("绿色通道参数")
        verbose_name_plural = _("绿色通道参数")
        ordering = ["programme", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name", "kind"], condition=models.Q(kind__isnull=False), name="green_term_once"
            ),
            models.UniqueConstraint(
                fields=["programme", "name"], condition=models.Q(kind=None), name="green_parameter_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
