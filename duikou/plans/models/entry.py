"""One promise of a plan, who keeps it on each side, and with what money."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.money import BOUND_LABELS, Bound, MoneyField
from duikou.plans.models.plan import Plan, PlanVersion
from duikou.plans.models.section import PlanSection
from duikou.plans.states import EntryState, MoneySource, Side
from duikou.programme.models import Clause, Indicator


class PlanEntry(models.Model):
    """One promise: clauses, measure, target, two lists of responsible units, dates, money.

    `uid` stays the same through the versions of a plan; what points at a promise from outside its version (a lower
    plan's entry, next year's entry, a project) points at plan and uid.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4)
    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="entries")
    section = models.ForeignKey(
        PlanSection,
        verbose_name=_("所属章节"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="entries",
    )
    order = models.PositiveIntegerField(_("次序"))
    title = models.CharField(_("事项"), max_length=200)
    measure = models.TextField(_("具体举措"), blank=True)
    clauses = models.ManyToManyField(Clause, verbose_name=_("对应条款"), related_name="+")
    target = models.CharField(_("目标"), max_length=500, blank=True)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指标"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target_value = models.DecimalField(_("目标值"), max_digits=20, decimal_places=4, null=True, blank=True)
    target_unit = models.CharField(_("目标单位"), max_length=20, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    parent_plan = models.ForeignKey(
        Plan, verbose_name=_("分解自计划"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    parent_uid = models.UUIDField(_("分解自事项"), null=True, blank=True)
    carried_plan = models.ForeignKey(
        Plan, verbose_name=_("结转自计划"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_uid = models.UUIDField(_("结转自事项"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("计划事项")
        verbose_name_plural = _("计划事项")
        ordering = ["version", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "uid"], name="plan_entry_once"),
            models.CheckConstraint(
                condition=models.Q(parent_plan=None, parent_uid=None)
                | models.Q(parent_plan__isnull=False, parent_uid__isnull=False),
                name="plan_entry_parent_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(carried_plan=None, carried_uid=None)
                | models.Q(carried_plan__isnull=False, carried_uid__isnull=False),
                name="plan_entry_carried_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["parent_plan", "parent_uid"], name="plan_entry_parent"),
            models.Index(fields=["carried_plan", "carried_uid"], name="plan_entry_carried"),
            models.Index(fields=["uid"], name="plan_entry_uid"),
        ]

    def __str__(self) -> str:
        return self.title


class EntryUnit(models.Model):
    """A responsible unit of one side; an organisation of the platform, or only a name as the plan writes it."""

    entry = models.ForeignKey(PlanEntry, verbose_name=_("事项"), on_delete=models.CASCADE, related_name="units")
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("名称"), max_length=200)
    is_lead = models.BooleanField(_("牵头"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("责任单位")
        verbose_name_plural = _("责任单位")
        ordering = ["entry", "side", "-is_lead", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "side", "name"], name="plan_unit_once"),
            models.UniqueConstraint(
                fields=["entry", "side"], condition=models.Q(is_lead=True), name="plan_unit_one_lead"
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="plan_unit_organisation")]

    def __str__(self) -> str:
        return self.name


class EntryMoney(models.Model):
    """Money of one source for an entry, exact to the 分."""

    entry = models.ForeignKey(PlanEntry, verbose_name=_("事项"), on_delete=models.CASCADE, related_name="money")
    source = models.CharField(_("资金来源"), max_length=8, choices=MoneySource.choices)
    side = models.CharField(_("出资方"), max_length=6, choices=Side.choices, blank=True)
    amount = MoneyField(_("金额"))
    bound = models.CharField(
        _("口径"),
        max_length=8,
        choices=[(b.value, label) for b, label in BOUND_LABELS.items()],
        default=Bound.EXACT.value,
    )

    class Meta:
        verbose_name = _("事项资金")
        verbose_name_plural = _("事项资金")
        ordering = ["entry", "source", "side"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "source", "side"], name="plan_money_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="plan_money_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount}"


class EntryProgress(models.Model):
    """How far a promise of a plan is; it belongs to the doing, not to the signed text, and outlives amendments."""

    plan = models.ForeignKey(Plan, verbose_name=_("计划"), on_delete=models.PROTECT, related_name="progress")
    entry_uid = models.UUIDField(_("事项"))
    state = models.CharField(_("进展"), max_length=10, choices=EntryState.choices, default=EntryState.PENDING)
    state_before = models.CharField(_("结转前的进展"), max_length=10, choices=EntryState.choices, blank=True)
    note = models.CharField(_("进展说明"), max_length=1000, blank=True)
    value = models.DecimalField(_("完成值"), max_digits=20, decimal_places=4, null=True, blank=True)
    on = models.DateField(_("进展日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版次"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)

    class Meta:
        verbose_name = _("事项进展")
        verbose_name_plural = _("事项进展")
        constraints = [models.UniqueConstraint(fields=["plan", "entry_uid"], name="plan_progress_once")]

    def __str__(self) -> str:
        return f"{self.entry_uid} {self.state}"


class UnitTask(models.Model):
    """What one unit does for a promise in force: the last step of plan → annual entry → unit's task."""

    plan = models.ForeignKey(Plan, verbose_name=_("计划"), on_delete=models.PROTECT, related_name="tasks")
    entry_uid = models.UUIDField(_("事项"))
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices)
    title = models.CharField(_("任务"), max_length=200)
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    state = models.CharField(_("进展"), max_length=10, choices=EntryState.choices, default=EntryState.PENDING)
    state_note = models.CharField(_("进展说明"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(_("版次"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("单位任务")
        verbose_name_plural = _("单位任务")
        ordering = ["plan", "entry_uid", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "entry_uid", "organisation", "title"], name="plan_unit_task_once")
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="plan_unit_task_of")]

    def __str__(self) -> str:
        return self.title
