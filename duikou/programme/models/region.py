"""Places with their GB/T 2260 codes, now and in the past."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.localised import in_language
from duikou.programme.states import ChangeKind, NameKind, RegionLevel


class Region(models.Model):
    """A place of the national list, shared by all programmes.

    Invariants: `path` is the codes from the province down, each followed by "/"; a region covers another when its
    path is a prefix of the other's. A region of the past stays, with `valid_to`, below the place that holds it now;
    where the day is not known `valid_to` is the end of the month or year (`RegionChange.date` has certain days only).
    """

    adcode = models.CharField(_("行政区划代码"), max_length=6, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=120)
    level = models.CharField(_("层级"), max_length=12, choices=RegionLevel.choices)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(_("路径"), max_length=40)
    pinyin = models.CharField(_("拼音"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=40)
    rank = models.PositiveSmallIntegerField(_("排序"), default=9)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("地区")
        verbose_name_plural = _("地区")
        ordering = ["adcode"]
        indexes = [
            models.Index(fields=["path"], name="region_path"),
            models.Index(fields=["pinyin"], name="region_pinyin"),
            models.Index(fields=["initials"], name="region_initials"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def label(self) -> str:
        """The full name in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def short_label(self) -> str:
        """The short name in the reader's language."""
        return in_language(self.short_name, self.name_en)

    @property
    def centre(self) -> tuple[float, float] | None:
        """(longitude, latitude) in degrees of a point well inside the place, for maps; None where none is known."""
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude

    @property
    def is_historic(self) -> bool:
        """Whether the place no longer exists under this code."""
        return self.valid_to is not None

    def covers(self, other: Region) -> bool:
        """Whether `other` is this region or lies inside it."""
        return other.path.startswith(self.path)


class RegionName(models.Model):
    """One name a region is or was called by, in the form used for comparing."""

    region = models.ForeignKey(Region, verbose_name=_("地区"), on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("名称"), max_length=60)
    key = models.CharField(_("比较用名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=8, choices=NameKind.choices)

    class Meta:
        verbose_name = _("地区名称")
        constraints = [models.UniqueConstraint(fields=["region", "key"], name="region_name_once")]
        indexes = [models.Index(fields=["key"], name="region_name_key")]


class RegionChange(models.Model):
    """One step in a region's history: the old code leads to the new one (one row per successor)."""

    old_adcode = models.CharField(_("原代码"), max_length=6, db_index=True)
    old_name = models.CharField(_("原名称"), max_length=60)
    new_adcode = models.CharField(_("现代码"), max_length=6, db_index=True)
    kind = models.CharField(_("变更类别"), max_length=10, choices=ChangeKind.choices)
    date = models.DateField(_("日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("区划变更")
        ordering = ["old_adcode", "date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["old_adcode", "old_name", "new_adcode"], name="region_change_once")
        ]


class RegionRelease(models.Model):
    """Which edition of the list is loaded; one row."""

    digest = models.CharField(_("摘要"), max_length=64)
    loaded_at = models.DateTimeField(_("装载时间"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("区划版本")
