"""Keys of the trail, derived from the platform's field keys: the first signs, all verify."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings


def event_keys() -> tuple[bytes, ...]:
    """Keys under which events are signed, newest first."""
    return _derived("audit event", tuple(settings.FIELD_KEYS))


def seal_keys() -> tuple[bytes, ...]:
    """Keys under which seals are signed, newest first."""
    return _derived("audit seal", tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _derived(purpose: str, keys: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(hashlib.sha256(f"duikou {purpose} {key}".encode()).digest() for key in keys)
