"""An official paper as values: what stands on it, not how it is set.

One description serves every form: the typesetter (PDF), the word processor (Word) and the page (preview).
The parts are those of GB/T 9704-2012: 发文机关标志, 发文字号, 标题, 主送机关, 正文, 附件说明, 发文机关署名, 成文日期.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from duikou.plans.services.text import Block, Run


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `share` is its part of the width among the others' shares; `align` left, center, right."""

    title: str
    share: int = 10
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Annex:
    """A table on pages of its own after the text, or (`is_inline`) right after it; the header is on every page."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    is_landscape: bool = True
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class NameList:
    """出席, 请假 or 列席 of minutes: who, a line each for the two sides."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on a paper; Chinese in every interface language, for papers are acts of offices.

    `issuers` stand in red above the number where a paper has a head (红头); `signers` close it. `mark` is set across
    every page of a text that is not signed. `copies`, `printer` and `printed` are the 版记 at the foot of the last page
    (抄送机关、印发机关、印发日期). `foot` are small lines at the foot of every page: version, digest, where to
    check them. `banner` (纪要标志), `lists` and an inline table are those of minutes, whose date stands below the
    banner. `blocks` are rich text; the level of a `head` block is 1–4 (一、（一）1.（1）), number included.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    issuers: tuple[str, ...] = ()
    number: str = ""
    addressee: str = ""
    attachments: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    date: dt.date | None = None
    copies: tuple[str, ...] = ()
    printer: str = ""
    printed: dt.date | None = None
    annexes: tuple[Annex, ...] = ()
    mark: str = ""
    foot: tuple[str, ...] = ()
    banner: str = ""
    lists: tuple[NameList, ...] = ()


def heading(text: str, level: int) -> Block:
    """A heading of the paper."""
    return Block("head", (Run(text),), level=level)


def paragraph(text: str) -> Block:
    """A paragraph in plain dress."""
    return Block("p", (Run(text),))


def texts_of(paper: Paper) -> Iterable[str]:
    """Every text that stands on the paper, in any order."""
    yield from (paper.title, paper.number, paper.addressee, paper.mark, paper.printer, paper.banner)
    for names in paper.lists:
        yield from (names.label, *names.lines)
    yield from (*paper.issuers, *paper.attachments, *paper.signers, *paper.copies, *paper.foot)
    for block in paper.blocks:
        yield from (run.text for run in block.runs)
        yield from (run.text for row in block.rows for cell in row for run in cell.runs)
    for annex in paper.annexes:
        yield annex.title
        yield from (column.title for column in annex.columns)
        yield from (text for row in annex.rows for text in row)


def date_words(day: dt.date) -> str:
    """成文日期 in Arabic figures without leading noughts (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def opening(paper: Paper, characters: int = 9_000, rows: int = 40) -> tuple[Paper, bool]:
    """The beginning of a paper, about twelve pages of text and some of each table, and whether it was cut."""
    kept, left = [], characters
    for block in paper.blocks:
        if left <= 0:
            break
        kept.append(block)
        left -= len(block.text)
    annexes = tuple(replace(annex, rows=annex.rows[:rows]) for annex in paper.annexes)
    shown = replace(paper, blocks=tuple(kept), annexes=annexes)
    return shown, shown != paper
