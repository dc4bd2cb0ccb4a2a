"""Text as Word can hold it."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without the characters that XML forbids."""
    return _CONTROL.sub("", text)
