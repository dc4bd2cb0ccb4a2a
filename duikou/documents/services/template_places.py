"""Where things stand in a Word file, in words that a person finds again: 正文第3段, 第1个表格第2行第1格, 页脚第1段."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from lxml import etree

from duikou.documents.services.template_package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FLAT = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}


@dataclass(frozen=True)
class Spot:
    """One paragraph: its place in words, its element, the row it stands in, whether it stands in a text box or in the
    text itself (`is_top`: directly below the body)."""

    place: str
    element: etree._Element
    row: etree._Element | None = None
    in_box: bool = False
    is_top: bool = False

    @cached_property
    def texts(self) -> list[etree._Element]:
        """The elements that hold its words."""
        return [one for one in self.element.iter(f"{W}t") if _owner(one) is self.element]

    @cached_property
    def words(self) -> str:
        """What it says."""
        return "".join(one.text or "" for one in self.texts)

    def texts_at(self, start: int, end: int) -> list[etree._Element]:
        """The elements over which the words from `start` to `end` run."""
        found, at = [], 0
        for one in self.texts:
            length = len(one.text or "")
            if at < end and start < at + length:
                found.append(one)
            at += length
        return found


@dataclass(frozen=True)
class Story:
    """One run of text of a file: the body, a header, a footer, the notes."""

    label: str
    kind: str
    root: etree._Element

    @cached_property
    def spots(self) -> list[Spot]:
        """Its paragraphs in order."""
        if self.kind == "document.main":
            body = self.root.find(f"{W}body")
            return [] if body is None else list(_walk(body, self.label, is_top=True))
        if self.kind in {"header", "footer"}:
            return list(_walk(self.root, self.label))
        return [spot for note in self.root for spot in _walk(note, self.label)]

    def place_of(self, element: etree._Element) -> str:
        """Where any element stands: its paragraph, or the story."""
        owner = element if element.tag == f"{W}p" else _owner(element)
        return next((spot.place for spot in self.spots if spot.element is owner), self.label)

    def words_at(self, element: etree._Element) -> str:
        """The words beside an element."""
        owner = _owner(element)
        return "" if owner is None else "".join(str(one.text or "") for one in owner.iter(f"{W}t"))[:60]


def stories_of(package: Package) -> list[Story]:
    """Every text of the file that comes onto pages."""
    labels = _labels(package)
    found = [Story(_("正文"), "document.main", root) for _name, root in package.named("document.main")]
    for kind, label in (("header", _("页眉")), ("footer", _("页脚"))):
        found += [Story(labels.get(name) or label, kind, root) for name, root in package.named(kind)]
    for kind, label in (("footnotes", _("脚注")), ("endnotes", _("尾注"))):
        found += [Story(label, kind, root) for _name, root in package.named(kind)]
    return found


def _labels(package: Package) -> dict[str, str]:
    """What a header or footer is for, by the part's name: odd pages, even pages, the first one."""
    words = {
        ("header", "default"): _("页眉"),
        ("header", "even"): _("偶数页页眉"),
        ("header", "first"): _("首页页眉"),
        ("footer", "default"): _("页脚"),
        ("footer", "even"): _("偶数页页脚"),
        ("footer", "first"): _("首页页脚"),
    }
    found: dict[str, str] = {}
    for name, root in package.named("document.main"):
        folder, _sep, base = name.rpartition("/")
        rels = package.parts.get(f"{folder}/_rels/{base}.rels")
        targets = {row.get("Id"): row.get("Target", "") for row in (() if rels is None else rels)}
        for kind in ("header", "footer"):
            for row in root.iter(f"{W}{kind}Reference"):
                target = targets.get(row.get(f"{_R}id"), "")
                part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
                found.setdefault(part, words.get((kind, row.get(f"{W}type", "default")), words[kind, "default"]))
    return found


def _owner(element: etree._Element) -> etree._Element | None:
    return next((one for one in element.iterancestors(f"{W}p")), None)


def _walk(
    container: etree._Element,
    label: str,
    *,
    row: etree._Element | None = None,
    in_box: bool = False,
    is_top: bool = False,
) -> Iterator[Spot]:
    paragraphs = tables = 0
    for child in _flat(container):
        if child.tag == f"{W}p":
            paragraphs += 1
            place = _("%(where)s第%(n)d段") % {"where": label, "n": paragraphs}
            yield Spot(place, child, row, in_box, is_top and child.getparent() is container)
            for box in child.iter(f"{W}txbxContent"):
                if _owner(box) is child:
                    yield from _walk(box, _("%(where)s的文本框") % {"where": place}, in_box=True)
        elif child.tag == f"{W}tbl":
            tables += 1
            yield from _table(child, _("%(where)s第%(n)d个表格") % {"where": label, "n": tables}, in_box)


def _table(table: etree._Element, label: str, in_box: bool) -> Iterator[Spot]:
    rows = [one for one in _flat(table) if one.tag == f"{W}tr"]
    for number, row in enumerate(rows, start=1):
        cells = [one for one in _flat(row) if one.tag == f"{W}tc"]
        for column, cell in enumerate(cells, start=1):
            place = _("%(where)s第%(row)d行第%(cell)d格") % {"where": label, "row": number, "cell": column}
            yield from _walk(cell, place, row=row, in_box=in_box)


def _flat(container: etree._Element) -> Iterator[etree._Element]:
    for child in container:
        if child.tag in _FLAT:
            yield from _flat(child)
        else:
            yield child
