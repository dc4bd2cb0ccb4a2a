"""Two equal sides that work together."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.instrument import Versioned
from duikou.programme.models.localised import in_language
from duikou.programme.models.region import Region
from duikou.programme.states import PairingLevel


class Pairing(Versioned):
    """A dated relation of two regions under one programme; first and second are order, not rank.

    Invariants: the second side is open only while a pairing is exploratory; dates run forward; the same two regions
    are not paired twice over one day (the loader checks it). A pairing inside another has it as `parent`.
    """

    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    first_region = models.ForeignKey(
        Region, verbose_name=_("甲侧地区"), on_delete=models.PROTECT, related_name="pairings_as_first"
    )
    second_region = models.ForeignKey(
        Region,
        verbose_name=_("乙侧地区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pairings_as_second",
    )
    second_note = models.CharField(_("乙侧说明"), max_length=120, blank=True)
    second_note_en = models.CharField(_("乙侧说明(英文)"), max_length=160, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("所属对口关系"), null=True, blank=True, on_delete=models.PROTECT, related_name="subs"
    )
    level = models.CharField(_("层级"), max_length=12, choices=PairingLevel.choices)
    valid_from = models.DateField(_("起始日期"), null=True, blank=True)
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=300)

    class Meta:
        verbose_name = _("对口关系")
        verbose_name_plural = _("对口关系")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="pairing_code_once"),
            models.CheckConstraint(
                condition=models.Q(second_region__isnull=False) | models.Q(level=PairingLevel.EXPLORATORY),
                name="pairing_open_side_only_exploratory",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="pairing_dates_forward",
            ),
            models.CheckConstraint(
                condition=~models.Q(first_region=models.F("second_region")), name="pairing_two_sides"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def second_label(self) -> str:
        """The second side's name, or the words for an open side."""
        if self.second_region is not None:
            return self.second_region.label
        return in_language(self.second_note, self.second_note_en)

    @property
    def root(self) -> Pairing:
        """The top-level pairing this one belongs to (itself when it is one; a query when `parent` is not loaded)."""
        return self if self.parent is None else self.parent.root

    def in_force_on(self, day: dt.date) -> bool:
        """Whether the relation holds on `day`; an unknown start counts as always."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
