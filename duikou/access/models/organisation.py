"""Bodies that take part."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from duikou.access.rules import initials_of, pinyin_of
from duikou.access.states import SECOND_PERSON, OrganisationKind
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.text import near_key
from duikou.programme.models import Industry, Region


class Organisation(models.Model):
    """A body that takes part: a department, an enterprise, a university, a park…

    Invariants: a unified social credit code stands at most once among organisations that were not merged away;
    a merged organisation stays as a signpost (`merged_into`) and nothing else points at it; `near_key`, `pinyin`
    and `initials` follow from the name.
    """

    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=OrganisationKind.choices)
    region = models.ForeignKey(
        Region, verbose_name=_("所在地区"), on_delete=models.PROTECT, related_name="organisations"
    )
    industry = models.ForeignKey(
        Industry, verbose_name=_("所属行业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    website = models.URLField(_("网址"), blank=True)
    is_verified = models.BooleanField(_("已核验"), default=False)
    is_published = models.BooleanField(_("名称公开"), default=False)
    near_key = models.CharField(_("比较用名称"), max_length=120, db_index=True, editable=False)
    pinyin = models.CharField(_("拼音"), max_length=400, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=120, editable=False)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("已并入"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("主体")
        verbose_name_plural = _("主体")
        ordering = ["pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~models.Q(uscc="") & models.Q(merged_into=None),
                name="organisation_uscc_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="organisation_not_into_itself"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pinyin", "id"], name="organisation_pinyin"),
            models.Index(fields=["initials"], name="organisation_initials"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the search columns in step with the name."""
        self.derive()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def derive(self) -> None:
        """Compute what follows from the name (call before `bulk_create`)."""
        self.near_key = near_key(self.name)[:120]
        self.pinyin = pinyin_of(self.name)[:400]
        self.initials = initials_of(self.name)[:120]

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @cached_property
    def is_nationwide(self) -> bool:
        """Whether its people act for the whole nation or run the platform (one query, asked once)."""
        posts = self.memberships.filter(role__in=SECOND_PERSON, is_active=True)
        return bool(posts.exists())

    def is_looked_after_by(self, actor: Actor) -> bool:
        """Whether the actor works in the office of its region; nation-wide bodies are looked after by none."""
        return actor.role in OFFICE and actor.covers(self.region.path) and not self.is_nationwide

    def shows_people_to(self, actor: Actor) -> bool:
        """Whether the actor may know who works here."""
        if actor.sees_all or (actor.is_signed_in and not actor.is_person) or actor.role is Role.OPERATOR:
            return True
        return actor.organisation_id == self.pk or self.is_looked_after_by(actor)
