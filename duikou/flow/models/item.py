"""Something that waits for somebody."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Organisation
from duikou.flow.models.registry import Kind, kind_of
from duikou.flow.models.words import in_words
from duikou.flow.states import ItemState
from duikou.kernel.clock import today
from duikou.programme.models import Region

_A_PROGRAM = re.compile(r"[a-z_]+(\.[a-z_]+)+|duikou( [a-z-]+)+")
"""How jobs and commands are called in the trail: "flow.duties", "duikou import"."""


class InboxItem(models.Model):
    """One thing to do, addressed to one account, or to a role in an organisation, or to a role over a region.

    Invariants: exactly one address; `key` names the occasion, so opening it twice makes one item; what is closed says
    who closed it and when.
    """

    key = models.CharField(_("事由标识"), max_length=200, unique=True)
    kind = models.CharField(_("类别"), max_length=60)
    account = models.ForeignKey(
        Account, verbose_name=_("账号"), null=True, blank=True, on_delete=models.CASCADE, related_name="inbox_items"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("主体"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="inbox_items",
    )
    role = models.CharField(_("岗位"), max_length=20, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region_path = models.CharField(_("地区路径"), max_length=40, blank=True)
    subject_kind = models.CharField(_("对象类别"), max_length=60, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    url = models.CharField(_("地址"), max_length=300)
    title = models.CharField(_("标题"), max_length=300)
    params = models.JSONField(_("标题参数"), default=dict)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    opened_at = models.DateTimeField(_("发起时间"))
    opened_by = models.CharField(_("发起人"), max_length=150)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=150, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("待办事项")
        verbose_name_plural = _("待办事项")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, organisation=None, role="")
                | models.Q(account=None, organisation__isnull=False)
                | (models.Q(account=None, organisation=None) & ~models.Q(role="")),
                name="inbox_one_address",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ItemState.OPEN, closed_at=None)
                | (~models.Q(state=ItemState.OPEN) & models.Q(closed_at__isnull=False)),
                name="inbox_closed_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "state", "-id"], name="inbox_account"),
            models.Index(fields=["organisation", "state", "-id"], name="inbox_organisation"),
            models.Index(fields=["role", "region_path", "state", "-id"], name="inbox_role"),
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

    @property
    def opener(self) -> str:
        """Who asks, in words: a job or a command acts for the platform, and its name says nothing to people."""
        return gettext("平台自动提醒") if _A_PROGRAM.fullmatch(self.opened_by) else self.opened_by

    @property
    def is_overdue(self) -> bool:
        """Whether it is still open after its day."""
        return self.state == ItemState.OPEN and self.due_on is not None and self.due_on < today()
