"""Pure helpers: how a name sounds, what of a company's name tells it apart, how much of a contact may show."""

from __future__ import annotations

import hashlib
import re

_LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|总公司|分公司|公司|集团)$")
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")


def pinyin_of(text: str) -> str:
    """The whole name in pinyin without tones or spaces ("哈电集团" → "hadianjituan"), lower case."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionaries take a fifth of every process's start

    return "".join(lazy_pinyin(text, errors=lambda run: re.sub(r"[^0-9a-zA-Z]", "", run))).lower()


def initials_of(text: str) -> str:
    """The first letter of each syllable ("深圳市" → "szs"), lower case."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - as above

    return "".join(
        lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda run: re.sub(r"[^0-9a-zA-Z]", "", run))
    ).lower()


def core_name(name: str) -> str:
    """What tells a body apart: the name without its legal form and bracketed places; never empty."""
    bare = _BRACKETS.sub("", name)
    return _LEGAL_FORM.sub("", bare) or bare or name


def token_digest(token: str) -> str:
    """The form in which an invitation's token is kept: whoever reads the table cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def mask_email(address: str) -> str:
    """`address` with its local part hidden but for the first character ("z***@example.com")."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}" if local else ""
