"""What a plan in Word says, as headings and promises: understood by numbers, styles and the words offices use.

| what stands there | is taken as |
|---|---|
| 第一章、一、（一）1.（1） before few words, or a heading style | a heading |
| 1. **Bold words.** text, （一）First sentence. text | a heading with text below it |
| a heading without headings below it that names responsible units | a promise |
| （责任单位：…）, 责任单位：…, 上海方：…；大连方：… | its two lists of units |
| 完成时限：…, （2020年底前完成）, 2020年底前 in the text | its due date: the last that is named |
| a table with columns of a table of promises | promises, one a row |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from duikou.kernel.periods import days_of
from duikou.plans.services.text import Cell, Run
from duikou.plans.services.units import SideNames

HAN = "一二三四五六七八九十百零〇"
LONGEST_HEADING = 60
_RANKS = (
    (1, re.compile(rf"\s*第[{HAN}\d]+[章篇部]分?[\s、.．：:]*")),
    (2, re.compile(rf"\s*第[{HAN}\d]+节[\s、.．：:]*")),
    (3, re.compile(rf"\s*[{HAN}]+[、.．]\s*")),
    (4, re.compile(rf"\s*[（(][{HAN}]+[）)][\s、.．]*")),
    (5, re.compile(r"\s*\d{1,3}(?:[.．](?!\d)|、)\s*")),
    (6, re.compile(r"\s*(?:[（(]\d{1,3}[）)]|\d{1,3}[）)])[\s、.．]*")),
    (7, re.compile(r"\s*[①-⑳][\s、.．]*")),
)
_LABELS: Mapping[str, str] = {
    **dict.fromkeys(
        ("责任单位", "责任部门", "牵头单位", "牵头部门", "主办单位", "承办单位", "配合单位", "责任分工"), "units"
    ),
    **dict.fromkeys(("完成期限", "完成时限", "完成时间", "时间节点", "时限", "时间安排", "实施期限"), "due_on"),
    **dict.fromkeys(("目标", "工作目标", "预期目标", "年度目标", "预期成果"), "target"),
    **dict.fromkeys(("资金", "资金来源", "资金安排"), "money"),
}
_LABEL = re.compile(rf"\s*[（(]?({'|'.join(_LABELS)})\s*[：:]\s*")
_INSIDE = re.compile(rf"[（(]\s*({'|'.join(_LABELS)})\s*[：:]")
_DUE = re.compile(
    r"((?:19|20)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:底|末|上半年|下半年|第?[一二三四]季度)?)(?:之前|以前|前)"
)
_DATE_LINE = re.compile(rf"\s*(?:\d{{4}}|[{HAN}○ＯO]{{4}})年[{HAN}\d]{{1,3}}月(?:[{HAN}\d]{{1,3}}日)?\s*")
_DOCUMENT_NUMBER = re.compile(r"[^。]{1,20}[〔\[［(（]\d{4}[〕\]］)）]\s*第?\s*\d+\s*号")
_TITLE_STYLES = {"title", "公文标题", "文档标题", "标题"}


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph: its place in the file, its words, the automatic number before them, what its style says.

    `lead`: how many characters at the beginning are set off from the rest (bold, 黑体, 楷体); `is_marked`: all are.
    """

    place: int
    runs: tuple[Run, ...]
    number: str = ""
    style: str = ""
    outline: int = 0
    align: str = ""
    lead: int = 0
    is_marked: bool = False

    @property
    def text(self) -> str:
        """The words without the automatic number."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table and its place in the file."""

    place: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(slots=True)
class Item:
    """A heading or promise: `level` from 1, the number as written, text below it as HTML, what its words name.

    `facts` are texts by column of the table of promises; `origin` is text or table.
    """

    place: int
    rank: int
    number: str
    title: str
    level: int = 1
    body: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    is_entry: bool = False
    origin: str = "text"

    @property
    def html(self) -> str:
        """The text below the heading."""
        return "".join(self.body)


@dataclass(slots=True)
class Outline:
    """What was understood: title, items in reading order, what was left out as (what, words)."""

    title: str = ""
    items: list[Item] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


Columns = Callable[[Sequence[str]], Mapping[int, str] | None]
"""Header of a table → which column (by place) is which of a table of promises; None where it is no such table."""


def outline_of(parts: Sequence[Para | Grid], names: SideNames, columns: Columns) -> Outline:
    """The plan that the parts make."""
    reader = _Understanding(names, columns, _ranks_of_styles(parts))
    for part in parts:
        if isinstance(part, Grid):
            reader.table(part)
        else:
            reader.paragraph(part)
    return reader.finished()


