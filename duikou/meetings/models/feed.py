"""The private address of somebody's calendar."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Membership


class Feed(models.Model):
    """One private address: whoever knows it reads what its owner may see today, in this post.

    Invariants: only the SHA-256 of the secret is kept; a post has one live address; a withdrawn one answers nothing.
    """

    membership = models.ForeignKey(Membership, verbose_name=_("岗位"), on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(_("密钥摘要"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("生成时间"))
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅地址")
        verbose_name_plural = _("日历订阅地址")
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=models.Q(withdrawn_at=None), name="feed_one_live")
        ]

    def __str__(self) -> str:
        return str(_("日历订阅地址"))
