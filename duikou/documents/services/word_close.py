"""Head and closing of the shipped Word paper as GB/T 9704-2012 places them: what a plain field cannot do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from duikou.documents.rules.paper import Paper, date_words
from duikou.documents.services import word_styles as styles
from duikou.documents.services.word_text import plain

_HALF = 160
"""Half a character of 3号 in twentieths of a point."""
JOINT = Pt(26)
LEFT = 8
"""The date stands four characters from the edge (7.3.5.1), in halves."""


def add_head(document: Any, issuers: Sequence[str]) -> None:
    """联合行文: the names below one another, 文件 at their right and in the middle of their height (7.2.4)."""
    if len(issuers) < 2:
        return
    at = next((one for one in document.paragraphs if one.style.name == styles.HEAD), None)
    if at is None:
        return
    before = at.insert_paragraph_before(style=styles.HEAD)
    before.paragraph_format.space_before = before.paragraph_format.space_after = Pt(0)
    before.paragraph_format.line_spacing = Mm(33)
    table = document.add_table(rows=len(issuers), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row, name in zip(table.rows, issuers, strict=True):
        _head_words(row.cells[0], plain(name))
    last = table.cell(0, 1).merge(table.cell(len(issuers) - 1, 1))
    for extra in last.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    _head_words(last, "文件")
    last.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    longest = max(width_of_words(name) for name in issuers) / 2 * 26 + 16
    wide = min(Pt(longest), Mm(126))
    for column, width in zip(table.columns, (wide, Mm(28)), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    at._p.addprevious(table._tbl)
    at._p.getparent().remove(at._p)
    below = table._tbl.getnext()
    if below is not None and below.tag == qn("w:p"):
        WordParagraph(below, table._parent).paragraph_format.space_before = Pt(2 * styles.LINE.pt)


def _head_words(cell: Any, words: str) -> None:
    line = cell.paragraphs[0]
    line.style = styles.HEAD
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing = Pt(40)
    line.add_run(words).font.size = JOINT


def set_closing(document: Any, paper: Paper) -> None:
    """署名 centred on the 成文日期, which stands four characters from the edge; long names keep to the type area."""
    day = date_words(paper.date) if paper.date and not paper.banner else ""
    names = [plain(name) for name in paper.signers]
    lines = [*names, *([day] if day else [])]
    if not lines:
        return
    wide = max(map(width_of_words, lines))
    free = max(LEFT - (wide - width_of_words(lines[-1])) // 2, 0)
    for part in list(document.paragraphs):
        if part.style.name != styles.SIGNER or not part.text:
            continue
        if part.text == day:
            _from_right(part, free + (wide - width_of_words(day)) // 2)
        elif names and part.text == "\n".join(names):
            for name in names:
                line = part.insert_paragraph_before(name, style=styles.SIGNER)
                _from_right(line, free + (wide - width_of_words(name)) // 2)
            part._p.getparent().remove(part._p)


def width_of_words(words: str) -> int:
    """How wide words are, in halves of a character: ASCII takes one, everything else two."""
    return sum(1 if sign.isascii() else 2 for sign in words)


def _from_right(part: Any, halves: int) -> None:
    indent = part._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:rightChars"), str(halves * 50))
    indent.set(qn("w:right"), str(halves * _HALF))