def _ranks_of_styles(parts: Sequence[Para | Grid]) -> dict[int, int]:
    """Outline level → the rank of the numbers that its paragraphs carry; without numbers, the level's own place."""
    found: dict[int, dict[int, int]] = {}
    for part in parts:
        if isinstance(part, Para) and part.outline:
            rank = numbered(part.number + part.text)[0]
            if rank:
                counts = found.setdefault(part.outline, {})
                counts[rank] = counts.get(rank, 0) + 1
    known = {level: max(counts, key=lambda rank: counts[rank]) for level, counts in found.items()}
    return {level: known.get(level, level + 2) for level in range(1, 10)}


def numbered(text: str) -> tuple[int, str, str]:
    """Rank of the number that stands before the words (0: none), the number, the words after it."""
    for rank, pattern in _RANKS:
        found = pattern.match(text)
        if found and found.end() < len(text):
            return rank, found[0].strip(), text[found.end() :].strip()
    return 0, "", text.strip()


class _Understanding:
    def __init__(self, names: SideNames, columns: Columns, styles: Mapping[int, int]) -> None:
        self.names, self.columns, self.styles = names, columns, styles
        self.found = Outline()
        self.preface: list[str] = []
        self.titles: list[str] = []
        self.is_titled = False
        self.in_annex = False

    # -- paragraphs ------------------------------------------------------------------------------------------------

    def paragraph(self, para: Para) -> None:
        """Take one paragraph."""
        text = (para.number + para.text).strip()
        if not text:
            return
        if para.style.startswith("toc") or para.style.startswith("目录"):
            self._leave("contents", text)
        elif (not self.found.items and self._before(para, text)) or self._after(para, text):
            return
        elif not self._fact(text) and not self._heading(para, text):
            self._text(para, text)

    def _before(self, para: Para, text: str) -> bool:
        """What stands before the first heading: mark of the office, number, title, addressee."""
        if _DOCUMENT_NUMBER.fullmatch(text):
            self._leave("number", text)
        elif para.style in _TITLE_STYLES or (
            para.align == "center"
            and not numbered(text)[0]
            and len(text) <= LONGEST_HEADING
            and text[-1] not in "。；：:"
        ):
            if para.style not in _TITLE_STYLES and not self.titles and text.endswith("文件") and len(text) <= 40:
                self._leave("head", text)
            elif self.preface:
                return False
            else:
                self.titles.append(text)
        elif para.style == "主送机关" or (text[-1] in "：:" and len(text) <= 200 and not self.preface and self.titles):
            self._leave("addressee", text)
        else:
            return False
        return True

    def _after(self, para: Para, text: str) -> bool:
        """What closes a paper: attachments, signers, date; and the title of an annex."""
        if not self.found.items:
            return False
        if re.match(r"附件\s*\d*\s*(?:[：:]|$)", text) and len(text) <= 300:
            self.in_annex = not re.match(r"附件\s*\d*\s*[：:]", text)
            self._leave("annex", text)
        elif _DATE_LINE.fullmatch(text):
            for words in reversed(self._signers()):
                self._leave("signers", words)
            self._leave("date", text)
        elif para.style in {"落款", "附件说明"}:
            self._leave("signers" if para.style == "落款" else "annex", text)
        elif para.style in _TITLE_STYLES or (self.in_annex and para.align == "center" and len(text) <= LONGEST_HEADING):
            self._leave("annex", text)
        else:
            return False
        return True

    def _signers(self) -> list[str]:
        """Short lines to the right that stand before the date: taken out of the text again."""
        body: list[str] = self.found.items[-1].body
        found: list[str] = []
        while body and len(found) < 6 and body[-1].startswith("<p data-right>"):
            found.append(re.sub(r"<[^>]*>", "", body.pop()))
        return found[::-1]

    def _fact(self, text: str) -> bool:
        """A line of its own that names units, a date, a target or money of the promise above."""
        if not self.found.items:
            return False
        item = self.found.items[-1]
        label = _LABEL.match(text)
        if label:
            words = text[label.end() :].strip()
            words = words.rstrip("）) 。") if text.lstrip()[0] in "（(" else words.rstrip("。 ")
            if text.lstrip()[0] in "（(" and words.count("（") > words.count("）"):
                words += "）"
            _add(item, label[1], words)
            return True
        side = re.match(r"\s*([^：:（(。]{1,12})[：:]", text)
        if (
            side
            and self.names.side_at(side[1].strip())[0]
            and self.names.side_at(side[1].strip())[1] in {"", "责任单位"}
        ):
            _add(item, "责任单位", text.rstrip("。 "))
            return True
        return False

    def _heading(self, para: Para, text: str) -> bool:
        rank, number, words = numbered(text)
        if para.outline and not rank:
            rank = self.styles[para.outline]
        if not rank:
            return False
        title, rest = self._parted(para, words, rank)
        if not title:
            return False
        item = Item(para.place, rank, number, title)
        self.found.items.append(item)
        self.in_annex = False
        if rest:
            skipped = len(text) - len(rest)
            self._keep(item, rest, _behind(para, skipped - len(para.number)) or (Run(rest),))
        return True

    def _parted(self, para: Para, words: str, rank: int) -> tuple[str, str]:
        """The heading and the text that follows it in the same paragraph; ("", "") where it is no heading."""
        plain = re.sub(_INSIDE.pattern + r".*", "", words).strip()
        is_style = bool(para.outline)
        before = len(para.text) - len(words) if not para.number else 0
        if para.lead:
            lead = para.text[max(before, 0) : para.lead].strip() if para.lead > before else ""
            lead = numbered(lead)[2] if para.number == "" else lead
            if 2 <= len(lead.strip("。：: ")) <= LONGEST_HEADING and words.startswith(lead):
                return lead.strip("。：:．. "), words[len(lead) :].lstrip("。：: ")
        if (
            len(plain) <= LONGEST_HEADING
            and plain
            and plain[-1] not in "。；;，,：:"
            and (rank <= 5 or is_style or para.is_marked)
        ):
            return plain, words[len(plain) :].strip()
        first = re.match(r"([^。；;：:]{2,40})[。：:](.+)", words, re.DOTALL)
        if first and rank >= 4 and (rank <= 5 or is_style) and "，" not in first[1]:
            return first[1].strip(), first[2].strip()
        if is_style and len(words) <= 200:
            return words.rstrip("。"), ""
        return "", ""

    def _text(self, para: Para, text: str) -> None:
        if not self.found.items:
            self.preface.append(f"<p>{_html(para)}</p>")
            return
        item = self.found.items[-1]
        runs = (Run(para.number), *para.runs) if para.number else para.runs
        self._keep(item, text, runs, right=para.align in {"right", "end"} and len(text) <= 40)

    def _keep(self, item: Item, text: str, runs: Sequence[Run], *, right: bool = False) -> None:
        """Text below a heading; facts in brackets inside it are taken out."""
        left, facts = _taken_out(text)
        for name, words in facts:
            _add(item, name, words)
        if facts:
            runs = (Run(left),)
        if left.strip(" 。"):
            item.body.append(f"<p{' data-right' if right else ''}>{_dressed(runs)}</p>")

    # -- tables ----------------------------------------------------------------------------------------------------

    def table(self, grid: Grid) -> None:
        """A table of promises becomes promises, any other one stays a table of the text."""
        rows = _filled(grid.rows)
        at, found = next(
            ((at, found) for at, row in enumerate(rows[:3]) if (found := self.columns(row)) is not None), (0, None)
        )
        if found is None:
            html = _table(grid.rows)
            if self.found.items:
                self.found.items[-1].body.append(html)
            else:
                self.preface.append(html)
            return
        for row in rows[at + 1 :]:
            self._row(grid, row, found)

    def _row(self, grid: Grid, row: Sequence[str], columns: Mapping[int, str]) -> None:
        words = list(dict.fromkeys(text for text in row if text))
        if not words or words[0].replace(" ", "") in {"合计", "总计", "小计"}:
            return
        if len(words) == 1 and len(row) > 1:
            rank, number, title = numbered(words[0])
            self.found.items.append(Item(grid.place, rank or 3, number, title[:200], origin="table"))
            return
        facts = {key: row[at] for at, key in columns.items() if at < len(row) and row[at]}
        title = numbered(facts.pop("title", ""))[2]
        if title:
            item = Item(grid.place, 9, "", title[:200], facts=facts, is_entry=True, origin="table")
            measure = "\n".join([*([title] if len(title) > 200 else []), facts.pop("measure", "")]).strip()
            if measure:
                item.body = [f"<p>{escape(line, quote=False)}</p>" for line in measure.split("\n") if line.strip()]
            self.found.items.append(item)

    # -- the whole -------------------------------------------------------------------------------------------------

    def finished(self) -> Outline:
        """Levels set, promises told from headings, doubles folded."""
        found = self.found
        found.title = "".join(self.titles)
        if self.preface:
            found.items.insert(0, Item(0, 3, "", "前言", body=self.preface))
        _promises(found.items)
        _levels(found.items)
        self._fold()
        for item in found.items:
            item.body = [part.replace("<p data-right>", "<p>") for part in item.body]
        return found

    def _fold(self) -> None:
        """A promise that the text and a table both name stands once; the table fills in what the text does not say."""
        known: dict[str, Item] = {}
        kept = []
        for item in self.found.items:
            first = known.get(item.title) if item.is_entry else None
            if item.is_entry and first is None:
                known[item.title] = item
            if first is not None and item.origin == "table" and first.origin == "text":
                first.facts = {**item.facts, **first.facts}
                self._leave("double", item.title)
            else:
                kept.append(item)
        self.found.items = kept

    def _leave(self, what: str, words: str) -> None:
        self.found.left_out.append((what, words[:300]))


