"""The one way to write values down so that a digest means something: the same bytes on every machine and database.

UTF-8 JSON: keys sorted, no spaces, nothing escaped that need not be, texts in NFC.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def written(value: Mapping[str, Any]) -> bytes:
    """Plain values in the canonical writing."""
    return json.dumps(_nfc(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_nfc(name): _nfc(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_nfc(inner) for inner in value]
    return value
