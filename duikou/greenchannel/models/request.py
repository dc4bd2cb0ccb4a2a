"""Something that stands in a project's way, and everything that happened to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Organisation
from duikou.greenchannel.rules.figures import number_of
from duikou.greenchannel.states import (
    LIVE,
    PAUSED,
    RUNNING,
    STATE_CHOICES,
    STATE_LABELS,
    Basis,
    RequestState,
    Side,
    StepKind,
)
from duikou.kernel.clock import today
from duikou.kernel.fields import EncryptedTextField, mask
from duikou.programme.models import BlockerKind, Programme, Region
from duikou.projects.models import Project


class GreenChannelRequest(models.Model):
    """A blocker of one project, with a named owner and a clock in working days (绿色通道, clause 4.5).

    Invariants: somebody owns it from the first moment (`owner_name` is never empty); it is solved only by its asker's
    agreement; the clock stands only while it waits for the asker (`paused_on`); what ended says when. `revision` is
    what somebody who acts must have seen; `turn` counts whose turn it was and names its waiting item. `clock_days` are
    the working days that the clock ran until it was solved, `whole_days` all of them, pauses included.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True)
    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(BlockerKind, verbose_name=_("类别"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("需要解决什么"), max_length=100)
    needed = models.TextField(_("具体说明"), blank=True)
    wanted_on = models.DateField(_("希望解决日期"))
    side = models.CharField(_("须由哪一侧解决"), max_length=6, choices=Side.choices)
    region = models.ForeignKey(Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年份"))

    asker = models.ForeignKey(Account, verbose_name=_("提出人"), null=True, on_delete=models.PROTECT, related_name="+")
    asker_name = models.CharField(_("提出人姓名"), max_length=150)
    asker_organisation = models.ForeignKey(
        Organisation, verbose_name=_("提出单位"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_name = EncryptedTextField(_("联系人"), blank=True)
    contact_phone = EncryptedTextField(_("联系电话"), blank=True)

    owner = models.ForeignKey(
        Account, verbose_name=_("责任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_organisation = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(_("责任人名称"), max_length=300)
    basis = models.CharField(_("确定依据"), max_length=10, choices=Basis.choices)

    state = models.CharField(_("状态"), max_length=10, choices=STATE_CHOICES, default=RequestState.RAISED.value)
    round = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    turn = models.PositiveIntegerField(_("轮次"), default=1)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    term = models.PositiveSmallIntegerField(_("期限（工作日）"))
    started_on = models.DateField(_("起算日期"))
    due_on = models.DateField(_("办理期限"))
    paused_on = models.DateField(_("暂停日期"), null=True, blank=True)
    late_on = models.DateField(_("逾期日期"), null=True, blank=True)
    """The due day that passed while the clock ran; stays when it is solved late."""
    reminded_for = models.DateField(_("已提醒的期限"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("提请负责人督办时间"), null=True, blank=True)
    escalated_both_at = models.DateTimeField(_("提请双方督办时间"), null=True, blank=True)
    asker_reminded_on = models.DateField(_("上次提醒提出方"), null=True, blank=True)
    solution = models.TextField(_("解决方案"), blank=True)
    proposed_by = models.ForeignKey(
        Account, verbose_name=_("提出方案的人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(_("提出时间"))
    changed_at = models.DateTimeField(_("修改时间"))
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    clock_days = models.PositiveIntegerField(_("办理用时（工作日）"), null=True, blank=True)
    whole_days = models.PositiveIntegerField(_("全程用时（工作日）"), null=True, blank=True)

    audit_masked: ClassVar[frozenset[str]] = frozenset({"contact_name", "contact_phone"})

    class Meta:
        verbose_name = _("绿色通道诉求")
        verbose_name_plural = _("绿色通道诉求")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(owner_name=""), name="green_owner_named"),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE, ended_at=None)
                | models.Q(state__in=("solved", "withdrawn"), ended_at__isnull=False),
                name="green_ended_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PAUSED, paused_on__isnull=False)
                | (~models.Q(state__in=PAUSED) & models.Q(paused_on=None)),
                name="green_pause_waits_for_asker",
            ),
            models.CheckConstraint(
                condition=models.Q(state="solved", clock_days__isnull=False)
                | (~models.Q(state="solved") & models.Q(clock_days=None)),
                name="green_solved_says_days",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state"], name="green_of_project"),
            models.Index(fields=["state", "due_on"], name="green_due"),
            models.Index(fields=["owner_organisation", "state"], name="green_of_owner"),
            models.Index(fields=["asker_organisation", "state"], name="green_of_asker"),
            models.Index(fields=["region", "kind", "clock_days"], name="green_figures"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.pk else self.title

    @property
    def number(self) -> str:
        """The platform's own number, for talking about it; permanent."""
        return number_of(self.pk)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(STATE_LABELS[RequestState(self.state)])

    @property
    def is_live(self) -> bool:
        """Whether it still waits for somebody."""
        return self.state in LIVE

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands."""
        return self.state in PAUSED

    @property
    def is_overdue(self) -> bool:
        """Whether the clock ran beyond its term and it is not solved yet; a pause does not heal it."""
        return self.state in LIVE and (self.late_on is not None or (self.state in RUNNING and self.due_on < today()))

    @property
    def masked_contact(self) -> str:
        """Surname and the ends of the number; empty where none was given."""
        name, phone = mask(str(self.contact_name or "")), str(self.contact_phone or "")
        shown = mask(phone, keep_start=3, keep_end=2) if len(phone) >= 9 else mask(phone)
        return " ".join(text for text in (name, shown) if text)


class RequestStep(models.Model):
    """One visible step of a request: who did what when, in their words; never changed."""

    request = models.ForeignKey(
        GreenChannelRequest, verbose_name=_("诉求"), on_delete=models.CASCADE, related_name="steps"
    )
    kind = models.CharField(_("步骤"), max_length=16, choices=StepKind.choices)
    at = models.DateTimeField(_("时间"))
    account = models.ForeignKey(
        Account, verbose_name=_("经办人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.CharField(_("经办人姓名"), max_length=300)
    text = models.TextField(_("说明"), blank=True)
    owner_name = models.CharField(_("责任人名称"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("办理步骤")
        verbose_name_plural = _("办理步骤")
        ordering = ["request", "id"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RequestPause(models.Model):
    """A stretch in which the clock stood because it waited for the asker."""

    request = models.ForeignKey(
        GreenChannelRequest, verbose_name=_("诉求"), on_delete=models.CASCADE, related_name="pauses"
    )
    began_on = models.DateField(_("暂停日期"))
    ended_on = models.DateField(_("恢复日期"))

    class Meta:
        verbose_name = _("计时暂停")
        verbose_name_plural = _("计时暂停")
        ordering = ["request", "began_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ended_on__gte=models.F("began_on")), name="green_pause_forward")
        ]

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """As the clock reckons it."""
        return self.began_on, self.ended_on
