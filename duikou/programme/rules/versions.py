"""Editions of a pack in order."""

from __future__ import annotations

import re

_VERSION = re.compile(r"^\d{1,6}(\.\d{1,6}){0,3}$")


def version_key(text: str) -> tuple[int, ...] | None:
    """Numbers to compare editions by (1 < 1.2 < 1.10 < 2), or None when the text is no version."""
    if not _VERSION.match(text) or not text.isascii():
        return None
    parts = [int(part) for part in text.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
