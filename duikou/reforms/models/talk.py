"""Questions of other regions about a measure, remarks of ministries, and the answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account
from duikou.programme.models import Region
from duikou.reforms.models.measure import ReformMeasure
from duikou.reforms.states import TalkKind


class Talk(models.Model):
    """One thing said of a measure; a reply has its thread as `parent`.

    Invariants: threads are one level deep; a question has `answered_at` once the office of the measure's origin
    replied, and is read until then only by who asked, by that office and by nation-wide readers.
    """

    measure = models.ForeignKey(
        ReformMeasure, verbose_name=_("改革经验"), on_delete=models.CASCADE, related_name="talks"
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("所属话题"), null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    kind = models.CharField(_("类别"), max_length=10, choices=TalkKind.choices)
    text = models.TextField(_("文字"))
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    account = models.ForeignKey(
        Account, verbose_name=_("账号"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(_("姓名"), max_length=150)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    is_owner = models.BooleanField(_("来源方答复"), default=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("提问答复")
        verbose_name_plural = _("提问答复")
        ordering = ["measure", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent=None, kind__in=("question", "comment"))
                | models.Q(parent__isnull=False, kind="reply"),
                name="talk_replies_have_threads",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
