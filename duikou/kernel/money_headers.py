"""What the header of a column of money says: its unit, and whether it is another currency."""

from __future__ import annotations

import re

_UNITS = re.compile(r"(千万元|百万元|亿元|万元|千元|元)")
_BARE_UNIT = re.compile(r"(千万|百万|亿|万)\s*[)）\]】]?\s*$")
_FOREIGN = re.compile(r"[美欧日韩港]元|美金|港币|英镑|\b(?:usd|eur|jpy|krw|hkd|gbp)\b|[$€£]", re.IGNORECASE)
_ENGLISH_UNITS = tuple(
    (re.compile(pattern, re.IGNORECASE), unit)
    for pattern, unit in (
        (r"(?<![\d.,])100\s*(?:m|mn|million)\b|\bhundred[\s-]+million", "亿元"),
        (r"(?<![a-z])(?:m|mn|million)s?\b", "百万元"),
        (r"(?<![\d.,])10\s*k\b|(?<![\d.,])10[,\s]?000\b|\bten[\s-]+thousand", "万元"),
        (r"(?<![a-z])k\b|\bthousand|(?<![\d.,])1[,\s]?000\b", "千元"),
        (r"\b(?:yuan|rmb|cny)\b", "元"),
    )
)


def is_foreign(header: str) -> bool:
    """Whether it speaks of another currency."""
    return _FOREIGN.search(header) is not None


def unit_said(header: str) -> str:
    """The unit that it states in Chinese ("" where none)."""
    said = _UNITS.findall(header) or _BARE_UNIT.findall(header)
    return f"{said[-1].removesuffix('元')}元" if said else ""


def unit_under(header: str) -> str:
    """The unit it states, in Chinese or English; 万元 where it states none, as office tables do."""
    if found := _UNITS.findall(header):
        return str(found[-1])
    if bare := _BARE_UNIT.search(header):
        return f"{bare[1]}元"
    return next((unit for pattern, unit in _ENGLISH_UNITS if pattern.search(header)), "万元")
