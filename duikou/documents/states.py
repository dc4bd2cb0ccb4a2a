"""Which papers there are, in which forms."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    """What a paper of a plan says."""

    TEXT = "text", _("正文及事项表")
    TABLE = "table", _("事项表")
    NOTICE = "notice", _("印发通知")


class TemplateKind(TextChoices):
    """Which Word templates an office may replace: one for each paper."""

    TEXT = "text", _("计划正文")
    TABLE = "table", _("事项表")
    NOTICE = "notice", _("印发通知")
    MINUTES = "minutes", _("会议纪要")


class PaperForm(TextChoices):
    """The file it comes as."""

    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"


class ReadingState(TextChoices):
    """Where a plan in Word stands that somebody brought."""

    OPEN = "open", _("待确认")
    DONE = "done", _("已写入计划")
    DROPPED = "dropped", _("已放弃")
    LAPSED = "lapsed", _("逾期未确认，文件已清除")


class ItemKind(TextChoices):
    """What a heading of a plan in Word becomes."""

    SECTION = "section", _("章节")
    ENTRY = "entry", _("事项")
    TEXT = "text", _("并入上一节的正文")
    SKIP = "skip", _("不导入")


TRAIL_ACTIONS = {
    "documents.paper.made": _("生成公文"),
    "documents.reading.uploaded": _("上传计划文件"),
    "documents.reading.committed": _("由文件写入计划"),
    "documents.reading.dropped": _("放弃计划文件"),
    "documents.reading.lapsed": _("清除逾期未确认的计划文件"),
    "documents.template.uploaded": _("上传公文模板"),
    "documents.template.used": _("启用公文模板"),
    "documents.template.withdrawn": _("停用自有公文模板"),
}
TRAIL_KINDS = {"documents.template": _("公文模板")}
TRAIL_FIELDS = {
    "paper": _("公文"),
    "form": _("格式"),
    "digest": _("摘要"),
    "plan": _("计划"),
    "template": _("模板"),
    "template_sha256": _("模板摘要"),
}
TRAIL_VALUES = {"template": {"shipped": _("平台模板")}}
