"""Traces of writing together: every saved change, remarks, proposals, who is here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.plans.models.plan import PlanVersion
from duikou.plans.states import Side, SuggestionState


class Revision(models.Model):
    """One saved change of one section or entry: its whole content afterwards, by whom and when. Written once.

    The state of a version at any moment is the latest revision of each part up to then; `content` None = removed.
    """

    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("修改序号"))
    subject = models.CharField(_("对象"), max_length=8, choices=[("section", _("章节")), ("entry", _("事项"))])
    uid = models.UUIDField(_("标识"))
    content = models.JSONField(_("内容"), null=True)
    author = models.ForeignKey(
        Account, verbose_name=_("作者"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(_("作者姓名"), max_length=150)
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices, blank=True)
    proposed_by = models.CharField(_("建议人"), max_length=150, blank=True)
    """Who had proposed the wording that the author accepted; "" for the author's own."""
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("修改记录")
        verbose_name_plural = _("修改记录")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="plan_revision_number_once")]
        indexes = [models.Index(fields=["version", "uid", "number"], name="plan_revision_of")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"


class Comment(models.Model):
    """A remark on a section or entry (or the whole version), answered and resolved."""

    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="comments")
    uid = models.UUIDField(_("对象标识"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("回复"), null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    text = models.TextField(_("意见"))
    author = models.ForeignKey(
        Account, verbose_name=_("作者"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(_("作者姓名"), max_length=150)
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices, blank=True)
    at = models.DateTimeField(_("时间"))
    resolved_at = models.DateTimeField(_("解决时间"), null=True, blank=True)
    resolved_by = models.CharField(_("解决人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("意见")
        verbose_name_plural = _("意见")
        ordering = ["version", "id"]
        indexes = [models.Index(fields=["version", "uid", "id"], name="plan_comment_of")]

    def __str__(self) -> str:
        return self.text[:40]


class Suggestion(models.Model):
    """A wording that one side proposes for a field of a section or entry; the other side takes it or not."""

    version = models.ForeignKey(
        PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="suggestions"
    )
    subject = models.CharField(_("对象"), max_length=8, choices=[("section", _("章节")), ("entry", _("事项"))])
    uid = models.UUIDField(_("对象标识"))
    field = models.CharField(_("字段"), max_length=20)
    before = models.TextField(_("原文"), blank=True)
    text = models.TextField(_("建议文字"))
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    author = models.ForeignKey(
        Account, verbose_name=_("作者"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(_("作者姓名"), max_length=150)
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices)
    at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("修改建议")
        verbose_name_plural = _("修改建议")
        ordering = ["version", "id"]
        indexes = [models.Index(fields=["version", "uid", "state"], name="plan_suggestion_of")]

    def __str__(self) -> str:
        return self.text[:40]


class RefusedText(models.Model):
    """What somebody wrote and could not save, because another had changed the part: kept, so that no word is lost.

    `seen` is the revision of the part that the writer had before them; `settled_at` when they merged it or let it go.
    """

    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="refused")
    subject = models.CharField(_("对象"), max_length=8, choices=[("section", _("章节")), ("entry", _("事项"))])
    uid = models.UUIDField(_("标识"))
    seen = models.IntegerField(_("所见修改序号"))
    content = models.JSONField(_("内容"))
    author = models.ForeignKey(
        Account, verbose_name=_("作者"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(_("作者姓名"), max_length=150)
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices, blank=True)
    at = models.DateTimeField(_("时间"))
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("未能保存的文字")
        verbose_name_plural = _("未能保存的文字")
        ordering = ["version", "-id"]
        indexes = [models.Index(fields=["version", "author", "-id"], name="plan_refused_of")]

    def __str__(self) -> str:
        return f"{self.subject} {self.uid}"


class Presence(models.Model):
    """Who has a draft open, and which part of it; forgotten after a minute. No proof, so no trail."""

    version = models.ForeignKey(PlanVersion, verbose_name=_("版本"), on_delete=models.CASCADE, related_name="presences")
    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("姓名"), max_length=150)
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices, blank=True)
    uid = models.UUIDField(_("对象标识"), null=True, blank=True)
    editing = models.BooleanField(_("正在编辑"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("在线情况")
        verbose_name_plural = _("在线情况")
        constraints = [models.UniqueConstraint(fields=["version", "account"], name="plan_presence_once")]

    def __str__(self) -> str:
        return self.name
