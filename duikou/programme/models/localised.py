"""Pack data in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """The English words when the reader uses English and there are any, else the Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese
