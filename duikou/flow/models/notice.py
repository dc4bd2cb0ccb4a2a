"""Something that somebody is told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.flow.models.item import InboxItem
from duikou.flow.models.registry import Kind, kind_of
from duikou.flow.models.words import in_words
from duikou.flow.states import MailMode, MailState


class Notice(models.Model):
    """One person is told of one occasion once (`key`). A notice of a waiting item only carries it into the mail."""

    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(_("事由标识"), max_length=200)
    kind = models.CharField(_("类别"), max_length=60)
    item = models.ForeignKey(
        InboxItem, verbose_name=_("待办事项"), null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    title = models.CharField(_("标题"), max_length=300)
    params = models.JSONField(_("标题参数"), default=dict)
    url = models.CharField(_("地址"), max_length=300)
    in_inbox = models.BooleanField(_("站内显示"), default=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["account", "in_inbox", "-id"], name="notice_account"),
            models.Index(fields=["account"], condition=models.Q(read_at=None, in_inbox=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The title in the reader's language."""
        return in_words(self.title, self.params)

    @property
    def about(self) -> Kind:
        """The kind with its label and icon."""
        return kind_of(self.kind)


class NoticeMail(models.Model):
    """One notice on its way by mail; there is one at most, so running the sender twice sends nothing twice."""

    notice = models.OneToOneField(Notice, verbose_name=_("通知"), on_delete=models.CASCADE, related_name="mail")
    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    due_at = models.DateTimeField(_("发送时间"))
    claimed_at = models.DateTimeField(_("取走时间"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("最近错误"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("通知邮件")
        verbose_name_plural = _("通知邮件")
        indexes = [models.Index(fields=["state", "due_at"], name="notice_mail_due")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state}"


class NoticePreference(models.Model):
    """What one person wants of one kind; without a row the kind's own default holds. Duties ignore it."""

    account = models.ForeignKey(
        Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(_("类别"), max_length=60)
    inbox = models.BooleanField(_("站内通知"), default=True)
    mail = models.CharField(_("邮件"), max_length=10, choices=MailMode.choices, default=MailMode.DAILY)

    class Meta:
        verbose_name = _("通知偏好")
        verbose_name_plural = _("通知偏好")
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="notice_preference_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
