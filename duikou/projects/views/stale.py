"""What a form held when it was opened, so that a stale save loses nobody's words."""

from __future__ import annotations

import zlib
from typing import Any

from django import forms
from django.http import QueryDict

BASE = "base"
"""Name of the hidden field that carries the marks."""


def base_of(form: forms.Form) -> str:
    """A short mark of what each visible field holds as the form is opened."""
    return " ".join(f"{field.name}:{_mark(field.value())}" for field in form.visible_fields())


def untouched(data: QueryDict, base: str) -> set[str]:
    """Names of the fields that still hold what they held when the form was opened."""
    marks = dict(part.partition(":")[::2] for part in base.split())
    return {name for name, mark in marks.items() if mark == _mark(data.getlist(name))}


def differs(one: Any, other: Any) -> bool:
    """Whether two contents of a field say something else, spacing aside."""
    return _words(one) != _words(other)


def shown(field: forms.Field, value: Any) -> str:
    """A field's contents as people read them: the words of a choice, not its code."""
    labels = {str(code): str(label) for code, label in getattr(field, "choices", ()) if str(code)}
    return "\n".join(labels.get(text, text) for text in _texts(value))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [str(one).strip() for one in values if one is not None and str(one).strip()]


def _words(value: Any) -> list[list[str]]:
    return sorted(text.split() for text in _texts(value))


def _mark(value: Any) -> str:
    return f"{zlib.crc32(repr(_words(value)).encode()):08x}"
