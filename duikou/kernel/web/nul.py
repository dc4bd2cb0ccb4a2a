"""A character with the code 0, in words that help whoever pasted it."""

from __future__ import annotations

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

_Nul = ProhibitNullCharactersValidator
_NO_NUL = _Nul(message=_("含有看不见的控制字符（编码为0），通常是复制时带入的，请删去后重新输入。"))


def name_nul(form: forms.BaseForm) -> None:
    """Let the fields of `form` say in plain words that a text holds a NUL, and what to do."""
    for field in form.fields.values():
        field.validators = [_NO_NUL if isinstance(check, _Nul) else check for check in field.validators]
