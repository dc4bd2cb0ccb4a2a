"""Is a file what its name says? Judged by its bytes."""

from __future__ import annotations

import shlex
import subprocess
import zipfile
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.records.services.exif import BROKEN
from duikou.records.services.pictures import picture_check
from duikou.records.states import BY_EXTENSION, FileKind

_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "ofd": "OFD.xml",
}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MAX_PARTS = 20_000
_MAX_UNPACKED = 2 * 1024**3


def kind_of(path: Path, extension: str) -> FileKind:
    """The kind of the file at `path`, whose name ends in `extension`; raises `Invalid` when they disagree or the kind
    is not taken."""
    kind = BY_EXTENSION.get(extension)
    if extension in {"heic", "heif"} or (kind and kind.picture and _is_heic(path)):
        raise Invalid(
            _("暂时读不了 HEIC 照片。请在手机的相机设置里选“兼容性最佳”（JPEG）后重拍，或导出为 JPEG 再上传。")
        )
    if kind is None:
        raise Invalid(
            _("不接受“%(extension)s”类型的文件。可上传：%(allowed)s。")
            % {"extension": extension or "?", "allowed": _("、").join(sorted(BY_EXTENSION))}
        )
    if kind.code in _PARTS:
        _check_package(path, kind)
    elif kind.picture:
        _check_picture(path, kind)
    elif kind.code == "pdf":
        _check_pdf(path)
    else:
        _check_text(path)
    return kind


def scan(path: Path) -> None:
    """Run the scanner of `DUIKOU_SCAN_COMMAND` on the file (none by default); raises `Invalid` when it objects.

    The command gets the path as its last argument and answers with 0 for clean; 1 means a finding, anything else that
    the scanner failed: then nothing is taken in either.
    """
    command = str(getattr(settings, "SCAN_COMMAND", ""))
    if not command:
        return
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command
            [*shlex.split(command), str(path)], capture_output=True, timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Invalid(_("文件安全检查暂时不可用，请稍后再上传。")) from None
    if done.returncode == 1:
        raise Invalid(_("文件未通过安全检查，没有保存。"))
    if done.returncode:
        raise Invalid(_("文件安全检查暂时不可用，请稍后再上传。"))


def _mismatch(extension: str) -> Invalid:
    return Invalid(_("文件内容与扩展名“%(extension)s”不符，或文件已损坏。") % {"extension": extension})


def _check_package(path: Path, kind: FileKind) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _mismatch(kind.code) from None
    names = {part.filename for part in parts}
    if _PARTS[kind.code] not in names:
        raise _mismatch(kind.code)
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise Invalid(_("文件解压后过大，不能接受。"))
    lowered = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or "/activex/" in name or "macrosheets/" in name for name in lowered):
        raise Invalid(_("文件含有宏或活动控件，请另存为不含宏的文件后再上传。"))


def _check_picture(path: Path, kind: FileKind) -> None:
    try:
        picture_check(path, kind.picture)
    except Invalid:
        raise
    except BROKEN:
        raise _mismatch(kind.code) from None


def _is_heic(path: Path) -> bool:
    """Some phones hand in HEIC under a name that ends in .jpg."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC


def _check_pdf(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if not head.startswith(b"%PDF-") or b"%%EOF" not in tail:
        raise _mismatch("pdf")


def _check_text(path: Path) -> None:
    """Text in UTF-8, GB 18030 or marked UTF-16, and nothing else that a reader of magic numbers would recognise."""
    with path.open("rb") as file:
        head = file.read(65_536)
        if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return
        chunk = head
        while chunk:
            if b"\0" in chunk:
                raise _mismatch("txt")
            chunk = file.read(1_048_576)
    if (
        head[:4] in {b"%PDF", b"PK\x03\x04", b"\x89PNG"}
        or head[:2] == b"MZ"
        or head[:4] == b"\x7fELF"
        or _is_script(head)
    ):
        raise _mismatch("txt")
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return
    raise _mismatch("txt")


def _is_script(head: bytes) -> bool:
    if head.startswith(b"#!"):
        return True
    try:
        found = puremagic.from_string(head[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return False
    return found in {"text/html", "application/x-dosexec", "application/x-sh", "application/x-shockwave-flash"}