def _promises(items: Sequence[Item]) -> None:
    """A heading that names units and has no heading below it is a promise; else its lists stay in its text."""
    for at, item in enumerate(items):
        if item.origin == "table":
            continue
        after = items[at + 1] if at + 1 < len(items) else None
        is_leaf = after is None or after.rank <= item.rank or after.origin == "table"
        if "units" in item.facts and is_leaf and item.rank:
            item.is_entry = True
            if "due_on" not in item.facts and (due := _due(re.sub(r"<[^>]*>", "", item.html))):
                item.facts["due_on"] = due
        else:
            item.body += [f"<p>{escape(words, quote=False)}</p>" for words in item.facts.values()]
            item.facts = {}


def _levels(items: Sequence[Item]) -> None:
    """Ranks to levels 1, 2, 3…: what stands below a heading is one level deeper, whatever its number."""
    stack: list[int] = []
    for item in items:
        if item.origin == "table" and item.is_entry:
            item.level = len(stack) + 1
            continue
        while stack and stack[-1] >= item.rank:
            stack.pop()
        item.level = len(stack) + 1
        if not item.is_entry:
            stack.append(item.rank)


def _due(text: str) -> str:
    """The last of the dates before which a text wants something done."""
    found = [(days.last, words) for words in _DUE.findall(text) if (days := days_of(words))]
    return max(found)[1] if found else ""


