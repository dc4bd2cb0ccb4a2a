"""Personal data at rest: a text field whose stored form is encrypted."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The current keys: the first encrypts, all decrypt, so that keys can be rotated."""
    return _cipher(tuple(settings.FIELD_KEYS))


class EncryptedTextField(models.TextField[Any, Any]):
    """Text encrypted with the platform's field keys. It cannot be searched; keep a keyed digest beside it for that."""

    description = "encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        """Plain text to token; empty stays empty."""
        text = super().get_prep_value(value)
        return cipher().encrypt(str(text).encode()).decode() if text else text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Token to plain text; a token no key opens raises rather than showing rubbish."""
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            raise ValueError("an encrypted field was written with a key that is not configured") from None


def mask(text: str, *, keep_start: int = 1, keep_end: int = 0) -> str:
    """`text` with its middle hidden ("王**", "138****0000"); short text is hidden whole but its first character."""
    if not text:
        return ""
    hidden = len(text) - keep_start - keep_end
    if hidden <= 0:
        return text[:1] + "*" * max(1, len(text) - 1)
    return text[:keep_start] + "*" * hidden + (text[-keep_end:] if keep_end else "")
