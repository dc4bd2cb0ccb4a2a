"""Standing in for somebody who is away."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Account, Membership
from duikou.kernel.clock import today
from duikou.programme.models import Region


def live_delegation_on(day: dt.date) -> models.Q:
    """The condition under which a delegation works on `day`, both ends of its term included."""
    return models.Q(closed_at=None, valid_from__lte=day, valid_to__gte=day)


class Delegation(models.Model):
    """One person lets another act in one post, over the post's region or a part of it, for a term.

    Invariants: it gives what the giver's own post gives at the moment of acting and never more; not to oneself; it
    ends by its term, by being closed, and with the giver's post.
    """

    post = models.ForeignKey(
        Membership, verbose_name=_("委托人岗位"), on_delete=models.PROTECT, related_name="delegations"
    )
    giver = models.ForeignKey(
        Account, verbose_name=_("委托人"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    taker = models.ForeignKey(
        Account, verbose_name=_("受托人"), on_delete=models.PROTECT, related_name="delegations_taken"
    )
    role = models.CharField(_("岗位"), max_length=20)
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"))
    reason = models.CharField(_("事由"), max_length=500)
    opened_at = models.DateTimeField(_("委托时间"))
    closed_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    closed_by = models.CharField(_("终止人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("委托代办")
        verbose_name_plural = _("委托代办")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="delegation_term"),
            models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="delegation_to_another"),
        ]
        indexes = [models.Index(fields=["taker", "valid_to"], name="delegation_taker")]

    def __str__(self) -> str:
        return _("%(taker)s代%(giver)s") % {"taker": self.taker, "giver": self.giver}

    @property
    def is_live(self) -> bool:
        """Whether it works today."""
        return self.closed_at is None and self.valid_from <= today() <= self.valid_to