def _add(item: Item, label: str, words: str) -> None:
    key = _LABELS[label]
    words = f"{label}：{words}" if label.startswith(("牵头", "主办", "配合")) else words
    item.facts[key] = f"{item.facts[key]}；{words}" if key in item.facts and words else item.facts.get(key) or words


def _taken_out(text: str) -> tuple[str, list[tuple[str, str]]]:
    """（责任单位：…） and its like inside a text: the text without them, and what they say."""
    found, kept, at = [], "", 0
    for start in _INSIDE.finditer(text):
        if start.start() < at:
            continue
        depth, end = 0, start.start()
        for end in range(start.start(), len(text)):
            depth += (text[end] in "（(") - (text[end] in "）)")
            if not depth:
                break
        found.append((start[1], text[start.end() : end].strip()))
        kept += text[at : start.start()]
        at = end + 1
    return (kept + text[at:]).strip(), found


def _behind(para: Para, start: int) -> tuple[Run, ...]:
    """The runs of a paragraph from a character on."""
    left, found = start, []
    for run in para.runs:
        if left < len(run.text):
            found.append(Run(run.text[max(left, 0) :], run.dress))
        left -= len(run.text)
    return tuple(found)


def _filled(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The words of every place of a table; merged cells say the same everywhere."""
    taken: dict[tuple[int, int], str] = {}
    for down, row in enumerate(rows):
        at = 0
        for cell in row:
            while (down, at) in taken:
                at += 1
            for below in range(cell.rowspan):
                for across in range(cell.colspan):
                    taken[down + below, at + across] = cell.text.strip()
            at += cell.colspan
    width = 1 + max((at for _down, at in taken), default=-1)
    return [[taken.get((down, at), "") for at in range(width)] for down in range(len(rows))]


def _html(para: Para) -> str:
    return escape(para.number, quote=False) + _dressed(para.runs)


def _dressed(runs: Sequence[Run]) -> str:
    return "".join(_run(run) for run in runs).strip()


def _run(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br>").replace("\t", "　")
    for name in sorted(run.dress):
        text = f"<{name}>{text}</{name}>"
    return text


def _table(rows: Sequence[Sequence[Cell]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(map(_table_cell, row))}</tr>" for row in rows) + "</table>"


def _table_cell(cell: Cell) -> str:
    tag = "th" if cell.is_head else "td"
    spans = "".join(
        f' {name}="{value}"' for name, value in (("colspan", cell.colspan), ("rowspan", cell.rowspan)) if value > 1
    )
    return f"<{tag}{spans}>{_dressed(cell.runs)}</{tag}>"


def lines_of(html: str) -> Iterator[str]:
    """HTML of paragraphs as plain lines."""
    for part in re.split(r"</p>|<br>|</tr>", html):
        text = re.sub(r"<[^>]*>", " " if "<td" in part or "<th" in part else "", part)
        if text.strip():
            yield re.sub(r"&lt;", "<", re.sub(r"&gt;", ">", re.sub(r"&amp;", "&", text))).strip()
