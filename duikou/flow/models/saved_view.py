"""A list under a name."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Organisation
from duikou.kernel.lists import PICKED, list_named


class SavedView(models.Model):
    """What somebody asked a list for, kept under a name; the office of the post it was kept in may share it.

    Invariants: one person has a name once a list; `query` is canonical (`kernel.lists`); it gives nobody sight of
    anything: whoever opens it asks the list themselves.
    """

    owner = models.ForeignKey(Account, verbose_name=_("所有人"), on_delete=models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("岗位"), max_length=20)
    list = models.CharField(_("列表"), max_length=100)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("条件"), max_length=2000, blank=True)
    is_shared = models.BooleanField(_("与本单位共享"), default=False)
    order = models.PositiveIntegerField(_("顺序"), default=0)
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        ordering = ["list", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=models.Q(is_shared=False) | models.Q(organisation__isnull=False),
                name="saved_view_shared_with",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "list"], name="saved_view_shared", condition=models.Q(is_shared=True))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def list_label(self) -> str | Promise:
        """The list's name; "" when there is no such list any more."""
        page = list_named(self.list)
        return page.label if page is not None else ""

    @property
    def parameters(self) -> str:
        """What to write behind the list's address."""
        return "&".join(part for part in (self.query, f"{PICKED}={self.pk}") if part)


class ViewDefault(models.Model):
    """The view with which a list opens for one person."""

    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="+")
    list = models.CharField(_("列表"), max_length=100)
    view = models.ForeignKey(SavedView, verbose_name=_("视图"), on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        verbose_name = _("默认视图")
        verbose_name_plural = _("默认视图")
        constraints = [models.UniqueConstraint(fields=["account", "list"], name="view_default_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.list}"
