"""Rich text in a small set of elements: made safe, as plain lines, and as blocks for papers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

TAGS = frozenset(
    [
        *("p", "h3", "h4", "strong", "em", "u", "s", "ul", "ol", "li", "blockquote", "br", "sub", "sup"),
        *("table", "thead", "tbody", "tr", "th", "td", "caption"),
    ]
)
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
DROPPED = {"script", "style", "template", "title", "textarea", "noscript", "iframe", "object", "svg", "math"}
LARGEST_SPAN = 50
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_EMPTY = re.compile(r"(?:\s|<br>|<p></p>|&nbsp;|\u00a0)*")
_FORMATS = {"strong": "strong", "em": "em", "u": "u", "s": "s", "sub": "sub", "sup": "sup"}
_HEADS = {"h3": 3, "h4": 4}
_RENAMED = re.compile(r"<(/?)(b|i|strike|del|ins|h1|h2|h5|h6|div)(?=[\s>/])([^>]*)>", re.IGNORECASE)
_SAME = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "ins": "u",
    "h1": "h3",
    "h2": "h3",
    "h5": "h4",
    "h6": "h4",
    "div": "p",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one dress: any of strong, em, u, s, sub, sup."""

    text: str
    dress: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    runs: tuple[Run, ...]
    is_head: bool = False
    colspan: int = 1
    rowspan: int = 1

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text.

    `kind` is p, head, item, quote or table; `level` is 3 or 4 of a heading and the depth (from 1) of a list item;
    `number` is the place of an item in its ordered list (None in an unordered one); `rows` are a table's.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    number: int | None = None
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def text(self) -> str:
        """The words alone; a table's cells parted by tabs, its rows by lines."""
        if self.kind == "table":
            return "\n".join("\t".join(cell.text.replace("\n", " ") for cell in row) for row in self.rows)
        return "".join(run.text for run in self.runs)


def safe_html(html: str) -> str:
    """The same text in the allowed elements only; what is not allowed loses its tags, scripts lose their words too.

    Fit for a page as it is, and stable: making it safe again changes nothing. "" when there is nothing to read.
    """
    text = _CONTROL.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    text = _RENAMED.sub(lambda found: f"<{found[1]}{_SAME[found[2].lower()]}{found[3]}>", text)
    for _turn in range(4):
        cleaned = _cleaned(text)
        if cleaned == text:
            break
        text = cleaned
    return "" if _EMPTY.fullmatch(text) else text.strip()


def _cleaned(text: str) -> str:
    return nh3.clean(
        text,
        tags=set(TAGS),
        attributes={name: set(allowed) for name, allowed in ATTRIBUTES.items()},
        attribute_filter=_span,
        clean_content_tags=set(DROPPED),
        strip_comments=True,
        link_rel=None,
        url_schemes=set(),
    )


def _span(_tag: str, _name: str, value: str) -> str | None:
    if value.isascii() and value.isdigit() and len(value) <= 3 and 2 <= int(value) <= LARGEST_SPAN:
        return str(int(value))
    return None


def blocks(html: str) -> list[Block]:
    """The text as blocks in reading order; `html` is made safe first."""
    reader = _Reader()
    reader.feed(safe_html(html))
    reader.close()
    reader.flush("p")
    return reader.found


def plain(html: str) -> str:
    """The words alone, a block a line."""
    return "\n".join(block.text for block in blocks(html))


