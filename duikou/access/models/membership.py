"""A person's post: in which organisation, in which role, over which region, for how long."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models.account import Account
from duikou.access.models.organisation import Organisation
from duikou.access.states import WITH_REGION, WITHOUT_REGION, RoleLabel
from duikou.kernel.clock import today
from duikou.programme.models import Region


def live_on(day: dt.date) -> models.Q:
    """The condition under which a membership works on `day` (both ends of its term included)."""
    return models.Q(is_active=True, valid_from__lte=day) & (models.Q(valid_to=None) | models.Q(valid_to__gte=day))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by whether they work."""

    def live(self, day: dt.date | None = None) -> MembershipQuerySet:
        """Those that work on `day` (today)."""
        return self.filter(live_on(day or today()))


class Membership(models.Model):
    """One post of one person.

    Invariants: nation-wide roles, operators and members name no region; offices and organisation departments name
    one; the same post is held once; a term does not end before it begins.
    """

    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("岗位"), max_length=20, choices=RoleLabel.choices)
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("职务"), max_length=60, blank=True)
    valid_from = models.DateField(_("起始日期"), default=today)
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    is_organisation_admin = models.BooleanField(_("本单位管理员"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering = ["account_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(role__in=WITHOUT_REGION, region=None)
                    | models.Q(role__in=WITH_REGION, region__isnull=False)
                    | models.Q(role=RoleLabel.UNIT)
                ),
                name="membership_role_region",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="membership_term",
            ),
            models.UniqueConstraint(
                fields=["account", "organisation", "role", "region"],
                condition=models.Q(region__isnull=False),
                name="membership_once_in_region",
            ),
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=models.Q(region=None),
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_role_display()} · {self.organisation}"

    @property
    def is_live(self) -> bool:
        """Whether the membership works today."""
        return self.is_active and self.valid_from <= today() and (self.valid_to is None or self.valid_to >= today())

    @property
    def is_over(self) -> bool:
        """Whether the term has ended."""
        return self.valid_to is not None and self.valid_to < today()
