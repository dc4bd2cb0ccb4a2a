"""A dated node of a project, and what waits for what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.clock import today
from duikou.projects.models import Project
from duikou.schedule import rules
from duikou.schedule.states import SHOWN, DoneAs, MilestoneKind, Side, Standing


class Milestone(models.Model):
    """One node: planned, promised in a baseline, expected by now, done.

    Invariants: a title stands once in a project (`near_key`), start and finish once each; a planned or a done day is
    known; `expected_on` follows from the project's network (`rules.schedule`) and is written with every change;
    the planned day of a start or finish is the project's own (docs/decisions/milestones.md).
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    kind = models.CharField(_("类型"), max_length=6, choices=MilestoneKind.choices, default=MilestoneKind.NODE.value)
    title = models.CharField(_("里程碑"), max_length=100)
    near_key = models.CharField(_("比较用名称"), max_length=100)
    planned_on = models.DateField(_("计划日期"), null=True, blank=True)
    forecast_on = models.DateField(_("预计日期"), null=True, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_as = models.CharField(_("完成日期的精度"), max_length=4, choices=DoneAs.choices, default=DoneAs.DAY.value)
    baseline_on = models.DateField(_("基线日期"), null=True, blank=True)
    expected_on = models.DateField(_("推算日期"))
    side = models.CharField(_("责任方"), max_length=6, choices=Side.choices, default=Side.NONE.value)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    weight = models.PositiveSmallIntegerField(_("权重（百分数）"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    waits_for = models.DateField(_("已列入待办的日期"), null=True, blank=True)
    """The planned day for which somebody has been given this to do."""
    version = models.PositiveIntegerField(_("版次"), default=1)
    created_at = models.DateTimeField(_("登记时间"))
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("里程碑")
        verbose_name_plural = _("里程碑")
        ordering = ["expected_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "near_key"], name="milestone_title_once"),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=models.Q(kind__in=["start", "finish"]),
                name="milestone_start_and_finish_once",
            ),
            models.CheckConstraint(
                condition=models.Q(planned_on__isnull=False) | models.Q(done_on__isnull=False),
                name="milestone_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__gte=1, weight__lte=100),
                name="milestone_weight_in_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "expected_on"], name="milestone_of_project"),
            models.Index(fields=["expected_on", "id"], name="milestone_by_day"),
            models.Index(fields=["planned_on", "id"], name="milestone_open", condition=models.Q(done_on=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """The title in the reader's language, where it is one that every project has."""
        known = SHOWN.get(self.title)
        return str(known) if known is not None else self.title

    @property
    def expected_words(self) -> str:
        """The expected or done day as it is known: a source that says only the year gives no day."""
        if self.done_on is None or self.done_as == DoneAs.DAY:
            return self.expected_on.isoformat()
        if self.done_as == DoneAs.YEAR:
            return _t("不晚于%(year)d年") % {"year": self.done_on.year}
        return _t("不晚于%(day)s") % {"day": self.done_on.isoformat()}

    @property
    def slip(self) -> int | None:
        """Days past the baseline; None without one."""
        return rules.slip(self.expected_on, self.baseline_on)

    @property
    def standing(self) -> Standing:
        """How it stands today."""
        return Standing(
            rules.standing(
                planned=self.planned_on,
                expected=self.expected_on,
                baseline=self.baseline_on,
                done=self.done_on,
                today=today(),
            )
        )


class MilestoneLink(models.Model):
    """`after` comes no earlier than `lag` days after `before`: in one project, or in its parent or one of its parts."""

    before = models.ForeignKey(
        Milestone, verbose_name=_("前置里程碑"), on_delete=models.CASCADE, related_name="links_out", db_index=False
    )
    after = models.ForeignKey(
        Milestone, verbose_name=_("后置里程碑"), on_delete=models.CASCADE, related_name="links_in"
    )
    lag = models.PositiveSmallIntegerField(_("间隔天数"), default=0)

    class Meta:
        verbose_name = _("里程碑关联")
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="milestone_link_once"),
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="milestone_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"
