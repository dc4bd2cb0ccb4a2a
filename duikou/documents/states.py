"""Which papers there are, in which forms."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    """What a paper of a plan says."""

    TEXT = "text", _("正文及事项表")
    TABLE = "table", _("事项表")
    NOTICE = "notice", _("印发通知")


class PaperForm(TextChoices):
    """The file it comes as."""

    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"


TRAIL_ACTIONS = {"documents.paper.made": _("生成公文")}
TRAIL_FIELDS = {"paper": _("公文"), "form": _("格式")}
