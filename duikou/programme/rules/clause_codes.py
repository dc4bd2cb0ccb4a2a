"""Codes of clauses and the numerals under which people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from duikou.kernel.text import normalise

_DIGITS = "零一二三四五六七八九"
_HAN = "一二三四五六七八九十"
_CODE = re.compile(r"^第?\s*(\d{1,2}(?:\s*\.\s*\d{1,2}){0,3})\.?(?!\d)\s*条?\s*[、:：,，]?\s*")
_NUMERAL = re.compile(
    rf"^第?\s*(?P<chapter>[{_HAN}]{{1,3}})\s*[、章,.]?\s*"
    rf"(?:\(\s*(?P<section>[{_HAN}]{{1,3}})\s*\)\s*[、,.]?\s*(?:第?\s*(?P<item>\d{{1,2}})(?!\d)\s*[、.项条]?)?)?\s*"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote: the code it begins with (if any) and the words that follow."""

    code: str | None
    words: str


def han(number: int) -> str:
    """A number 1–99 in Chinese numerals: 12 → 十二."""
    if not 1 <= number <= 99:
        raise ValueError("only 1 to 99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def from_han(text: str) -> int | None:
    """The number 1–99 that `text` writes in Chinese numerals, or None."""
    for number in range(1, 100):
        if han(number) == text:
            return number
    return None


def numeral(code: str) -> str:
    """The form used in documents: 3.2.2 → 三（二）2, 4.3 → 四（三）, 3 → 三; empty where the code is none."""
    parts = code.split(".")
    if not all(part.isdigit() and 1 <= int(part) <= 99 for part in parts) or len(parts) > 3:
        return ""
    chapter = han(int(parts[0]))
    section = f"（{han(int(parts[1]))}）" if len(parts) > 1 else ""
    return chapter + section + (str(int(parts[2])) if len(parts) > 2 else "")


def read(text: str) -> Written:
    """Split what a person wrote into a clause code and words.

    Understands 3.2.2, 三(二)2, 三（二）2, 三、（二）2, full-width digits, and any of them with the title behind.
    """
    plain = normalise(text)
    match = _CODE.match(plain)
    if match:
        return Written(re.sub(r"\s", "", match[1]), plain[match.end() :].strip())
    match = _NUMERAL.match(plain)
    if match and (match["section"] or len(plain) == match.end() or plain[match.end("chapter")] in "、章,."):
        numbers = [from_han(part) for part in (match["chapter"], match["section"]) if part]
        if all(numbers):
            item = [str(int(match["item"]))] if match["item"] else []
            return Written(".".join([*map(str, numbers), *item]), plain[match.end() :].strip())
    return Written(None, plain)
