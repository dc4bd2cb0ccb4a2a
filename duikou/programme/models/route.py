"""In which order who signs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.clause import Clause
from duikou.programme.models.instrument import Versioned
from duikou.programme.models.localised import in_language


class Route(Versioned):
    """A way through offices: stages one after another, the steps of a stage side by side.

    `definition`: {"stages": [{"code", "title", "title_en", "steps": [{"code", "title", "title_en", "party", "role",
    "act", "working_days", "remind_before", "escalate_to", "distinct_from", "return_to", "records_consent", "evidence",
    "optional"}]}], "withdrawable", "return_to"}, as docs/packs.md says. What runs keeps the definition it began with.
    """

    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=160)
    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="routes")
    definition = models.JSONField(_("环节"), default=dict)

    class Meta:
        verbose_name = _("办理流程")
        verbose_name_plural = _("办理流程")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="route_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)
