"""Numbers of headings as official papers write them: 一、 then （一） then 1. then （1） (GB/T 9704-2012, 7.3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_DIGITS = "零一二三四五六七八九"
_CHINESE = "一二三四五六七八九十百零"
LEVELS = 4
_WRITTEN = (
    re.compile(rf"^\s*(?:第([{_CHINESE}]+)[章部篇][\s、.．：:]*|([{_CHINESE}]+)[、.．]\s*)"),
    re.compile(rf"^\s*[（(]([{_CHINESE}]+)[）)][\s、.．]*"),
    re.compile(r"^\s*(\d{1,3})(?:[.．](?!\d)|、)\s*"),
    re.compile(r"^\s*[（(](\d{1,3})[）)][\s、.．]*"),
)


def chinese(number: int) -> str:
    """A whole number from 1 to 999 in Chinese figures: 十, 十一, 二十, 一百零三."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is not between 1 and 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def value_of(text: str) -> int | None:
    """What Chinese figures up to 999 say, or None: 二十三 → 23."""
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            return None
    return total + digit or None


@dataclass(frozen=True, slots=True)
class Written:
    """A number that already stands before a heading: its level from 1, its value, and the words after it."""

    level: int
    value: int
    rest: str


def read_number(text: str) -> Written | None:
    """The number that stands before the words, or None."""
    for level, pattern in enumerate(_WRITTEN, start=1):
        found = pattern.match(text)
        if found is None:
            continue
        figure = next(group for group in found.groups() if group)
        value = int(figure) if figure.isdecimal() else value_of(figure)
        if value:
            return Written(level, value, text[found.end() :].strip())
    return None


def written(level: int, value: int) -> str:
    """The number of a heading of the level."""
    if level <= 2:
        figure = chinese(value) if value <= 999 else str(value)
        return f"{figure}、" if level == 1 else f"（{figure}）"
    return f"{value}." if level == 3 else f"（{value}）"


@dataclass
class Numbering:
    """Numbers headings one after another; one that carries its own number keeps it, and the count goes on there."""

    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)

    def next(self, text: str, level: int) -> str:
        """The heading with its number; `level` from 1, deeper than four counts as four."""
        level = min(max(level, 1), LEVELS)
        own = read_number(text)
        self.counts[level:] = [0] * (LEVELS - level)
        if own is not None:
            self.counts[level - 1] = own.value if own.level == level else self.counts[level - 1] + 1
            return text.strip()
        self.counts[level - 1] += 1
        return written(level, self.counts[level - 1]) + text.strip()
