"""A park that two sides build together, and what they signed about it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.area import AreaField
from duikou.parks.states import AgreementKind, Mode, Side
from duikou.projects.models import Project

_TERM = (
    models.Q(valid_to=None) | models.Q(valid_from=None) | models.Q(valid_to__gte=models.F("valid_from"))
)  # a term does not end before it begins


class Park(models.Model):
    """The page of a project whose kind carries one (`ProjectKind.park`).

    `side` is where the park lies: its office reviews the official figures. `manager` is the party of the project
    that enters residents and figures; `company` the developing company as sources write it. `team`: a list of
    {"role", "people"}, no personal data. `outline`: rings of a polygon, or None. NULL is unknown.
    """

    project = models.OneToOneField(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="park")
    side = models.CharField(_("所在一侧"), max_length=6, choices=Side.choices, default=Side.FIRST.value)
    manager = models.ForeignKey(
        Organisation,
        verbose_name=_("填报单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    mode = models.CharField(_("合作模式"), max_length=10, choices=Mode.choices, default=Mode.JOINT.value)
    area = AreaField(_("面积（亩）"), null=True, blank=True)
    area_note = models.CharField(_("面积说明"), max_length=200, blank=True)
    boundary = models.CharField(_("四至范围"), max_length=1000, blank=True)
    outline = models.JSONField(_("范围图形"), null=True, blank=True)
    company = models.CharField(_("开发运营公司"), max_length=200, blank=True)
    team = models.JSONField(_("管理团队"), default=list, blank=True)
    valid_from = models.DateField(_("合作期自"), null=True, blank=True)
    valid_to = models.DateField(_("合作期至"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=2000, blank=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("园区")
        verbose_name_plural = _("园区")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=_TERM, name="park_term"),
            models.CheckConstraint(condition=models.Q(area=None) | models.Q(area__gt=0), name="park_area_positive"),
        ]

    def __str__(self) -> str:
        return self.project.name


class ParkAgreement(models.Model):
    """Something signed about a park; its file is evidence. The two weights, if any, are the usual ratio of splits.

    Invariants: a term does not end before it begins; both weights or neither; an agreement is superseded by one other
    of the same park. A sharing agreement is text here; its rule comes with the sharing room.
    """

    park = models.ForeignKey(Park, verbose_name=_("园区"), on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(_("协议类别"), max_length=10, choices=AgreementKind.choices)
    title = models.CharField(_("协议名称"), max_length=200)
    first_party = models.CharField(_("甲侧签署方"), max_length=200)
    second_party = models.CharField(_("乙侧签署方"), max_length=200)
    signed_on = models.DateField(_("签署日期"), null=True, blank=True)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    first_weight = models.DecimalField(_("甲侧比例"), max_digits=7, decimal_places=3, null=True, blank=True)
    second_weight = models.DecimalField(_("乙侧比例"), max_digits=7, decimal_places=3, null=True, blank=True)
    terms = models.TextField(_("主要约定"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("取代的协议"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("园区协议")
        verbose_name_plural = _("园区协议")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=_TERM, name="park_agreement_term"),
            models.CheckConstraint(
                condition=models.Q(first_weight=None, second_weight=None)
                | (
                    models.Q(first_weight__gte=0, second_weight__gte=0)
                    & (models.Q(first_weight__gt=0) | models.Q(second_weight__gt=0))
                ),
                name="park_agreement_ratio",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def weights(self) -> tuple[Decimal, Decimal] | None:
        """The usual ratio, first to second."""
        if self.first_weight is None or self.second_weight is None:
            return None
        return self.first_weight, self.second_weight
