"""What was said: versions of the minutes, and what they decide."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Organisation
from duikou.meetings.models.meeting import Meeting
from duikou.meetings.states import MINUTES_CHOICES, MINUTES_LABELS, MinutesState, Side


class MinutesVersion(models.Model):
    """The minutes as one side wrote them and both sign; a correction is the next version.

    Invariants: one open version (draft or in sign-off) and one signed version per meeting; what is signed never changes
    and `digest` is the SHA-256 of its canonical form, kept in `sealed`. `body` is safe HTML (kernel/rich_text.py);
    `revision` grows with every change of text or decisions and is what a saver must have seen.
    """

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveIntegerField(_("版次"))
    state = models.CharField(_("状态"), max_length=10, choices=MINUTES_CHOICES, default=MinutesState.DRAFT.value)
    body = models.TextField(_("正文"), blank=True)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    reason = models.CharField(_("更正理由"), max_length=1000, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    sealed = models.TextField(_("签署文本"), blank=True)
    submitted_at = models.DateTimeField(_("送签时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("会议纪要")
        verbose_name_plural = _("会议纪要")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(state__in=("draft", "in_signoff")), name="minutes_one_open"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=models.Q(state="signed"), name="minutes_one_signed"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("signed", "superseded")) | ~models.Q(digest=""),
                name="minutes_signed_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s纪要（第%(number)s版）") % {"title": self.meeting.title, "number": self.number}

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(MINUTES_LABELS[MinutesState(self.state)])


class RefusedMinutes(models.Model):
    """A text that could not be saved because somebody was faster: kept, so that no word is lost."""

    version = models.ForeignKey(
        MinutesVersion, verbose_name=_("会议纪要"), on_delete=models.CASCADE, related_name="refused"
    )
    body = models.TextField(_("正文"))
    seen = models.PositiveIntegerField(_("所见修改序号"))
    account = models.ForeignKey(
        Account, verbose_name=_("账号"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=150)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("未能保存的正文")
        verbose_name_plural = _("未能保存的正文")
        ordering = ["version", "-id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name}"


class Owned(models.Model):
    """Who does something until when: a side's office, one of its organisations, or one person there."""

    text = models.CharField(_("议定事项"), max_length=1000)
    owner_side = models.CharField(_("责任方"), max_length=6, choices=Side.choices)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    account = models.ForeignKey(
        Account, verbose_name=_("责任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(_("责任方名称"), max_length=200)
    due_on = models.DateField(_("完成期限"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text[:100]


class Decision(Owned):
    """One thing that the minutes decide. `uid` outlives versions: its action item carries the same."""

    version = models.ForeignKey(
        MinutesVersion, verbose_name=_("会议纪要"), on_delete=models.CASCADE, related_name="decisions"
    )
    uid = models.UUIDField(_("标识"), default=uuid.uuid4)
    order = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("议定事项")
        verbose_name_plural = _("议定事项")
        ordering = ["version", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "uid"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(account=None) | models.Q(organisation__isnull=False), name="decision_person_of_body"
            ),
        ]
