"""A Word file as a page shows it: paragraphs and tables in order, with what their styles say of place and weight."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import docx as word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from docx.text.paragraph import Paragraph

from duikou.documents.services import word_styles as styles

MOST = 400
_ALIGN = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "end"}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: `align` start, center or end; `weight` title, head or text; `is_red` as a head is."""

    text: str
    align: str = "start"
    weight: str = "text"
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One table, its cells as texts."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What stands on a Word paper: its header, its text, its footer."""

    head: tuple[Line | Grid, ...]
    text: tuple[Line | Grid, ...]
    foot: tuple[Line | Grid, ...]


def look_at(data: bytes) -> Look:
    """The beginning of a Word file that the platform made."""
    letter = word.Document(io.BytesIO(data))
    first = letter.sections[0]
    return Look(
        tuple(_pieces(first.header.iter_inner_content())),
        tuple(_pieces(letter.iter_inner_content()))[:MOST],
        tuple(_pieces(first.footer.iter_inner_content())),
    )


def _pieces(content: Iterator[Paragraph | Table]) -> Iterator[Line | Grid]:
    for piece in content:
        if isinstance(piece, Table):
            yield Grid(tuple(tuple(cell.text for cell in row.cells) for row in piece.rows))
        elif piece.text.strip():
            yield _line(piece)


def _line(piece: Paragraph) -> Line:
    style = piece.style
    name = str(style.name) if style is not None else ""
    align = piece.alignment
    colour = None
    if style is not None:
        align = style.paragraph_format.alignment if align is None else align
        colour = style.font.color.rgb
    for run in piece.runs:
        colour = run.font.color.rgb or colour
    weight = "title" if name in {styles.TITLE, styles.HEAD} else "head" if name in styles.HEADINGS else "text"
    is_red = colour is not None and str(colour)[:1] in "CDEF" and str(colour)[2:4] < "40"
    return Line(piece.text, _ALIGN.get(align, "start") if align is not None else "start", weight, is_red)
