"""A Word file as paragraphs and tables, numbers of automatic numbering included; what is not taken is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from duikou.documents.rules.reading import Grid, Para
from duikou.documents.services.word_numbers import Numbers, Styles
from duikou.kernel.errors import Invalid
from duikou.plans.services.text import Cell, Run

MOST_BYTES = 50 * 1024 * 1024
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_XML = 60 * 1024 * 1024
MOST_PARAGRAPHS = 30_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FACES = ("黑体", "SimHei", "楷体", "KaiTi")
_THROUGH = {
    qn(f"w:{name}")
    for name in ("hyperlink", "smartTag", "fldSimple", "sdt", "sdtContent", "customXml", "ins", "moveTo")
}


@dataclass(slots=True)
class WordText:
    """What stands in the file in reading order, and what was left out, in sentences."""

    parts: list[Para | Grid] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def word_read(data: bytes) -> WordText:
    """Read a .docx; raises `Invalid` with what is wrong with the file and what to do."""
    with _package(data) as package:
        document = _xml(package, "word/document.xml")
        if document is None or document.find(qn("w:body")) is None:
            raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。"))
        reader = _Reader(package)
        reader.body(document.find(qn("w:body")))
        reader.tell()
    if not any(isinstance(part, Grid) or part.text.strip() for part in reader.found.parts):
        raise Invalid(_("文件里没有文字：可能是空文档，或者内容是图片（扫描件）。"))
    return reader.found


def _package(data: bytes) -> zipfile.ZipFile:
    if not data:
        raise Invalid(_("文件是空的。"))
    if len(data) > MOST_BYTES:
        raise Invalid(_("文件超过 %(limit)d MB，请去掉图片后再上传。") % {"limit": MOST_BYTES >> 20})
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Invalid(_("文件设有打开密码，请去掉密码后再上传。"))
        raise Invalid(_("这是旧格式的 Word 文档（.doc），请在 Word 或 WPS 里另存为 .docx 后再上传。"))
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。")) from None
    parts = package.infolist()
    names = {part.filename.lower() for part in parts}
    if "word/document.xml" not in names:
        if any(name.startswith(("xl/", "ppt/")) for name in names):
            raise Invalid(_("这是表格或幻灯片，不是 Word 文档；事项表请用“从Excel导入事项表”。"))
        raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。"))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Invalid(_("文件含有宏，请另存为不含宏的 .docx 后再上传。"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Invalid(_("文件解压后过大，不能接受。"))
    return package


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    """A part of the package, None where it is not there; raises `Invalid` for what is no plain XML."""
    try:
        with package.open(name) as part:
            data = part.read(MOST_XML + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。")) from None
    if len(data) > MOST_XML:
        raise Invalid(_("文件解压后过大，不能接受。"))
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。"))
    try:
        return parse_xml(data)
    except (SyntaxError, ValueError):
        raise Invalid(_("这不是 Word 文档（.docx），或文件已损坏。")) from None


class _Reader:
    """Walks the body once."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.found = WordText()
        self.styles = Styles(_xml(package, "word/styles.xml"))
        self.numbers = Numbers(_xml(package, "word/numbering.xml"), self.styles)
        self.notes = {
            kind: {note.get(qn("w:id")): _words(note) for note in (root if root is not None else ())}
            for kind, root in (
                ("footnote", _xml(package, "word/footnotes.xml")),
                ("endnote", _xml(package, "word/endnotes.xml")),
                ("comment", _xml(package, "word/comments.xml")),
            )
        }
        self.place = 0
        self.inserted = self.deleted = self.pictures = 0
        self.in_cell = False

    # -- blocks ----------------------------------------------------------------------------------------------------

    def body(self, parent: Any) -> None:
        """Paragraphs and tables below `parent`, in order."""
        for child in parent:
            if child.tag == qn("w:p"):
                self._keep(self.paragraph(child))
            elif child.tag == qn("w:tbl"):
                self._keep(self.table(child))
            elif child.tag in _THROUGH:
                self.body(child)
            elif child.tag == qn("w:altChunk"):
                self._left(_("嵌入的另一份文档"), "")

    def _keep(self, part: Para | Grid) -> None:
        self.found.parts.append(part)
        if len(self.found.parts) > MOST_PARAGRAPHS:
            raise Invalid(_("文档超过 %(limit)d 段，请分成几份上传。") % {"limit": MOST_PARAGRAPHS})

    def paragraph(self, element: Any) -> Para:
        """One paragraph with the number that Word would set before it."""
        self.place += 1
        properties = element.find(qn("w:pPr"))
        style = self.styles.of(properties)
        runs = list(self._runs(element, bold=style.is_bold))
        words = "".join(run.text for run, _marked in runs)
        number = self.numbers.next(properties, style) if words.strip() else ""
        marked = "".join("m" * len(run.text) if is_marked else "-" * len(run.text) for run, is_marked in runs)
        lead = len(marked) - len(marked.lstrip("m"))
        return Para(
            place=self.place,
            runs=tuple(run for run, _marked in runs),
            number=number,
            style=style.name,
            outline=self.styles.outline(properties, style),
            align=self.styles.align(properties, style),
            lead=lead if lead < len(words.rstrip()) else 0,
            is_marked=bool(marked) and "-" not in marked.strip(),
        )

    def table(self, element: Any) -> Grid:
        """One table; a cell that goes on from above is merged with it, tables inside cells become lines of text."""
        rows: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}
        outer, self.in_cell = self.in_cell, True
        for line in element.iterchildren(qn("w:tr")):
            cells: list[Cell] = []
            at = 0
            for cell in _cells(line):
                properties = cell.find(qn("w:tcPr"))
                span = _value(properties, "gridSpan")
                across = max(1, min(int(span), 63)) if span and span.isdecimal() else 1
                merge = None if properties is None else properties.find(qn("w:vMerge"))
                if merge is not None and merge.get(qn("w:val")) != "restart" and at in above:
                    row, place = above[at]
                    known = rows[row][place]
                    rows[row][place] = Cell(known.runs, known.is_head, known.colspan, known.rowspan + 1)
                else:
                    above[at] = (len(rows), len(cells))
                    cells.append(Cell(self._cell(cell), not rows, across))
                at += across
            rows.append(cells)
        self.in_cell = outer
        self.place += 1
        return Grid(self.place, tuple(map(tuple, rows)))

    def _cell(self, cell: Any) -> tuple[Run, ...]:
        found: list[Run] = []
        for child in cell.iter(qn("w:p")):
            line = self.paragraph(child)
            self.place -= 1
            if not line.text.strip():
                continue
            if found:
                found.append(Run("\n"))
            if line.number:
                found.append(Run(line.number))
            found += line.runs
        return tuple(found)

    # -- words -----------------------------------------------------------------------------------------------------

    def _runs(self, parent: Any, *, bold: bool) -> Iterator[tuple[Run, bool]]:
        for child in parent:
            if child.tag == qn("w:r"):
                yield from self._run(child, bold=bold)
            elif child.tag in {qn("w:del"), qn("w:moveFrom")}:
                self.deleted += 1
            elif child.tag in _THROUGH:
                self.inserted += child.tag in {qn("w:ins"), qn("w:moveTo")}
                yield from self._runs(child, bold=bold)
            elif child.tag.startswith(_MATH):
                self._left(_("公式"), _words(child))
            elif child.tag == f"{_MC}AlternateContent":
                self._drawn(child)

    def _run(self, run: Any, *, bold: bool) -> Iterator[tuple[Run, bool]]:
        properties = run.find(qn("w:rPr"))
        text = "".join(self._signs(run))
        if not text:
            return
        if _is_on(properties, "vanish", default=False):
            self._left(_("隐藏的文字"), text)
            return
        own = self.styles.bold_of_run(properties)
        is_bold = _is_on(properties, "b", default=bold if own is None else own)
        fonts = None if properties is None else properties.find(qn("w:rFonts"))
        face = "" if fonts is None else fonts.get(qn("w:eastAsia")) or ""
        dress = {"strong"} if is_bold else set()
        for name, mark in (("i", "em"), ("strike", "s")):
            dress |= {mark} if _is_on(properties, name, default=False) else set()
        if (line := _value(properties, "u")) and line != "none":
            dress.add("u")
        raised = _value(properties, "vertAlign")
        dress |= {"superscript": {"sup"}, "subscript": {"sub"}}.get(raised or "", set())
        yield Run(text, frozenset(dress)), is_bold or face.startswith(_FACES)

    def _signs(self, run: Any) -> Iterator[str]:
        for child in run:
            name = child.tag.rpartition("}")[2]
            if name == "t":
                yield child.text or ""
            elif name in {"tab", "ptab"}:
                yield "\t"
            elif (name == "br" and child.get(qn("w:type")) in {None, "textWrapping"}) or name == "cr":
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                self._left(_("特殊符号"), child.get(qn("w:char")) or "")
            elif name == "ruby":
                yield "".join(one.text or "" for base in child.iter(qn("w:rubyBase")) for one in base.iter(qn("w:t")))
            elif name in {"footnoteReference", "endnoteReference", "commentReference"}:
                self._note(name.removesuffix("Reference"), child.get(qn("w:id")))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._drawn(child)

    def _note(self, kind: str, number: str | None) -> None:
        label = {"footnote": _("脚注"), "endnote": _("尾注"), "comment": _("批注")}[kind]
        self._left(label, self.notes[kind].get(number, ""))

    def _drawn(self, element: Any) -> None:
        boxes = list(element.iter(qn("w:txbxContent")))
        if boxes:
            self._left(_("文本框"), _words(boxes[0]))
        elif element.tag == qn("w:object"):
            self._left(_("嵌入对象"), "")
        else:
            self.pictures += 1

    def _left(self, what: str, words: str) -> None:
        told = _("第%(place)d段的%(what)s：“%(words)s”") if words else _("第%(place)d段的%(what)s")
        self.found.left_out.append(told % {"place": self.place, "what": what, "words": words.strip()[:200]})

    def tell(self) -> None:
        """What was met all over the file, in one sentence each."""
        told = self.found.left_out
        if self.pictures:
            told.append(_("%(count)d张图片（图形）") % {"count": self.pictures})
        if self.inserted or self.deleted:
            told.append(
                _("修订痕迹：%(inserted)d处插入已按接受处理，%(deleted)d处删除的文字没有导入")
                % {"inserted": self.inserted, "deleted": self.deleted}
            )


def _cells(line: Any) -> Iterator[Any]:
    for child in line:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in _THROUGH:
            yield from _cells(child)


def _words(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter() if str(one.tag).rpartition("}")[2] == "t").strip()


def _value(properties: Any, name: str) -> str | None:
    found = None if properties is None else properties.find(qn(f"w:{name}"))
    value: str | None = None if found is None else found.get(qn("w:val"))
    return value


def _is_on(properties: Any, name: str, *, default: bool) -> bool:
    found = None if properties is None else properties.find(qn(f"w:{name}"))
    return default if found is None else found.get(qn("w:val")) not in {"0", "false", "off"}
