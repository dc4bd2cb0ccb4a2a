"""What can stand in a project's way."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.instrument import Versioned
from duikou.programme.models.localised import in_language


class BlockerKind(Versioned):
    """A kind of what stands in a project's way (land, energy, …), and how long solving it may take.

    `working_days` is a working parameter, not an official term; `basis` says where it comes from.
    """

    title = models.CharField(_("名称"), max_length=40)
    title_en = models.CharField(_("英文名称"), max_length=60)
    working_days = models.PositiveSmallIntegerField(_("办理期限（工作日）"))
    basis = models.CharField(_("期限依据"), max_length=300, blank=True)
    basis_en = models.CharField(_("期限依据（英文）"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("堵点类别")
        verbose_name_plural = _("堵点类别")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="blocker_kind_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def basis_label(self) -> str:
        """Where the term comes from, in the reader's language."""
        return in_language(self.basis, self.basis_en)
