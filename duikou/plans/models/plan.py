"""A plan that two governments write together, and its versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.plans.states import STATE_CHOICES, STATE_LABELS, PlanKind, VersionState
from duikou.programme.models import Clause, Pairing, Programme


class Plan(models.Model):
    """One plan of one pairing over one period; what it says stands in its versions (clause 4.2).

    Invariants: the period runs forward; an annual plan and a summary name their year; a special plan names its field.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(_("计划类别"), max_length=8, choices=PlanKind.choices)
    title = models.CharField(_("标题"), max_length=200)
    field = models.ForeignKey(
        Clause, verbose_name=_("合作领域"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("截止日期"))
    parent = models.ForeignKey(
        "self", verbose_name=_("上级计划"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("计划")
        verbose_name_plural = _("计划")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="plan_period_forward"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=(PlanKind.ANNUAL, PlanKind.SUMMARY)) | models.Q(year__isnull=False),
                name="plan_yearly_names_year",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=PlanKind.SPECIAL) | models.Q(field__isnull=False),
                name="plan_special_names_field",
            ),
            models.UniqueConstraint(
                fields=["pairing", "kind", "year"],
                condition=models.Q(kind__in=(PlanKind.ANNUAL, PlanKind.SUMMARY)),
                name="plan_yearly_once",
            ),
        ]
        indexes = [models.Index(fields=["programme", "pairing", "-id"], name="plan_of_pairing")]

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """One version of a plan's whole content: a draft both sides write, or a text that both signed.

    Invariants: one open version (before `in_force`) and one `in_force` per plan; from signing on the content never
    changes and `digest` is the SHA-256 of its canonical form; an amendment is a new version made from the last.
    `revision` grows with every saved change of any part, so that a reader knows whether a copy is stale.
    """

    plan = models.ForeignKey(Plan, verbose_name=_("计划"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版次"))
    state = models.CharField(_("状态"), max_length=10, choices=STATE_CHOICES, default=VersionState.DRAFT.value)
    based_on = models.ForeignKey(
        "self", verbose_name=_("修订自"), null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    amendment_reason = models.CharField(_("修订理由"), max_length=1000, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=0)
    unserved = models.JSONField(_("未涉及任务的理由"), default=dict, blank=True)
    """Why a task of the instrument is not served: {clause code: reason}."""
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    sealed = models.TextField(_("签署文本"), blank=True)
    """The canonical form as it was signed: what `digest` is the digest of."""
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    document_date = models.DateField(_("成文日期"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("送签时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    filed_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    issued_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    in_force_on = models.DateField(_("施行日期"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("计划版本")
        verbose_name_plural = _("计划版本")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state__in=("draft", "in_cosign", "signed", "filed", "issued")),
                name="plan_one_open_version",
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="in_force"), name="plan_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("signed", "filed", "issued", "in_force", "superseded", "returned"))
                | ~models.Q(digest=""),
                name="plan_signed_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s（第%(number)s版）") % {"title": self.plan.title, "number": self.number}

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(STATE_LABELS[VersionState(self.state)])
