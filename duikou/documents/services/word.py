"""A paper as Word: fields of a template filled, text and tables put in with real styles."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from duikou.documents.rules.paper import Annex, Paper, date_words
from duikou.documents.rules.tables import fitted, width_of
from duikou.documents.rules.titles import WIDE, balanced
from duikou.documents.services import word_styles as styles
from duikou.documents.services.word_close import add_head, set_closing
from duikou.documents.services.word_mark import add_mark
from duikou.documents.services.word_text import plain
from duikou.plans.services.text import Block, Run

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
DECISION_FIELDS = ("number", "text", "side", "owner", "due")
ENTRY_FIELDS = ("number", "title", "measure", "target", "first_units", "second_units", "due", "money")
"""What each of `entries` has, where a template makes its own table: {%tr for entry in entries %}."""


FILTERS = ("default", "length", "trim")
"""What a template may do with a value."""


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Where templates are parsed and run: values are escaped, an unknown one is an error, no function is in reach."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    made.globals.clear()
    made.tests.clear()
    for name in set(made.filters) - set(FILTERS):
        del made.filters[name]
    return made


def docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as .docx, through an office's template (one that passed `template_check`) or the shipped one.

    `body` and `table` are put in place of their paragraphs; a table that has no place stands on pages of its own.
    """
    places = {name: f"{name}-{uuid.uuid4().hex}" for name in ("body", "table")}
    hidden = uuid.uuid4().hex
    made = DocxTemplate(io.BytesIO(template or styles.built_in("minutes" if paper.banner else "text")))
    own_table = template is not None and _repeats(made, "decisions" if paper.banner else "entries")
    made.render(_guarded(fields_of(paper), hidden) | places, jinja_env=environment(), autoescape=True)
    half = io.BytesIO()
    made.save(half)
    half.seek(0)
    document = Document(half)
    _unguard(document, hidden)
    styles.add_styles(document)
    _put(document, places["body"], lambda at: _body(document, at, paper.blocks))
    if not _put(document, places["table"], lambda at: _annexes(document, at, paper.annexes)) and not own_table:
        for number, annex in enumerate(paper.annexes, start=1):
            if annex.is_inline:
                document.add_paragraph(style=styles.BODY)._p.addnext(_annex(document, annex)._tbl)
                continue
            styles.add_landscape(document)
            if paper.attachments:
                sign = f"附件{number}" if len(paper.attachments) > 1 else "附件"
                document.add_paragraph(sign, style=styles.ADDRESSEE)
            words = "\n".join(balanced(plain(annex.title), WIDE))
            title = document.add_paragraph(words, style=styles.TITLE)
            title._p.addnext(_annex(document, annex)._tbl)
    if template is None:
        add_head(document, paper.issuers)
        set_closing(document, paper)
    _imprint(document, paper)
    if mark := plain(paper.mark):
        add_mark(document, mark)
    _say_whose(document, paper)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _repeats(made: DocxTemplate, name: str) -> bool:
    """Whether the text of a template makes its own rows of a list."""
    made.init_docx()
    tree = environment().parse(made.patch_xml(made.get_xml()))
    return any(isinstance(one.iter, nodes.Name) and one.iter.name == name for one in tree.find_all(nodes.For))


def fields_of(paper: Paper) -> dict[str, Any]:
    """The fields that a template may name, but for those put in afterwards."""
    rows = paper.annexes[0].rows if paper.annexes else ()
    return {
        "title": "\n".join(balanced(plain(paper.title))),
        "number": plain(paper.number),
        "issuers": plain("\n".join(paper.issuers) + ("文件" if paper.issuers else "")),
        "addressee": plain(paper.addressee),
        "signers": plain("\n".join(paper.signers)),
        "date": date_words(paper.date) if paper.date else "",
        "mark": plain(paper.mark),
        "foot": plain("\n".join(paper.foot)),
        "attachments": plain(_attachments(paper.attachments)),
        "entries": [dict(zip(ENTRY_FIELDS, map(plain, row), strict=False)) for row in rows],
        "banner": plain(paper.banner),
        "decisions": [dict(zip(DECISION_FIELDS, map(plain, row), strict=False)) for row in rows],
        "attendance": [{"label": plain(one.label), "names": plain("\n".join(one.lines))} for one in paper.lists],
    }


def _guarded(value: Any, hidden: str) -> Any:
    """Values in which docxtpl would read its own escapes ({_{ for two braces) carry a word instead of the line."""
    if isinstance(value, str):
        return value.replace("{_", f"{{{hidden}").replace("_}", f"{hidden}}}")
    if isinstance(value, dict):
        return {name: _guarded(one, hidden) for name, one in value.items()}
    return [_guarded(one, hidden) for one in value]


def _unguard(document: Any, hidden: str) -> None:
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart):
            for words in part.element.iter(qn("w:t")):
                if words.text and hidden in words.text:
                    words.text = words.text.replace(hidden, "_")


