"""One thing that two sides do together."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from duikou.kernel.money import BOUND_LABELS, Bound, MoneyField
from duikou.programme.models import Clause, Industry, Pairing, Programme, ProjectKind, Region
from duikou.projects.states import STATE_CHOICES, STATE_LABELS, Opinion, ProjectState, Side, Visibility

BOUND_CHOICES = [(bound.value, label) for bound, label in BOUND_LABELS.items()]


def _never_null(field: str, stand_in: int) -> models.GeneratedField:
    """`field` with unknown as `stand_in`, kept by the database: one index serves both directions of a keyset walk."""
    return models.GeneratedField(
        expression=Coalesce(
            models.F(field),
            models.Value(stand_in, output_field=models.BigIntegerField()),
            output_field=models.BigIntegerField(),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )


class Project(models.Model):
    """A project of any kind; both sides report one row, and it counts once.

    Invariants: amounts are NULL when unknown, never 0 in its place; signed and completed money are separate columns;
    the regions lie inside the sides of the pairing; a row merged into another is shown, listed and counted nowhere.
    Only services write here: they keep the summaries and the trail in the same transaction.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, db_index=False)
    name = models.CharField(_("项目名称"), max_length=200)
    near_key = models.CharField(_("比较用名称"), max_length=200)
    search_text = models.TextField(_("检索文本"), blank=True)
    kind = models.ForeignKey(
        ProjectKind, verbose_name=_("项目类别"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, db_index=False)
    first_region = models.ForeignKey(
        Region, verbose_name=_("甲侧地区"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    second_region = models.ForeignKey(
        Region,
        verbose_name=_("乙侧地区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    clause = models.ForeignKey(
        Clause, verbose_name=_("任务条款"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    further_clauses = models.ManyToManyField(
        Clause, verbose_name=_("其他相关条款"), through="projects.ProjectClause", related_name="+"
    )
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("行业"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(_("状态"), max_length=14, choices=STATE_CHOICES, default=ProjectState.LEAD.value)
    state_before_suspension = models.CharField(_("暂停前状态"), max_length=14, blank=True)
    state_wording = models.CharField(_("状态原文"), max_length=100, blank=True)
    state_as_of = models.DateField(_("状态日期"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True)
    planned_start = models.DateField(_("计划开工日期"), null=True, blank=True)
    planned_finish = models.DateField(_("计划完工日期"), null=True, blank=True)
    planned_amount = MoneyField(_("计划投资"), null=True, blank=True)
    planned_bound = models.CharField(_("计划投资口径"), max_length=8, choices=BOUND_CHOICES, default=Bound.EXACT.value)
    signed_amount = MoneyField(_("签约金额"), null=True, blank=True)
    signed_bound = models.CharField(_("签约金额口径"), max_length=8, choices=BOUND_CHOICES, default=Bound.EXACT.value)
    completed_amount = MoneyField(_("完成投资"), null=True, blank=True)
    completed_bound = models.CharField(
        _("完成投资口径"), max_length=8, choices=BOUND_CHOICES, default=Bound.EXACT.value
    )
    year_sort = _never_null("year", 0)
    planned_sort = _never_null("planned_amount", -1)
    signed_sort = _never_null("signed_amount", -1)
    completed_sort = _never_null("completed_amount", -1)
    description = models.TextField(_("说明"), blank=True)
    extra = models.JSONField(_("专有字段"), default=dict, blank=True)
    project_code = models.CharField(_("项目代码"), max_length=24, blank=True)
    visibility = models.CharField(
        _("可见范围"), max_length=8, choices=Visibility.choices, default=Visibility.PAIRING.value
    )
    source_name = models.CharField(_("来源"), max_length=200, blank=True)
    source_url = models.URLField(_("来源网址"), max_length=500, blank=True)
    source_note = models.CharField(_("来源备注"), max_length=1000, blank=True)
    reported_by_first_at = models.DateTimeField(_("甲侧填报时间"), null=True, blank=True)
    reported_by_second_at = models.DateTimeField(_("乙侧填报时间"), null=True, blank=True)
    opinion = models.CharField(_("对方意见"), max_length=10, choices=Opinion.choices, default=Opinion.PENDING.value)
    opinion_note = models.CharField(_("对方意见说明"), max_length=1000, blank=True)
    opinion_by = models.CharField(_("意见方"), max_length=6, choices=Side.choices, blank=True)
    contested = models.CharField(_("双方说法不一的数据"), max_length=200, blank=True, default="", db_default="")
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("已并入"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        db_index=False,
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("所属项目"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        db_index=False,
    )
    version = models.PositiveIntegerField(_("版次"), default=1)
    created_at = models.DateTimeField(_("登记时间"))
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("合作项目")
        verbose_name_plural = _("合作项目")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_amount__isnull=True) | models.Q(planned_amount__gte=0),
                name="project_planned_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_amount__isnull=True) | models.Q(signed_amount__gte=0),
                name="project_signed_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(completed_amount__isnull=True) | models.Q(completed_amount__gte=0),
                name="project_completed_not_negative",
            ),
        ]
        indexes = [
            # one per offered sort, (programme, value, id): a page costs the same wherever it lies
            models.Index(fields=["programme", "id"], name="project_newest"),
            models.Index(fields=["programme", "year_sort", "id"], name="project_by_year"),
            models.Index(fields=["programme", "planned_sort", "id"], name="project_by_planned"),
            models.Index(fields=["programme", "signed_sort", "id"], name="project_by_signed"),
            models.Index(fields=["programme", "completed_sort", "id"], name="project_by_completed"),
            models.Index(fields=["programme", "updated_at", "id"], name="project_by_update"),
            models.Index(fields=["programme", "near_key", "id"], name="project_by_name"),
            # one per filter that is selective enough to start from; rows that do not say it are not in it
            models.Index(fields=["pairing", "clause", "state", "id"], name="project_cell"),
            models.Index(fields=["clause", "id"], name="project_clause"),
            models.Index(fields=["kind"], name="project_kind", condition=models.Q(kind__isnull=False)),
            models.Index(fields=["first_region", "id"], name="project_first_region"),
            models.Index(fields=["second_region", "id"], name="project_second_region"),
            models.Index(fields=["state", "id"], name="project_state"),
            models.Index(fields=["industry"], name="project_industry", condition=models.Q(industry__isnull=False)),
            models.Index(fields=["parent"], name="project_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["merged_into"], name="project_merged", condition=models.Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The platform's own number, for talking about it; permanent."""
        return f"XM{self.pk:06d}"

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(STATE_LABELS[ProjectState(self.state)])


class ProjectClause(models.Model):
    """A further clause that a project serves; totals know only the main one."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.CASCADE)
    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("项目相关条款")
        constraints = [models.UniqueConstraint(fields=["project", "clause"], name="project_clause_once")]
