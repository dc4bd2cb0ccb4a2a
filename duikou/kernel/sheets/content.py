"""What a file is by its content, not by its name."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits


class Content(StrEnum):
    """Kinds of table files that can be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    CSV = "csv"


EXTENSIONS = {
    Content.XLSX: {".xlsx", ".xlsm", ".xltx"},
    Content.XLSB: {".xlsb"},
    Content.ODS: {".ods"},
    Content.XLS: {".xls", ".xlt"},
    Content.CSV: {".csv", ".txt", ".tsv"},
}
LABELS = {
    Content.XLSX: _("Excel 工作簿（.xlsx）"),
    Content.XLSB: _("Excel 二进制工作簿（.xlsb）"),
    Content.ODS: _("OpenDocument 表格（.ods）"),
    Content.XLS: _("Excel 97-2003 工作簿（.xls）"),
    Content.CSV: _("文本表格（.csv）"),
}
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"BM",
)
_SWOLLEN, _NOTICED = 100, 32 * 1024 * 1024
"""A part of an archive that inflates to more than so many times its size, from so many bytes on, is no table: sheets
that people make stay below 30 times, whatever repeats in them, for every cell names its place."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def content_of(path: Path, limits: Limits, name: str = "") -> Content:
    """Which table format `path`, named `name`, holds; raises `BadFile` for anything else, and for too many bytes."""
    size = path.stat().st_size
    if size == 0:
        raise BadFile(Cause.EMPTY)
    if size > limits.bytes:
        raise BadFile(Cause.TOO_LARGE, limit=limits.bytes // 1024 // 1024)
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path, limits)
    if start.startswith(_CFB):
        return _compound(path)
    if start.startswith(_BINARY[2:]) or (start.startswith(_BINARY) and b"\x00" in start):
        raise BadFile(Cause.UNKNOWN_TYPE)
    if page := _page_of(start):
        raise BadFile(Cause.WEB_PAGE, content=page, extension=Path(name or path.name).suffix or _("无"))
    if b"\x00" in start and not start.startswith(_UTF16):
        raise BadFile(Cause.NUL_BYTES)
    return Content.CSV


def _page_of(start: bytes) -> object | None:
    """What a text that old systems call a workbook really is, None where it is none of them."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").lower()
    if text.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return _("Excel 2003 XML 表格")
    if text.startswith(b"mime-version:"):
        return _("单个文件网页（MHT）")
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style")):
        return _("网页（HTML）")
    return (
        _("XML 文件")
        if text.startswith(b"<?xml") and b"<html" not in text
        else (_("网页（HTML）") if text.startswith(b"<?xml") else None)
    )


def check_extension(name: str, content: Content) -> None:
    """Refuse a name whose extension says something else than the content; no extension is no lie."""
    extension = Path(name).suffix.lower()
    if extension and extension not in EXTENSIONS[content]:
        raise BadFile(Cause.WRONG_EXTENSION, content=LABELS[content], extension=extension)


def _zipped(path: Path, limits: Limits) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.inflated:
                raise BadFile(Cause.BOMB, limit=limits.inflated // 1024 // 1024)
            for part in parts:
                _refuse_swollen(part)
            if any(part.flag_bits & 1 for part in parts):
                raise BadFile(Cause.ENCRYPTED)
            if "xl/workbook.bin" in names:
                return _read_whole(Content.XLSB, parts, limits)
            if "[Content_Types].xml" in names and any(name.lower().endswith("workbook.xml") for name in names):
                return Content.XLSX
            if "mimetype" in names and archive.read("mimetype")[:60].startswith(
                b"application/vnd.oasis.opendocument.spreadsheet"
            ):
                return _read_whole(Content.ODS, parts, limits)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadFile(Cause.CORRUPT) from None
    raise BadFile(Cause.UNKNOWN_TYPE)


def _read_whole(content: Content, parts: Sequence[zipfile.ZipInfo], limits: Limits) -> Content:
    if sum(part.file_size for part in parts) > limits.whole:
        raise BadFile(Cause.BOMB, limit=limits.whole // 1024 // 1024)
    return content


def _refuse_swollen(part: zipfile.ZipInfo) -> None:
    """An archive cannot hide more than it says: reading ends with an error at the size that its index tells."""
    times = part.file_size // max(part.compress_size, 1)
    if part.file_size > _NOTICED and times > _SWOLLEN:
        raise BadFile(Cause.SWOLLEN, times=times, size=part.file_size // 1024 // 1024)


def _compound(path: Path) -> Content:
    """Old Excel files and encrypted new ones share one container; its directory names say which it is."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise BadFile(Cause.ENCRYPTED)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Content.XLS
    raise BadFile(Cause.UNKNOWN_TYPE)
