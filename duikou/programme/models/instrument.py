"""One policy instrument and its editions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.localised import in_language


class Programme(models.Model):
    """One policy instrument, loaded from a pack; what its two sides are called is data of the pack."""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=300)
    short_title = models.CharField(_("简称"), max_length=80)
    short_title_en = models.CharField(_("英文简称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=120)
    issuer_en = models.CharField(_("发文机关(英文)"), max_length=200, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    source = models.TextField(_("来源"), blank=True)
    illustrative = models.BooleanField(_("示例"), default=False)
    version = models.CharField(_("当前版本"), max_length=20)
    current = models.ForeignKey(
        "programme.ProgrammeVersion",
        verbose_name=_("当前版本记录"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_side_label = models.CharField(_("甲侧称谓"), max_length=40)
    first_side_label_en = models.CharField(_("甲侧称谓(英文)"), max_length=60)
    second_side_label = models.CharField(_("乙侧称谓"), max_length=40)
    second_side_label_en = models.CharField(_("乙侧称谓(英文)"), max_length=60)

    class Meta:
        verbose_name = _("对口合作方案")
        ordering = ["illustrative", "issued_on", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The short title in the reader's language."""
        return in_language(self.short_title, self.short_title_en)

    @property
    def full_title(self) -> str:
        """The official title in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def issuer_label(self) -> str:
        """Who issued it, in the reader's language."""
        return in_language(self.issuer, self.issuer_en)

    @property
    def first_label(self) -> str:
        """What this instrument calls the first side."""
        return in_language(self.first_side_label, self.first_side_label_en)

    @property
    def second_label(self) -> str:
        """What this instrument calls the second side."""
        return in_language(self.second_side_label, self.second_side_label_en)


class ProgrammeVersion(models.Model):
    """One loaded edition of a pack; its digest tells whether a pack is already loaded."""

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("版本"), max_length=20)
    digest = models.CharField(_("摘要"), max_length=64)
    loaded_at = models.DateTimeField(_("装载时间"))
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("方案版本")
        ordering = ["programme", "id"]
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="programme_version_once")]

    def __str__(self) -> str:
        return self.version


class Versioned(models.Model):
    """A thing of a pack: known by its code for ever; retired by a later edition, never deleted."""

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT)
    code = models.CharField(_("代码"), max_length=60)
    order = models.PositiveIntegerField(_("次序"), default=0)
    retired_in = models.ForeignKey(
        ProgrammeVersion,
        verbose_name=_("停用版本"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True
