"""A sentence kept as its source text and its values, so that each reader gets it in their language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


def in_words(msgid: str, params: dict[str, Any] | None) -> str:
    """The sentence in the language in force; values that do not fit leave the source text as it is."""
    text = gettext(msgid) if msgid else ""
    try:
        return text % (params or {}) if "%(" in text else text
    except (KeyError, TypeError, ValueError):
        return text
