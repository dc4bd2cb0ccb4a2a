"""Word's styles and automatic numbers: which heading a style is, and what number stands before a paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

from duikou.documents.rules.numbering import chinese

LEVELS = 9
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "chineseLegalSimplified",
    "koreanCounting",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says, inheritance followed."""

    name: str = ""
    outline: int = 0
    is_bold: bool = False
    align: str = ""
    num: tuple[str, int] | None = None


class Styles:
    """The styles of a file by their ids."""

    def __init__(self, root: Any) -> None:
        self._raw = {
            style.get(qn("w:styleId")): style for style in (root.iter(qn("w:style")) if root is not None else ())
        }
        self._known: dict[str, Style] = {}
        default = next(
            (
                key
                for key, one in self._raw.items()
                if one.get(qn("w:default")) == "1" and one.get(qn("w:type")) == "paragraph"
            ),
            "",
        )
        self._default = default

    def of(self, properties: Any) -> Style:
        """The style of a paragraph."""
        return self.named(_val(properties, "pStyle") or self._default)

    def named(self, key: str, depth: int = 0) -> Style:
        """A style by its id."""
        if key in self._known:
            return self._known[key]
        raw = self._raw.get(key)
        if raw is None or depth > 20:
            return Style()
        parent = self.named(_val(raw, "basedOn") or "", depth + 1) if _val(raw, "basedOn") else Style()
        name = (_val(raw, "name") or key).lower()
        shape, letters = raw.find(qn("w:pPr")), raw.find(qn("w:rPr"))
        heading = re.fullmatch(r"(?:heading|标题)\s*(\d)", name)
        outline = _outline(shape) or (int(heading[1]) if heading else 0)
        bold = None if letters is None else letters.find(qn("w:b"))
        found = replace(
            parent,
            name=name,
            outline=outline or parent.outline,
            is_bold=parent.is_bold if bold is None else bold.get(qn("w:val")) not in {"0", "false", "off"},
            align=_val(shape, "jc") or parent.align,
            num=numbered(shape, key) or parent.num,
        )
        self._known[key] = found
        return found

    def outline(self, properties: Any, style: Style) -> int:
        """The level of a heading, 0 for text."""
        return _outline(properties) or style.outline

    def align(self, properties: Any, style: Style) -> str:
        """left, center, right, both…"""
        return _val(properties, "jc") or style.align

    def bold_of_run(self, properties: Any) -> bool | None:
        """Whether the character style of a run makes it bold; None where it has none."""
        key = _val(properties, "rStyle")
        return self.named(key).is_bold if key else None


def numbered(properties: Any, style: str = "") -> tuple[str, int] | None:
    """The list a paragraph or style stands in, and on which level (-1: the level that the list gives the style)."""
    found = None if properties is None else properties.find(qn("w:numPr"))
    if found is None:
        return None
    number, level = _val(found, "numId"), _val(found, "ilvl")
    if number is None:
        return None
    return number, int(level) if level and level.isdecimal() else (-1 if style else 0)


class Numbers:
    """Counts along the document as Word does."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._abstract: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * LEVELS)
        self._begun: set[str] = set()
        if root is None:
            return
        linked = {}
        for one in root.iter(qn("w:abstractNum")):
            key = one.get(qn("w:abstractNumId"))
            self._abstract[key] = {
                level: lvl for lvl in one.iterchildren(qn("w:lvl")) if (level := _level(lvl)) is not None
            }
            if link := _val(one, "numStyleLink"):
                linked[key] = link
        for one in root.iter(qn("w:num")):
            key = one.get(qn("w:numId"))
            self._lists[key] = _val(one, "abstractNumId") or ""
            for override in one.iterchildren(qn("w:lvlOverride")):
                level, start = _level(override), _val(override, "startOverride")
                if level is not None and start and start.isdecimal():
                    self._starts[key][level] = int(start)
        for key, link in linked.items():
            target = styles.named(link).num
            if target:
                self._abstract[key] = self._abstract.get(self._lists.get(target[0], ""), {})

    def next(self, properties: Any, style: Style) -> str:
        """The number before this paragraph, "" for none; bullets are no numbers."""
        own = numbered(properties)
        found = own or style.num
        if found is None or found[0] == "0" or found[0] not in self._lists:
            return ""
        key, level = found
        abstract = self._lists[key]
        levels = self._abstract.get(abstract, {})
        if own is not None and style.num and style.num[0] == own[0] and own[1] == 0 and style.num[1] > 0:
            level = style.num[1]
        if level < 0:
            level = max(0, style.outline - 1)
        if level >= LEVELS or level not in levels:
            return ""
        counts = self._counts[abstract]
        if key not in self._begun:
            self._begun.add(key)
            for at, start in self._starts[key].items():
                counts[at] = start - 1
        before = counts[level]
        counts[level] = _start(levels[level]) if before is None else before + 1
        for below in range(level + 1, LEVELS):
            counts[below] = None
        return self._text(levels, level, counts)

    @staticmethod
    def _text(levels: dict[int, Any], level: int, counts: list[int | None]) -> str:
        form = _val(levels[level], "numFmt") or "decimal"
        if form in {"bullet", "none"}:
            return ""
        whole = levels[level].find(qn("w:isLgl")) is not None

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            count = counts[at] if at < LEVELS else None
            value = count if count is not None else (_start(levels[at]) if at in levels else 1)
            kind = "decimal" if whole else (_val(levels.get(at), "numFmt") or "decimal")
            return figure(value, kind)

        return re.sub(r"%(\d)", shown, _val(levels[level], "lvlText") or "")


def figure(value: int, form: str) -> str:
    """A number in one of Word's forms; forms that are not known stand as digits."""
    if form in _CHINESE and 1 <= value <= 999:
        return chinese(value)
    if form in {"lowerLetter", "upperLetter"} and value >= 1:
        text = chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return text if form == "lowerLetter" else text.upper()
    if form in {"lowerRoman", "upperRoman"} and 1 <= value < 4000:
        text = _roman(value)
        return text.lower() if form == "lowerRoman" else text
    if form == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if form == "decimalZero":
        return f"{value:02d}"
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for number, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        while value >= number:
            text, value = text + letters, value - number
    return text


def _level(element: Any) -> int | None:
    text = element.get(qn("w:ilvl"))
    return int(text) if text and text.isdecimal() and int(text) < LEVELS else None


def _start(level: Any) -> int:
    text = _val(level, "start")
    return int(text) if text and text.isdecimal() else 1


def _outline(properties: Any) -> int:
    text = _val(properties, "outlineLvl")
    return int(text) + 1 if text and text.isdecimal() and int(text) < LEVELS else 0


def _val(parent: Any, name: str) -> str | None:
    found = None if parent is None else parent.find(qn(f"w:{name}"))
    value: str | None = None if found is None else found.get(qn("w:val"))
    return value
