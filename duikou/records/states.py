"""Kinds of files that evidence may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind that is taken in: its extensions, its media type, and whether a browser may show it in place."""

    code: str
    extensions: tuple[str, ...]
    media_type: str
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_KINDS: dict[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind("pdf", ("pdf",), "application/pdf"),
        FileKind("ofd", ("ofd",), "application/ofd"),
        FileKind("docx", ("docx",), f"{_OFFICE}.wordprocessingml.document"),
        FileKind("xlsx", ("xlsx",), f"{_OFFICE}.spreadsheetml.sheet"),
        FileKind("pptx", ("pptx",), f"{_OFFICE}.presentationml.presentation"),
        FileKind("png", ("png",), "image/png", inline=True),
        FileKind("jpg", ("jpg", "jpeg"), "image/jpeg", inline=True),
        FileKind("webp", ("webp",), "image/webp", inline=True),
        FileKind("csv", ("csv",), "text/csv; charset=utf-8"),
        FileKind("txt", ("txt",), "text/plain; charset=utf-8"),
    )
}
"""The allow-list. Archives, old binary Office and anything with macros are not on it: their content cannot be judged.
OFD (GB/T 33190) is the national layout format of official papers. Only pictures are shown in place: a PDF viewer does
not run inside the sandbox that the answer prescribes."""

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
