"""A Word file as a package, judged before any program opens it: what kind it is, what it carries, what it points at."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

LARGEST = 10 * 1024**2
UNPACKED = 60 * 1024**2
LARGEST_TEXT = 3 * 1024**2
"""Bytes of all parts in XML together: what has to be read at once."""
MOST_PARTS = 500
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_KNOWN = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "font", "theme", "numbering"),
        *("footnotes", "endnotes", "header", "footer", "image", "customXml", "customXmlProps", "glossaryDocument"),
    }
)
"""What a template may be made of, by the last word of the relationship's type; everything else is refused."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template is refused: where it stands, the words there, what is wrong; all in the reader's language."""

    place: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Package:
    """The parts in XML of a Word file, parsed, by name, and the content types of its parts."""

    parts: Mapping[str, etree._Element]
    types: Mapping[str, str]

    def named(self, kind: str) -> Iterator[tuple[str, etree._Element]]:
        """Parts of a kind of Word (`document.main`, `header`, `footer`…), by name."""
        for name in sorted(self.parts):
            if type_of(name, self.types) == f"{_WORD}{kind}+xml".lower():
                yield name, self.parts[name]


def type_of(name: str, types: Mapping[str, str]) -> str:
    """The content type of a part, by its name or its ending; Word asks no differently."""
    low = name.lower()
    return types.get(low) or types.get(f".{low.rpartition('.')[2]}", "")


def package_read(data: bytes, name: str = "") -> tuple[Package | None, list[Fault]]:
    """The package, and what is wrong with it as one; None where nothing more can be said of it."""
    file = _("文件")
    if not data:
        return None, [Fault(file, name, _("文件是空的。"))]
    if len(data) > LARGEST:
        return None, [Fault(file, name, _("文件超过%(limit)d MB。") % {"limit": LARGEST // 1024**2})]
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return None, [Fault(file, name, _("这是旧格式（.doc）或加密的文件，请另存为不加密的 .docx。"))]
    if data[:2] != b"PK":
        return None, [Fault(file, name, _("不是 Word 文件（.docx）。"))]
    try:
        contents, faults = _contents(data)
    except _BROKEN:
        return None, [Fault(file, name, _("文件已损坏，读不出来。"))]
    if contents is None:
        return None, faults
    parts: dict[str, etree._Element] = {}
    for part, raw in contents.items():
        if part.lower().endswith((".xml", ".rels")):
            root = _parsed(raw)
            if root is None:
                faults.append(Fault(part, "", _("这一部分不是完好的XML，或含有DTD、实体定义。")))
            else:
                parts[part] = root
    if faults:
        return None, faults
    types = _types(parts)
    package = Package(parts, types)
    if not any(package.named("document.main")):
        return None, [Fault(file, name, _type_words(types))]
    return package, [*_forbidden(contents, types), *_relations(package)]


def _contents(data: bytes) -> tuple[dict[str, bytes] | None, list[Fault]]:
    """The bytes of every part, never more than the limits, whatever the directory says."""
    found: dict[str, bytes] = {}
    names: set[str] = set()
    unpacked = text = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        listed = package.infolist()
        if len(listed) > MOST_PARTS:
            return None, [Fault(_("文件"), "", _("文件由过多的部分组成。"))]
        for part in listed:
            name = part.filename
            if name.lower() in names or name.startswith("/") or ".." in name or "\\" in name:
                return None, [Fault(name[:100], "", _("文件内部的名称重复或不合规。"))]
            names.add(name.lower())
            with package.open(part) as source:
                raw = source.read(UNPACKED - unpacked + 1)
            unpacked += len(raw)
            text += len(raw) if name.lower().endswith((".xml", ".rels")) else 0
            if unpacked > UNPACKED or text > LARGEST_TEXT:
                return None, [Fault(name[:100], "", _("文件解压后过大，不能接受。"))]
            found[name] = raw
    return found, []


def _parsed(raw: bytes) -> etree._Element | None:
    """The root of a part; None for what is not whole or defines entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root


def _types(parts: Mapping[str, etree._Element]) -> dict[str, str]:
    """Content types by part, and by ending (".png") for parts that are not named."""
    root = parts.get("[Content_Types].xml")
    found: dict[str, str] = {}
    for row in () if root is None else root:
        if not isinstance(row.tag, str):
            continue
        kind = row.get("ContentType", "").lower()
        if ending := row.get("Extension"):
            found[f".{ending.lower()}"] = kind
        elif name := row.get("PartName"):
            found[name.lower().lstrip("/")] = kind
    return found


def _type_words(types: Mapping[str, str]) -> str:
    kinds = " ".join(types.values())
    if "macroenabled" in kinds:
        return _("文件含有宏，请另存为不含宏的 .docx。")
    if "template.main" in kinds:
        return _("这是 Word 模板格式（.dotx），请另存为 .docx。")
    return _("不是 Word 文件（.docx）。")


def _forbidden(contents: Mapping[str, bytes], types: Mapping[str, str]) -> Iterator[Fault]:
    """Parts that run or embed something, whatever points at them."""
    for name in contents:
        kind, low = type_of(name, types), name.lower()
        if "vba" in low or "vba" in kind or "macroenabled" in kind:
            yield Fault(name, "", _("文件含有宏，请另存为不含宏的 .docx。"))
        elif "/embeddings/" in low or "/activex/" in low or "oleobject" in kind or "activex" in kind:
            yield Fault(name, "", _("文件嵌有对象或控件，请删去。"))
        elif kind.endswith(("+xml", "/xml")) and not low.endswith((".xml", ".rels")):
            yield Fault(name, "", _("文件内部的名称重复或不合规。"))
        elif "/afchunk" in low or low.endswith((".html", ".htm", ".mht", ".rtf", ".exe", ".js", ".svg")):
            yield Fault(name, "", _("文件夹带了其他格式的内容，请删去。"))


def _relations(package: Package) -> Iterator[Fault]:
    """What points out of the file, or at something that a template has no use for."""
    for name, root in package.parts.items():
        if not name.endswith(".rels"):
            continue
        for row in root:
            if not isinstance(row.tag, str):
                continue
            kind, target = row.get("Type", "").rstrip("/").rsplit("/", 1)[-1], row.get("Target", "")
            if row.get("TargetMode", "").lower() == "external" or "://" in target:
                words = _linked_words(package, name, row.get("Id", ""))
                reason = _("指向文件外部（%(target)s），请取消这个链接。") % {"target": target[:100]}
                yield Fault(_("外部链接"), words or kind, reason)
            elif kind == "comments" or kind.startswith("comments") or kind == "people":
                yield Fault(_("批注"), "", _("文件有批注，请全部删除后再上传。"))
            elif kind not in _KNOWN:
                yield Fault(kind, target[:100], _("模板不能含有这类内容，请删去。"))


def _linked_words(package: Package, rels: str, key: str) -> str:
    """The words that a link stands on."""
    folder, _sep, base = rels.rpartition("_rels/")
    owner = package.parts.get(folder + base.removesuffix(".rels"))
    if owner is None or not key:
        return ""
    for element in owner.iter():
        if key in element.attrib.values():
            return "".join(str(text) for text in element.itertext())[:60]
    return ""
