"""A meeting or visit of one pairing, its agenda, who attended, and what it is about."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import SHANGHAI
from duikou.meetings.states import (
    MEETING_CHOICES,
    MEETING_LABELS,
    Host,
    Layer,
    MeetingKind,
    MeetingState,
    Seat,
)
from duikou.programme.models import Duty, Pairing, Programme


class Meeting(models.Model):
    """Two sides meet: when, where, on which layer, at whose invitation (clause 4.1).

    Invariants: it ends after it begins; a visit of whole days runs from midnight to midnight in Asia/Shanghai, the end
    not counted; what is postponed or cancelled says why. `revision` grows with every change of its facts and is what
    a saver must have seen; `sequence` grows only with what calendars must learn (RFC 5545). `uid` is for good.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True)
    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(_("类别"), max_length=12, choices=MeetingKind.choices)
    layer = models.CharField(_("层级"), max_length=12, choices=Layer.choices)
    title = models.CharField(_("标题"), max_length=200)
    host = models.CharField(_("主办方"), max_length=6, choices=Host.choices)
    all_day = models.BooleanField(_("全天"), default=False)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=200, blank=True)
    online_link = models.URLField(_("线上会议链接"), max_length=300, blank=True)
    duty = models.ForeignKey(
        Duty, verbose_name=_("完成的应办事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=MEETING_CHOICES, default=MeetingState.PLANNED.value)
    state_reason = models.CharField(_("推迟或取消的理由"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    sequence = models.PositiveIntegerField(_("日历序号"), default=0)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="meeting_runs_forward"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("postponed", "cancelled")) | ~models.Q(state_reason=""),
                name="meeting_put_off_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "starts_at"], name="meeting_of_pairing"),
            models.Index(fields=["starts_at"], name="meeting_when"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(MEETING_LABELS[MeetingState(self.state)])

    @property
    def first_day(self) -> dt.date:
        """The day it begins."""
        return self.starts_at.astimezone(SHANGHAI).date()

    @property
    def last_day(self) -> dt.date:
        """The last day that counts."""
        return (self.ends_at - dt.timedelta(microseconds=1)).astimezone(SHANGHAI).date()


class Attendee(models.Model):
    """Somebody at the table, or a number of people: named ones count one."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.CASCADE, related_name="attendees")
    seat = models.CharField(_("所属方"), max_length=6, choices=Seat.choices)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    post = models.CharField(_("职务"), max_length=100, blank=True)
    organisation = models.CharField(_("单位"), max_length=200, blank=True)
    count = models.PositiveSmallIntegerField(_("人数"), default=1)
    is_leader = models.BooleanField(_("带队"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("出席人员")
        verbose_name_plural = _("出席人员")
        ordering = ["meeting", "seat", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(~models.Q(name="") & models.Q(count=1)) | (models.Q(name="") & models.Q(count__gte=1)),
                name="attendee_named_counts_one",
            ),
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=models.Q(is_leader=True), name="attendee_one_leader"
            ),
            models.CheckConstraint(
                condition=models.Q(is_leader=False) | ~models.Q(name=""), name="attendee_leader_has_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.organisation} {self.count}"


class AgendaItem(models.Model):
    """One item of the agenda, in order; `action` is the open item of an earlier meeting that it takes up again."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("议题"), max_length=300)
    action = models.ForeignKey(
        "meetings.ActionItem",
        verbose_name=_("上次未办结事项"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )

    class Meta:
        verbose_name = _("议程")
        verbose_name_plural = _("议程")
        ordering = ["meeting", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "action"], condition=models.Q(action__isnull=False), name="agenda_action_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class MeetingLink(models.Model):
    """Something of another room that the meeting is about (a plan's entry), by reference."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("类别"), max_length=60)
    reference = models.CharField(_("编号"), max_length=100)
    label = models.CharField(_("名称"), max_length=300)

    class Meta:
        verbose_name = _("关联事项")
        verbose_name_plural = _("关联事项")
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "reference"], name="meeting_link_once"),
        ]

    def __str__(self) -> str:
        return self.label
