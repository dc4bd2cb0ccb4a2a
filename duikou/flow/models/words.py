"""A sentence kept as its source text and its values, so that each reader gets it in their language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from duikou.programme.models.localised import in_language


def in_words(msgid: str, params: dict[str, Any] | None) -> str:
    """The sentence in the language in force; values that do not fit leave the source text as it is."""
    text = gettext(msgid) if msgid else ""
    values = {name: _in_language(value) for name, value in (params or {}).items()}
    try:
        return text % values if "%(" in text else text
    except (KeyError, TypeError, ValueError):
        return text


def _in_language(value: Any) -> Any:
    """A value given in both languages, in the one in force."""
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return in_language(str(value["zh"]), str(value["en"]))
    return value