def _attachments(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(f"附件：{name}" for name in names)
    return "\n".join(f"{'附件：' if number == 1 else '　　　'}{number}.{name}" for number, name in enumerate(names, 1))


def _put(document: Any, token: str, write: Any) -> bool:
    """Write at every paragraph that holds the token, then take the paragraph away; whether there was one."""
    found = False
    for paragraph in list(_paragraphs(document)):
        if token in paragraph.text:
            write(paragraph)
            paragraph._p.getparent().remove(paragraph._p)
            found = True
    return found


def _paragraphs(document: Any) -> Iterable[Any]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def _body(document: Any, at: Any, found: Iterable[Block]) -> None:
    for block in found:
        if block.kind == "table":
            table = _table(document, block)
            at._p.addprevious(table._tbl)
            continue
        style = styles.HEADINGS[min(block.level, 4) - 1] if block.kind == "head" else styles.BODY
        paragraph = at.insert_paragraph_before(style=style)
        if block.kind == "item":
            paragraph.add_run("· " if block.number is None else f"{block.number}. ")
            paragraph.paragraph_format.left_indent = Mm(11 * (block.level - 1)) if block.level > 1 else None
        elif block.kind == "quote":
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(11)
        _runs(paragraph, block.runs)


def _runs(paragraph: Any, runs: Iterable[Run]) -> None:
    for run in runs:
        words = paragraph.add_run(plain(run.text))
        words.bold = True if "strong" in run.dress else None
        words.italic = True if "em" in run.dress else None
        words.underline = True if "u" in run.dress else None
        words.font.strike = True if "s" in run.dress else None
        words.font.subscript = True if "sub" in run.dress else None
        words.font.superscript = True if "sup" in run.dress else None


def _table(document: Any, block: Block) -> Any:
    """A table of the text, spans merged as they were written."""
    width, rows = width_of(block.rows), fitted(block.rows)
    table = _grid(document, len(rows), width)
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while (down, across) in taken:
                across += 1
            last = table.cell(down + cell.rowspan - 1, across + cell.colspan - 1)
            target = table.cell(down, across)
            target = target if last._tc is target._tc else target.merge(last)
            taken |= {(down + d, across + a) for d in range(cell.rowspan) for a in range(cell.colspan)}
            target.paragraphs[0].style = styles.CELL
            _runs(target.paragraphs[0], cell.runs)
    return table


def _grid(document: Any, rows: int, columns: int) -> Any:
    table = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid" if "Table Grid" in {style.name for style in document.styles} else None
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    if table.style is None or table.style.name != "Table Grid":
        _border(table)
    return table


def _border(table: Any, sides: Iterable[str] = ("top", "left", "bottom", "right", "insideH", "insideV")) -> None:
    """Thin lines where the template has no style for tables with lines."""
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _annexes(document: Any, at: Any, annexes: Iterable[Annex]) -> None:
    for annex in annexes:
        at._p.addprevious(_annex(document, annex)._tbl)


def _annex(document: Any, annex: Annex) -> Any:
    """The table of promises: its header stands on every page, no row is torn over two."""
    table = _grid(document, 1 + len(annex.rows), len(annex.columns))
    table.autofit = False
    whole = sum(column.share for column in annex.columns)
    across = 225 if annex.is_landscape else 156
    widths = [Mm(across * column.share / whole) for column in annex.columns]
    for place, width in enumerate(widths):
        table.columns[place].width = width
    lines = [[column.title for column in annex.columns], *annex.rows]
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        _row_marks(row, header=number == 0)
        for cell, text, column, width in zip(row.cells, texts, annex.columns, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = styles.CELL
            paragraph.alignment = _ALIGN["center" if number == 0 else column.align]
            paragraph.add_run(plain(text)).bold = True if number == 0 else None
    return table


def _row_marks(row: Any, *, header: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if header else ("w:cantSplit",):
        properties.append(OxmlElement(name))


def _imprint(document: Any, paper: Paper) -> None:
    """版记: who gets copies, who printed it and when, between lines at the end (GB/T 9704-2012, 7.4)."""
    printed = f"{date_words(paper.printed)}印发" if paper.printed else ""
    if not (paper.copies or paper.printer or printed):
        return
    if document.sections[-1].page_width > document.sections[-1].page_height:
        styles.lay_out(document.add_section(WD_SECTION.NEW_PAGE))
    document.add_paragraph(style=styles.IMPRINT)
    rows = [("抄送：" + "，".join(paper.copies) + "。",)] if paper.copies else []
    table = document.add_table(rows=len(rows) + bool(paper.printer or printed), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _border(table, ("top", "bottom", "insideH"))
    _at_the_foot(table)
    document.add_paragraph(style=styles.IMPRINT)
    for row, (words,) in zip(table.rows, rows, strict=False):
        row.cells[0].merge(row.cells[1]).paragraphs[0].add_run(plain(words))
    if paper.printer or printed:
        first, last = table.rows[-1].cells
        first.paragraphs[0].add_run(plain(paper.printer))
        last.paragraphs[0].add_run(printed)
        last.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in {cell._tc: cell for row in table.rows for cell in row.cells}.values():
        cell.paragraphs[0].style = styles.IMPRINT


def _at_the_foot(table: Any) -> None:
    """Let the table stand at the lower edge of the type area, wherever the text ends."""
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpXSpec", "center"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    properties.insert(1 if properties.find(qn("w:tblStyle")) is not None else 0, place)


def _say_whose(document: Any, paper: Paper) -> None:
    facts: Mapping[str, str] = {"title": paper.title, "author": "、".join(paper.signers), "comments": ""}
    for name, value in facts.items():
        setattr(document.core_properties, name, plain(value)[:255])