def from_plain(text: str) -> str:
    """Plain lines as safe HTML: an empty line or a line break parts paragraphs."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return safe_html("".join(f"<p>{_escaped(line)}</p>" for line in lines if line))


def as_written(text: str) -> str:
    """What somebody wrote in a field for rich text, with or without elements, as safe HTML."""
    return safe_html(text) if "<" in text else from_plain(text)


def editable(html: str) -> str:
    """A text for a plain field: lines where they say all of it, else its elements; `as_written` reads both."""
    lines = plain(html)
    return lines if "<" not in lines and from_plain(lines) == html else html


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads well-formed safe HTML into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.runs: list[Run] = []
        self.dress: list[str] = []
        self.lists: list[int | None] = []
        self.quotes = 0
        self.head = 0
        self.item: tuple[int, int | None] | None = None
        self.tables: list[_Table] = []
        self.cell: tuple[bool, int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._add("\n")
        elif tag in _FORMATS:
            self.dress.append(_FORMATS[tag])
        elif self.tables and tag not in {"table", "tr", "td", "th"}:
            self._break_in_cell()
        elif tag in _HEADS:
            self.flush("p")
            self.head = _HEADS[tag]
        elif tag in {"ul", "ol"}:
            self.flush("p")
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.flush("p")
            number = self.lists[-1] if self.lists else None
            if number is not None:
                number += 1
                self.lists[-1] = number
            self.item = (max(1, len(self.lists)), number)
        elif tag == "blockquote":
            self.flush("p")
            self.quotes += 1
        elif tag == "table":
            if not self.tables:
                self.flush("p")
            self.tables.append(_Table())
        elif tag == "tr":
            if self.tables:
                self.tables[-1].rows.append([])
        elif tag in {"td", "th"}:
            given = dict(attrs)
            self.cell = (tag == "th", int(given.get("colspan") or 1), int(given.get("rowspan") or 1))
            self.runs = []
        elif tag == "p":
            self.flush("p")

    def handle_endtag(self, tag: str) -> None:
        if tag in _FORMATS:
            if _FORMATS[tag] in self.dress:
                self.dress.reverse()
                self.dress.remove(_FORMATS[tag])
                self.dress.reverse()
        elif tag in {"td", "th"}:
            self._cell_done()
        elif tag == "table":
            self._table_done()
        elif self.tables:
            return
        elif tag in _HEADS:
            self.flush("head")
            self.head = 0
        elif tag in {"ul", "ol"}:
            self.flush("p")
            self.item = None
            if self.lists:
                self.lists.pop()
        elif tag in {"li", "blockquote", "p"}:
            self.flush("p")
            if tag == "blockquote":
                self.quotes = max(0, self.quotes - 1)
            if tag == "li":
                self.item = None

    def handle_data(self, data: str) -> None:
        self._add(re.sub(r"[ \t\n]+", " ", data))

    def _add(self, text: str) -> None:
        if text:
            self.runs.append(Run(text, frozenset(self.dress)))

    def _break_in_cell(self) -> None:
        if any(run.text.strip() for run in self.runs):
            self._add("\n")

    def _cell_done(self) -> None:
        if self.cell is not None and self.tables and self.tables[-1].rows:
            self.tables[-1].rows[-1].append(Cell(_joined(self.runs), *self.cell))
        self.cell, self.runs = None, []

    def _table_done(self) -> None:
        if not self.tables:
            return
        table = self.tables.pop()
        rows = tuple(tuple(row) for row in table.rows if row)
        if rows:
            self.found.append(Block("table", rows=rows))
        self.runs = []

    def flush(self, kind: str) -> None:
        """End the running block."""
        runs = _joined(self.runs)
        self.runs = []
        if not runs:
            return
        if kind == "head" or self.head:
            self.found.append(Block("head", runs, level=self.head or 4))
        elif self.item is not None:
            level, number = self.item
            self.found.append(Block("item", runs, level=level, number=number))
        elif self.quotes:
            self.found.append(Block("quote", runs))
        else:
            self.found.append(Block("p", runs))


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbours in one dress as one, without blanks at the ends; () when there is nothing to read."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].dress == run.dress:
            joined[-1] = Run(joined[-1].text + run.text, run.dress)
        else:
            joined.append(run)
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = Run(joined[0].text.lstrip(), joined[0].dress)
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].dress)
    return tuple(joined)
