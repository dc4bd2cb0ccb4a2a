"""Comparing Chinese names as people do: width, spaces, quotes and brackets aside."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "《": "", "》": ""})
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\x80-\x9f\u00ad\u061c\u180e\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+|_")


def clean(text: str) -> str:
    """Text fit to store: composed, without control or invisible direction characters, ends trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def clean_line(text: str) -> str:
    """`clean` for what stands on one line: line breaks, tabs and runs of spaces become one space."""
    return _SPACES.sub(" ", clean(text))


def normalise(text: str) -> str:
    """One form for comparing: NFKC (full width to half), quotes folded, spaces single, lower case."""
    folded = unicodedata.normalize("NFKC", _CONTROL.sub("", text)).translate(_QUOTES)
    return _SPACES.sub(" ", folded).strip().lower()


def near_key(text: str) -> str:
    """Only letters, digits and ideographs of the normalised text: equal keys mean "written alike"."""
    return _NOT_WORD.sub("", normalise(text))
