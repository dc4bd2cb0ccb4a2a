"""Alarms of projects, the parameters they are judged by, and what is remembered of a project to judge it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.money import MoneyField
from duikou.programme.models import Programme
from duikou.progress.rules.alarms import NAMES, Thresholds
from duikou.progress.states import (
    ALARM_CHOICES,
    ALARM_LABELS,
    ALARM_TONES,
    COLOUR_CHOICES,
    COLOUR_LABELS,
    COLOUR_TONES,
    KIND_CHOICES,
    KIND_LABELS,
    STAGE_LABELS,
    VALUE_TEXTS,
    AlarmState,
)
from duikou.projects.models import Project, Side

_CLOSED = AlarmState.CLOSED.value


class AlarmRule(models.Model):
    """One version of a programme's parameters, in force from `valid_from` on; rows are only added.

    Without a row the defaults of `rules.alarms.Thresholds` hold, an example that is no official figure.
    """

    programme = models.ForeignKey(
        Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(_("版次"))
    valid_from = models.DateField(_("生效日期"))
    values = models.JSONField(_("参数"))
    reason = models.CharField(_("设定理由"), max_length=500)
    set_by = models.CharField(_("设定人"), max_length=150)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        verbose_name = _("预警参数")
        verbose_name_plural = _("预警参数")
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="alarm_rule_version_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"

    @property
    def thresholds(self) -> Thresholds:
        """The parameters; one that an older version did not know has its default."""
        known = {name: Decimal(self.values[name]) for name in NAMES if name in self.values}
        return replace(Thresholds(), **known)


class AlarmStanding(models.Model):
    """What the judge remembers of one project: the most that was ever planned and signed, what it could not judge.

    `unjudged` maps kinds to what is missing. Whoever raises or closes an alarm of the project locks this row first.
    """

    project = models.OneToOneField(
        Project, verbose_name=_("项目"), primary_key=True, on_delete=models.PROTECT, related_name="alarm_standing"
    )
    most_planned = MoneyField(_("计划投资最高值"), null=True)
    most_signed = MoneyField(_("签约金额最高值"), null=True)
    unjudged = models.JSONField(_("无法判断的预警"), default=dict)
    has_unjudged = models.BooleanField(_("有无法判断的预警"), default=False)
    is_watched = models.BooleanField(_("重点监测"), default=False)
    judged_on = models.DateField(_("判断日期"))

    class Meta:
        verbose_name = _("预警判断")
        verbose_name_plural = _("预警判断")
        indexes = [
            models.Index(fields=["project"], name="alarm_unjudged", condition=models.Q(has_unjudged=True)),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.judged_on}"


class Alarm(models.Model):
    """One occasion on which the figures gave one of the five alarms: raised → acknowledged → explained → closed.

    Invariants: of a project and kind one is open at most; closed by decision needs a reason; the colour only worsens.
    `is_given`: whether the figures gave it when last judged. `figures`: what it was judged from when it was raised.
    `revision` is what somebody who acts must have seen.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="alarms", db_index=False
    )
    kind = models.CharField(_("预警类别"), max_length=12, choices=KIND_CHOICES)
    colour = models.CharField(_("颜色"), max_length=6, choices=COLOUR_CHOICES)
    state = models.CharField(_("状态"), max_length=12, choices=ALARM_CHOICES, default=AlarmState.RAISED.value)
    is_given = models.BooleanField(_("数据仍触发"), default=True)
    is_watched = models.BooleanField(_("重点监测"), default=False)
    value = models.DecimalField(_("程度"), max_digits=12, decimal_places=1)
    figures = models.JSONField(_("判断依据"), default=dict)
    side = models.CharField(_("办理一侧"), max_length=6, choices=Side.choices, default=Side.FIRST.value)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    raised_on = models.DateField(_("预警日期"))
    ack_due = models.DateField(_("签收期限"))
    explain_due = models.DateField(_("说明期限"))
    stage = models.PositiveSmallIntegerField(_("升级"), default=0, choices=list(STAGE_LABELS.items()))
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=150, blank=True)
    explained_at = models.DateTimeField(_("说明时间"), null=True)
    explained_by = models.CharField(_("说明人"), max_length=150, blank=True)
    explanation = models.CharField(_("原因说明"), max_length=1000, blank=True)
    measure = models.CharField(_("整改措施"), max_length=1000, blank=True)
    promised_on = models.DateField(_("承诺完成日期"), null=True, blank=True)
    office_note = models.CharField(_("退回或销号意见"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True)
    closed_by = models.CharField(_("销号人"), max_length=150, blank=True)
    is_decision = models.BooleanField(_("按决定销号"), default=False)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("预警")
        verbose_name_plural = _("预警")
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"], condition=~models.Q(state=_CLOSED), name="alarm_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(is_decision=False) | ~models.Q(office_note=""), name="alarm_decided_why"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "kind", "id"], name="alarm_of_project"),
            models.Index(fields=["raised_on", "id"], name="alarm_newest"),
            models.Index(fields=["colour", "raised_on"], name="alarm_open", condition=~models.Q(state=_CLOSED)),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} · {self.project.name}"[:300]

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.state != _CLOSED

    @property
    def kind_label(self) -> str:
        """Which of the five."""
        return str(KIND_LABELS[self.kind])

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(ALARM_LABELS[AlarmState(self.state)])

    @property
    def state_tone(self) -> str:
        """The tone of its badge."""
        return ALARM_TONES[AlarmState(self.state)]

    @property
    def colour_label(self) -> str:
        """The colour in words."""
        return str(COLOUR_LABELS[self.colour])

    @property
    def colour_tone(self) -> str:
        """The tone of the colour's badge."""
        return COLOUR_TONES[self.colour]

    @property
    def stage_label(self) -> str:
        """How high it has risen."""
        return str(STAGE_LABELS[self.stage])

    @property
    def value_text(self) -> str:
        """How bad it is, in words."""
        return value_words(self.kind, self.value)


def value_words(kind: str, value: Decimal | None) -> str:
    """A figure of one of the five, in words; whole numbers without a fraction."""
    if value is None:
        return ""
    plain = int(value) if value == int(value) else value
    return gettext(VALUE_TEXTS[kind]) % {"n": plain}
