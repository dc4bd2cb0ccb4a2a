"""A paper set as PDF by typst: data goes in beside the layout, so nothing written is ever read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from duikou.documents.rules.paper import Annex, Paper, date_words, texts_of
from duikou.documents.rules.tables import fitted, width_of
from duikou.documents.rules.titles import MOST, WIDE, balanced
from duikou.kernel.typesetting import fonts
from duikou.kernel.typesetting.engine import STANDARD, drawn, typeset
from duikou.plans.services.text import Block, Cell, Run

LAYOUT = Path(__file__).resolve().parents[1] / "typst" / "paper.typ"


@dataclass(frozen=True, slots=True)
class Typeset:
    """A paper as PDF; `missing` are the characters that no font here has, drawn as 〔U+…〕."""

    data: bytes
    missing: tuple[str, ...]


def pdf(paper: Paper) -> Typeset:
    """Set a paper in the layout of GB/T 9704-2012 as PDF/A-2b."""
    missing = fonts.missing(texts_of(paper))
    data = data_of(paper, replacements(missing))
    try:
        return Typeset(typeset(layout(), data, standard=STANDARD), missing)
    except typst.TypstError:  # signs that can be drawn alone but not as they are joined: a plain PDF rather than none
        return Typeset(typeset(layout(), data), missing)


def pictures(paper: Paper) -> tuple[list[bytes], tuple[str, ...]]:
    """Every page as PNG for the screen, and the characters that no font here has."""
    missing = fonts.missing(texts_of(paper))
    return drawn(layout(), data_of(paper, replacements(missing))), missing


def replacements(missing: Iterable[str]) -> dict[str, str]:
    """What stands for characters that cannot be drawn: their codes."""
    return {sign: f"〔U+{ord(sign):04X}〕" for sign in missing}


@cache
def layout() -> bytes:
    """The layout's source."""
    return LAYOUT.read_bytes()


def data_of(paper: Paper, replaced: Mapping[str, str]) -> dict[str, Any]:
    """The paper as plain values, characters that cannot be drawn put in words."""
    table = str.maketrans(dict(replaced))

    def say(text: str) -> str:
        return text.translate(table)

    return {
        "title": say(paper.title),
        "lines": [say(line) for line in balanced(paper.title)],
        "number": say(paper.number),
        "issuers": [say(name) for name in paper.issuers],
        "addressee": say(paper.addressee),
        "attachments": [say(name) for name in paper.attachments],
        "signers": [say(name) for name in paper.signers],
        "date": date_words(paper.date) if paper.date else "",
        "copies": "，".join(say(name) for name in paper.copies),
        "printer": say(paper.printer),
        "printed": f"{date_words(paper.printed)}印发" if paper.printed else "",
        "mark": say(paper.mark),
        "foot": [say(line) for line in paper.foot],
        "banner": say(paper.banner),
        "lists": [{"label": say(one.label), "lines": [say(line) for line in one.lines]} for one in paper.lists],
        "fonts": dict(fonts.families()),
        "blocks": [_block(block, say) for block in paper.blocks],
        "annexes": [_annex(annex, say) for annex in paper.annexes],
    }


def _block(block: Block, say: Any) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "level": block.level,
        "number": block.number,
        "runs": _runs(block.runs, say),
        "rows": [[_cell(cell, say) for cell in row] for row in fitted(block.rows)],
        "width": width_of(block.rows),
    }


def _runs(runs: Iterable[Run], say: Any) -> list[dict[str, Any]]:
    return [{"t": say(run.text), "d": sorted(run.dress)} for run in runs]


def _cell(cell: Cell, say: Any) -> dict[str, Any]:
    return {"runs": _runs(cell.runs, say), "head": cell.is_head, "colspan": cell.colspan, "rowspan": cell.rowspan}


def _annex(annex: Annex, say: Any) -> dict[str, Any]:
    return {
        "lines": [say(line) for line in balanced(annex.title, WIDE if annex.is_landscape else MOST)],
        "landscape": annex.is_landscape,
        "inline": annex.is_inline,
        "columns": [{"title": say(c.title), "share": c.share, "align": c.align} for c in annex.columns],
        "rows": [[say(text) for text in row] for row in annex.rows],
    }
