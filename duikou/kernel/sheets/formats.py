"""Number formats of a workbook that say what a number means: a percentage, or a unit of money (0.00"亿元").

Such a cell is read as the text a person sees, unrounded: 3.5 under 0.00"亿元" as “3.5亿元”, 0.35 under 0% as “35%”.
`BY_FORMAT` stands in it between number and unit, invisible, for who wants to know that nobody typed the unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.etree import ElementTree

BY_FORMAT = "\u2060"
_PERCENT = {9: "0%", 10: "0.00%"}
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_ASIDE = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_UNIT = re.compile(r"(千万|百万|亿|万|千)?元|(?:千万|百万|亿|万)(?!元)")
_FOREIGN = re.compile(r"US\$|HK\$|[$€£]|[美欧港日]元")
_CELL = re.compile(rb"<c\b([^>]*)>((?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?)\s*<v>([^<]+)</v>")
_STYLE = re.compile(rb'\bs=["\'](\d+)["\']')
_TYPE = re.compile(rb'\bt=["\'](\w+)["\']')


class Section(NamedTuple):
    """One part of a format: when it holds, by what the number is divided, what stands before and after it."""

    relation: str
    than: Decimal
    divisor: Decimal
    before: str
    after: str

    def holds(self, number: Decimal) -> bool:
        """Whether the section is for `number`; one without a condition always is."""
        tests = {"<": number < self.than, "<=": number <= self.than, ">": number > self.than,
                 ">=": number >= self.than, "=": number == self.than, "<>": number != self.than}  # fmt: skip
        return tests.get(self.relation, True)


Told = Mapping[bytes, tuple[Section, ...]]


def telling(styles: bytes) -> Told:
    """Cell styles (by their number as written) whose format tells a percentage or a unit; empty for most workbooks."""
    try:
        root = ElementTree.fromstring(styles) if styles else None  # noqa: S314 - document types refused by the caller
    except ElementTree.ParseError:
        return {}
    codes, found = dict(_PERCENT), {}
    for element in root.iter() if root is not None else ():
        tag = element.tag.rpartition("}")[2]
        number = element.get("numFmtId", "")
        if tag == "numFmt" and number.isdecimal():
            codes[int(number)] = element.get("formatCode", "")
        if tag == "cellXfs":
            for at, style in enumerate(element):
                number = style.get("numFmtId", "0")
                sections = _sections(codes.get(int(number), "")) if number.isdecimal() else ()
                if any(section.before or section.after for section in sections):
                    found[b"%d" % at] = sections
    return found


def _sections(code: str) -> tuple[Section, ...]:
    parts = code.split(";") if code else []
    conditional = any(_CONDITION.search(part) for part in parts)
    return tuple(_section(part) for part in (parts if conditional else parts[:1]))


def _section(part: str) -> Section:
    condition = _CONDITION.search(part)
    currency = "".join(_CURRENCY.findall(part))
    plain = _ASIDE.sub("", part)
    digits = _LITERAL.sub(lambda found: "." if found[2] == "." else "", plain)
    said = _LITERAL.sub(lambda found: (found[1] or found[2] or "").replace(".", ""), plain)
    unit, foreign = _UNIT.search(said), _FOREIGN.search(currency + said)
    numeral = re.search(r"[0#?][0#?.,]*", digits)
    divisor = Decimal(1)
    if numeral:
        shown = numeral[0]
        divisor = Decimal(1000) ** (len(shown) - len(shown.rstrip(",")))
        pushed = re.search(r"[\\!]\.([0#?]+)", plain) or re.search(r'"\."([0#?]+)', plain)
        divisor *= Decimal(10) ** len(pushed[1]) if pushed else 1
    percent = "%" in _LITERAL.sub("", plain)
    return Section(
        condition[1] if condition else "",
        Decimal(condition[2]) if condition else Decimal(0),
        Decimal("0.01") if percent else divisor,
        foreign[0] if foreign else "",
        "%" if percent else unit[0] if unit else "",
    )


def as_told(block: bytes, told: Told) -> bytes:
    """Rows of a sheet with the numbers of telling styles as texts."""

    def replaced(cell: re.Match[bytes]) -> bytes:
        style, kind = _STYLE.search(cell[1]), _TYPE.search(cell[1])
        sections = told.get(style[1]) if style else None
        if sections is None or (kind and kind[1] != b"n"):
            return cell[0]
        try:
            number = Decimal(cell[3].decode())
        except (InvalidOperation, UnicodeDecodeError):
            return cell[0]
        section = next((section for section in sections if section.holds(number)), sections[-1])
        if not number.is_finite() or not (section.before or section.after):
            return cell[0]
        shown = f"{_plain(number / section.divisor)}"
        text = f"{section.before}{shown}{BY_FORMAT}{section.after}"
        attributes = _TYPE.sub(b"", cell[1])
        return b'<c%s t="str">%s<v>%s</v>' % (attributes, cell[2], text.encode())

    return _CELL.sub(replaced, block)


def _plain(number: Decimal) -> str:
    """The number to fifteen places, as a spreadsheet keeps it."""
    text = f"{Decimal(f'{number:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
