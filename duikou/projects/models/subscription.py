"""Who follows what, and what happened that they may want to know."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Membership
from duikou.flow.models import MailMode, SavedView
from duikou.programme.models import Clause, Pairing
from duikou.projects.models.project import Project

_ONE = models.Q(project__isnull=False, pairing=None, clause=None, view=None)
_CELL = models.Q(project=None, pairing__isnull=False, clause__isnull=False, view=None)
_VIEW = models.Q(project=None, pairing=None, clause=None, view__isnull=False)


class Subscription(models.Model):
    """One person follows one project, one cell of the matrix, or what one saved view of projects shows.

    It gives no sight: what the `post` may not know of (any more) is not told. `mail` says how mail goes; the inbox
    always has it, and the reader's preferences of notices rule over both.
    """

    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Membership, verbose_name=_("岗位"), on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(
        Project, verbose_name=_("项目"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    pairing = models.ForeignKey(
        Pairing, verbose_name=_("对口关系"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    clause = models.ForeignKey(
        Clause, verbose_name=_("任务条款"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    view = models.ForeignKey(
        SavedView, verbose_name=_("视图"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    mail = models.CharField(_("邮件"), max_length=10, choices=MailMode.choices, default=MailMode.DAILY)
    created_at = models.DateTimeField(_("开始时间"))

    class Meta:
        verbose_name = _("关注")
        verbose_name_plural = _("关注")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=_ONE | _CELL | _VIEW, name="subscription_one_target"),
            models.UniqueConstraint(fields=["account", "project"], name="subscription_project_once"),
            models.UniqueConstraint(fields=["account", "pairing", "clause"], name="subscription_cell_once"),
            models.UniqueConstraint(fields=["account", "view"], name="subscription_view_once"),
        ]

    def __str__(self) -> str:
        return str(self.project or self.view or f"{self.pairing} × {self.clause}")


class ProjectNews(models.Model):
    """Something happened to a project; told once to those who follow it, in one bundle a run.

    `event` is the number of what happened (of the trail's event, or of the upper room's record), so that a job that
    runs twice notes it once. `account_number` is who did it, where that is known: they are not told.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    what = models.CharField(_("事由"), max_length=20)
    event = models.BigIntegerField(_("事件编号"), default=0)
    account_number = models.BigIntegerField(_("账号"), null=True)
    at = models.DateTimeField(_("时间"))
    told_at = models.DateTimeField(_("通知时间"), null=True)

    class Meta:
        verbose_name = _("项目动态")
        verbose_name_plural = _("项目动态")
        constraints = [models.UniqueConstraint(fields=["project", "what", "event"], name="project_news_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="project_news_untold"),
            models.Index(fields=["told_at"], condition=models.Q(told_at__isnull=False), name="project_news_told"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.what}"
