"""An offer of a post, sent by mail."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models.account import Account
from duikou.access.models.organisation import Organisation
from duikou.access.rules import mask_email
from duikou.access.states import RoleLabel
from duikou.kernel.clock import now
from duikou.programme.models import Region


class Invitation(models.Model):
    """An offer of a post to the holder of an e-mail address; only the digest of its token is kept.

    Invariants: accepted at most once; neither expired nor revoked ones can be accepted, nor those that still wait for
    a second person (docs/decisions/second-person.md).
    """

    token_digest = models.CharField(_("令牌摘要"), max_length=64, unique=True)
    email = models.EmailField(_("电子邮箱"))
    display_name = models.CharField(_("姓名"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(_("岗位"), max_length=20, choices=RoleLabel.choices)
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_organisation_admin = models.BooleanField(_("本单位管理员"), default=False)
    invited_by = models.ForeignKey(
        Account, verbose_name=_("邀请人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_by_name = models.CharField(_("邀请人姓名"), max_length=150)
    created_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        Account, verbose_name=_("接受账号"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    needs_second = models.BooleanField(_("须第二人确认"), default=False)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Account, verbose_name=_("确认人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    audit_masked: ClassVar[frozenset[str]] = frozenset({"email", "display_name", "token_digest"})

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None), name="invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.organisation}"

    @property
    def masked_email(self) -> str:
        """The address with its local part hidden."""
        return mask_email(self.email)

    @property
    def is_open_now(self) -> bool:
        """Whether it can be accepted at this moment."""
        return self.is_open(now())

    @property
    def is_waiting(self) -> bool:
        """Whether a second person must still agree; until then no mail goes out and no link works."""
        return self.needs_second and self.confirmed_at is None and self.revoked_at is None

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it can still be accepted at the moment `at`."""
        return self.accepted_at is None and self.revoked_at is None and not self.is_waiting and at < self.expires_at
