"""What was decided, as something that waits until it is done."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import today
from duikou.meetings.models.meeting import Meeting
from duikou.meetings.models.minutes import Owned
from duikou.meetings.states import ACTION_CHOICES, ACTION_LABELS, ActionState, Side
from duikou.programme.models import Pairing


class ActionItem(Owned):
    """A decision of signed minutes on its way: open → reported done → closed by the side that gave it, or dropped.

    Invariants: one per decision (`uid`); the side that gave it is not the side that owes it; what is reported says
    how, what is dropped says why. `round` counts how often it was (re)opened and names the occasion of its waiting
    item; `revision` is what somebody who acts must have seen.
    """

    uid = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True)
    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="actions")
    pairing = models.ForeignKey(Pairing, verbose_name=_("对口关系"), on_delete=models.PROTECT, related_name="+")
    given_side = models.CharField(_("交办方"), max_length=6, choices=Side.choices)
    state = models.CharField(_("状态"), max_length=8, choices=ACTION_CHOICES, default=ActionState.OPEN.value)
    report = models.CharField(_("办理结果"), max_length=1000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    note = models.CharField(_("确认意见"), max_length=1000, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    ended_by = models.CharField(_("办结人"), max_length=150, blank=True)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    told_due = models.DateField(_("已提醒的期限"), null=True, blank=True)
    """The due date of which its owner was told beforehand."""
    told_late = models.DateField(_("已告知逾期的期限"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"))
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("议定事项")
        verbose_name_plural = _("议定事项")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(given_side=models.F("owner_side")), name="action_given_by_the_other"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "reported"), ended_at=None)
                | models.Q(state__in=("closed", "dropped"), ended_at__isnull=False),
                name="action_ended_says_when",
            ),
            models.CheckConstraint(condition=~models.Q(state="dropped") | ~models.Q(note=""), name="action_drop_why"),
        ]
        indexes = [
            models.Index(fields=["pairing", "state", "due_on"], name="action_of_pairing"),
            models.Index(fields=["organisation", "state"], name="action_of_body"),
            models.Index(fields=["state", "due_on"], name="action_due"),
        ]

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(ACTION_LABELS[ActionState(self.state)])

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it is not reported done."""
        return self.state == ActionState.OPEN and self.due_on < today()
