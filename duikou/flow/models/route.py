"""What goes through a route: the run, its steps as they were opened, and what was done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Organisation
from duikou.flow.models.delegation import Delegation
from duikou.flow.rules import Answer, Definition, answer_of
from duikou.flow.states import Party, RunState, StepState, Verb
from duikou.kernel.clock import SHANGHAI, today
from duikou.programme.models import Programme, Region, Route
from duikou.programme.models.localised import in_language
from duikou.records.models import AppendOnly
from duikou.records.models.appendonly import AppendOnlyQuerySet

LIVE = (StepState.OPEN, StepState.DONE, StepState.SKIPPED)
"""States in which a step counts; the others are history."""


class RouteRun(models.Model):
    """One subject on its way through one route.

    Invariants: a subject has one running run at most; `definition` is the route's as it was at the start, whatever
    editions follow; every act raises `revision` first, which is the queue of those who act at once.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(Route, verbose_name=_("办理流程"), on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(_("方案版本"), max_length=20)
    definition = models.JSONField(_("环节"))
    subject_kind = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    subject_label = models.CharField(_("对象名称"), max_length=300)
    first_region = models.ForeignKey(
        Region, verbose_name=_("甲侧地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_region = models.ForeignKey(
        Region, verbose_name=_("乙侧地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(_("内容摘要"), max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    stage = models.PositiveSmallIntegerField(_("阶段"), default=0)
    revision = models.PositiveIntegerField(_("修改序号"), default=0)
    started_at = models.DateTimeField(_("送签时间"))
    started_by = models.ForeignKey(
        Account, verbose_name=_("送签人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starter_name = models.CharField(_("送签人姓名"), max_length=150)
    starter_organisation = models.ForeignKey(
        Organisation, verbose_name=_("送签单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starter_region_path = models.CharField(_("送签地区路径"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("会签办理")
        verbose_name_plural = _("会签办理")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state=RunState.RUNNING),
                name="route_run_one_running",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RunState.RUNNING, ended_at=None)
                | (~models.Q(state=RunState.RUNNING) & models.Q(ended_at__isnull=False)),
                name="route_run_ended_says_when",
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-id"], name="route_run_subject")]

    def __str__(self) -> str:
        return self.subject_label

    @property
    def rules(self) -> Definition:
        """The definition it began with, read."""
        return Definition.read(self.definition)

    def given(self) -> dict[str, Answer]:
        """What the steps that count were told on their asking, by code (one query)."""
        acts = self.acts.filter(step__state=StepState.DONE).order_by("id")
        return {one["code"]: answer_of(one["type"], one["value"]) for act in acts for one in act.given}

    def region_of(self, party: str) -> Region | None:
        """The region that stands for a party; None for the nation."""
        return {Party.FIRST.value: self.first_region, Party.SECOND.value: self.second_region}.get(party)


class RouteStep(models.Model):
    """A step as it was opened for somebody; when it must be done again, that is another row.

    Invariants: of every step of a run one row at most counts (is open, done or skipped); what was done says by whom,
    when, and on what content; rows are never deleted.
    """

    run = models.ForeignKey(RouteRun, verbose_name=_("会签办理"), on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(_("环节代码"), max_length=60)
    title = models.CharField(_("环节"), max_length=80)
    title_en = models.CharField(_("环节(英文)"), max_length=120)
    stage = models.PositiveSmallIntegerField(_("阶段"))
    party = models.CharField(_("哪一方"), max_length=6, choices=Party.choices)
    role = models.CharField(_("岗位"), max_length=20)
    region_path = models.CharField(_("地区路径"), max_length=40, blank=True)
    act = models.CharField(_("办理方式"), max_length=8, choices=Verb.choices)
    state = models.CharField(_("状态"), max_length=8, choices=StepState.choices, default=StepState.OPEN)
    opened_at = models.DateTimeField(_("开始时间"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    remind_on = models.DateField(_("提醒日期"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("逾期上报时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    account = models.ForeignKey(
        Account, verbose_name=_("办理人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        Account, verbose_name=_("委托人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_to = models.CharField(_("退回至"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("会签环节")
        verbose_name_plural = _("会签环节")
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "code"],
                condition=models.Q(state__in=[state.value for state in LIVE]),
                name="route_step_counts_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=StepState.DONE) | models.Q(done_at__isnull=False, account__isnull=False),
                name="route_step_done_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(state=StepState.OPEN), name="route_step_due"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def is_late(self) -> bool:
        """Whether it still waits after its day, or was done after it."""
        if self.due_on is None or self.state not in (StepState.OPEN, StepState.DONE):
            return False
        day = today() if self.done_at is None else self.done_at.astimezone(SHANGHAI).date()
        return self.due_on < day


class RouteAct(AppendOnly):
    """What one person did to a run; never changed, never deleted.

    `name` and `on_behalf_of_name` are as they were then ("李某代王某"); `seen` is the digest of what was shown.
    """

    run = models.ForeignKey(RouteRun, verbose_name=_("会签办理"), on_delete=models.PROTECT, related_name="acts")
    step = models.ForeignKey(
        RouteStep, verbose_name=_("会签环节"), null=True, blank=True, on_delete=models.PROTECT, related_name="acts"
    )
    verb = models.CharField(_("动作"), max_length=8, choices=Verb.choices)
    at = models.DateTimeField(_("时间"))
    account = models.ForeignKey(
        Account, verbose_name=_("办理人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=150)
    role = models.CharField(_("岗位"), max_length=20)
    organisation_name = models.CharField(_("主体名称"), max_length=200, blank=True)
    delegation = models.ForeignKey(
        Delegation, verbose_name=_("委托"), null=True, blank=True, on_delete=models.PROTECT, related_name="acts"
    )
    on_behalf_of_name = models.CharField(_("委托人姓名"), max_length=150, blank=True)
    seen = models.CharField(_("所见内容摘要"), max_length=64)
    note = models.CharField(_("意见"), max_length=1000, blank=True)
    to = models.CharField(_("退回至"), max_length=60, blank=True)
    consent_name = models.CharField(_("同意人姓名"), max_length=60, blank=True)
    consent_post = models.CharField(_("同意人职务"), max_length=100, blank=True)
    consent_on = models.DateField(_("同意日期"), null=True, blank=True)
    given = models.JSONField(_("填报内容"), default=list)
    """What the step asked for: [{"code", "label", "label_en", "type", "value"}], of a choice also its words."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("会签记录")
        verbose_name_plural = _("会签记录")
        ordering = ["run", "id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.name}"

    @property
    def answers(self) -> list[tuple[str, Answer]]:
        """What it asked for with its answer, in the reader's language."""
        return [
            (
                in_language(one["label"], one["label_en"]),
                in_language(one["text"], one["text_en"]) if "text" in one else answer_of(one["type"], one["value"]),
            )
            for one in self.given
        ]
