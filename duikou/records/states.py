"""Kinds of files that evidence may be, and what may have been done to the trail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind that is taken in: its extensions, its media type and, for pictures, Pillow's name of the form."""

    code: str
    extensions: tuple[str, ...]
    media_type: str
    picture: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_KINDS: dict[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind("pdf", ("pdf",), "application/pdf"),
        FileKind("ofd", ("ofd",), "application/ofd"),
        FileKind("docx", ("docx",), f"{_OFFICE}.wordprocessingml.document"),
        FileKind("xlsx", ("xlsx",), f"{_OFFICE}.spreadsheetml.sheet"),
        FileKind("pptx", ("pptx",), f"{_OFFICE}.presentationml.presentation"),
        FileKind("png", ("png",), "image/png", "PNG"),
        FileKind("jpg", ("jpg", "jpeg"), "image/jpeg", "JPEG"),
        FileKind("webp", ("webp",), "image/webp", "WEBP"),
        FileKind("csv", ("csv",), "text/csv; charset=utf-8"),
        FileKind("txt", ("txt",), "text/plain; charset=utf-8"),
    )
}
"""The allow-list. Archives, old binary Office and anything with macros are not on it: their content cannot be judged.
OFD (GB/T 33190) is the national layout format of official papers. Nothing is shown in place but copies of pictures
that `services.pictures` draws: an original photo says where its maker stood."""

BY_EXTENSION: dict[str, FileKind] = {extension: kind for kind in FILE_KINDS.values() for extension in kind.extensions}
"""The kind that an extension promises."""

TRAIL_ACTIONS = {
    "records.evidence.add": _("添加佐证材料"),
    "records.evidence.remove": _("移除佐证材料"),
    "records.evidence.moved": _("移交佐证材料"),
    "records.blob.purge": _("清理无主文件"),
    "records.trail.export": _("导出审计记录"),
}
"""What this room leaves in the trail, in words."""

TRAIL_FIELDS = {
    "file": _("文件"),
    "files": _("文件"),
    "size": _("字节数"),
    "sha256": _("摘要"),
    "digest": _("摘要"),
    "note": _("说明"),
    "rows": _("行数"),
    "query": _("查询条件"),
}
"""Names of what the trail keeps beside the fields of models, common to all rooms."""


class What(models.TextChoices):
    """What was done to a row of the trail."""

    EVENT_ALTERED = "event altered", _("记录被改动")
    EVENT_REMOVED = "event removed", _("记录被删除")
    EVENT_INSERTED = "event inserted", _("记录是插入的")
    EVENT_UNSEALED = "event not in the chain", _("记录不在链中")
    LINK_ALTERED = "link altered", _("链环被改动")
    LINK_REMOVED = "link removed", _("链环被删除")
    LINK_INSERTED = "link inserted", _("链环是插入的")
    SEAL_ALTERED = "seal altered", _("封存被改动")
    SEAL_REMOVED = "seal removed", _("封存被删除")
    END_REMOVED = "end of the trail missing", _("链的末尾缺失")
    ANCHOR_LOST = "anchor not in the chain", _("链中没有这个锚点")
    GUARD_REMOVED = "trigger removed", _("数据库触发器被删除")


def finding_said(finding: str) -> str:
    """A finding, kept as `what: row`, in the reader's words; the row stays as it is searched for."""
    what, _colon, row = finding.partition(": ")
    if what not in What.values:
        return finding
    return gettext("%(what)s（%(row)s）") % {"what": What(what).label, "row": row}
