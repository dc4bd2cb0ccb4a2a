"""The instrument's text as a tree."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.instrument import ProgrammeVersion, Versioned
from duikou.programme.models.localised import in_language
from duikou.programme.states import ClauseKind


class Clause(Versioned):
    """A node of the policy text; everything in Duikou hangs from one, so none is ever deleted.

    Invariants: (programme, code) is unique; a later edition may amend, move or retire a clause, the row stays.
    """

    title = models.CharField(_("标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=200)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级条款"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    kind = models.CharField(_("类别"), max_length=12, choices=ClauseKind.choices)
    is_task = models.BooleanField(_("重点任务"), default=False)
    numeral = models.CharField(_("原文序号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="clause_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)


class ClauseText(models.Model):
    """What a clause says in one edition, so that two editions can be laid side by side.

    `heading` and `body` are what the page prints (body: a list of {"role", "text"}); `text` is both, whole.
    """

    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="texts")
    version = models.ForeignKey(
        ProgrammeVersion, verbose_name=_("版本"), on_delete=models.PROTECT, related_name="texts"
    )
    code = models.CharField(_("当时代码"), max_length=60)
    order = models.PositiveIntegerField(_("次序"), default=0)
    title = models.CharField(_("标题"), max_length=200)
    heading = models.CharField(_("原文标题"), max_length=200, blank=True)
    body = models.JSONField(_("段落"), default=list)
    text = models.TextField(_("全文"), blank=True)

    class Meta:
        verbose_name = _("条款文本")
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["clause", "version"], name="clause_text_once")]


class ClauseFormerCode(models.Model):
    """A code under which a moved clause used to stand: its old address keeps working."""

    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="former_codes")
    code = models.CharField(_("原代码"), max_length=60)
    moved_in = models.ForeignKey(
        ProgrammeVersion, verbose_name=_("变更版本"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("条款原代码")
        constraints = [models.UniqueConstraint(fields=["clause", "code"], name="clause_former_code_once")]
        indexes = [models.Index(fields=["code"], name="clause_former_code")]
