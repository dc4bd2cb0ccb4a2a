"""Comparing Chinese names as people do: width, spaces, quotes and brackets aside."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "《": "", "》": ""})
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control characters and what nobody sees: zero width, direction, fillers, variation selectors, tags."""
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+|_")
is_plain = re.compile("[ -~\u2018-\u201d\u2026\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*").fullmatch
"""Whether a text is of usual characters only, which need no composing and hide nothing: most are."""
_only_words = re.compile("[0-9A-Za-z\u4e00-\u9fff]*").fullmatch


def clean(text: str) -> str:
    """Text fit to store: composed, without control or invisible direction characters, ends trimmed."""
    if is_plain(text):
        return text.strip()
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def clean_name(text: str) -> str:
    """A name on one line: as `clean`, with every run of spaces and line breaks as one space."""
    return clean(_SPACES.sub(" ", clean(text)))


def has_word(text: str) -> bool:
    """Whether there is anything to read in it: a letter, a digit or an ideograph, not only marks and pictures."""
    return bool(near_key(text))


def normalise(text: str) -> str:
    """One form for comparing: NFKC (full width to half), quotes folded, spaces single, lower case."""
    folded = unicodedata.normalize("NFKC", _CONTROL.sub("", text)).translate(_QUOTES)
    return _SPACES.sub(" ", folded).strip().lower()


def near_key(text: str) -> str:
    """Only letters, digits and ideographs of the normalised text: equal keys mean "written alike"."""
    if _only_words(text):
        return text.lower()
    return _NOT_WORD.sub("", normalise(text))
