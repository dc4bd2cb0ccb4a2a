"""Pure arithmetic of proof: canonical forms, digests, signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

import orjson

from duikou.kernel.actor import Actor, Role

START = "0" * 64
"""The chain before its first link."""

_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_UUID | orjson.OPT_UTC_Z


def storable(text: str) -> str:
    """Text that both databases and UTF-8 can hold: no NUL, no lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def as_json(value: Any) -> str:
    """`value` as JSON text; decimals and whatever JSON does not know become strings."""
    try:
        return orjson.dumps(value, default=_plain, option=_JSON).decode()
    except (TypeError, ValueError):
        return storable(json.dumps(value, default=str, ensure_ascii=True, skipkeys=True))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value, key=str) if not isinstance(value, tuple) else list(value)
    if isinstance(value, (bytes, memoryview)):
        return f"({len(value)} B)"
    return str(value)


def canonical(values: Sequence[Any]) -> bytes:
    """One unambiguous byte string for a row of strings, whole numbers and None."""
    return orjson.dumps(values)


def sign(values: Sequence[Any], key: bytes) -> str:
    """The platform's signature over a row (BLAKE2b, keyed, 128 bits, hexadecimal)."""
    return hashlib.blake2b(orjson.dumps(values), key=key, digest_size=16).hexdigest()


def digest(values: Sequence[Any]) -> str:
    """SHA-256 over a row's canonical form, hexadecimal."""
    return hashlib.sha256(orjson.dumps(values)).hexdigest()


def chained(before: str, position: int, event_id: int, row_digest: str) -> str:
    """The chain after the link at `position`, hexadecimal."""
    return hashlib.sha256(f"{before}:{position}:{event_id}:{row_digest}".encode()).hexdigest()


def seal_mac(first: int, last: int, floor: int, at: str, head: str, key: bytes) -> str:
    """The signature of a seal, so that nobody without the keys can write the chain anew."""
    return hmac.new(key, f"{first}:{last}:{floor}:{at}:{head}".encode(), hashlib.sha256).hexdigest()


_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in "123456789"), *(f"lpt{n}" for n in "123456789")}
)
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
NAME_BYTES = 180


def safe_name(name: str, fallback: str = "file") -> str:
    """A file name that is only a name: no folders, control or direction characters, reserved words or endless length.

    The extension stays, in lower case; "..", leading dots and trailing dots and spaces go.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub("", last)).strip(". ")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = plain, ""
    stem = stem.strip(". ") or fallback
    if stem.split(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    tail = f".{extension.lower()}" if extension else ""
    room = NAME_BYTES - len(tail.encode())
    if room < 20:
        tail, room = "", NAME_BYTES
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + tail


def extension_of(name: str) -> str:
    """The extension in lower case without its dot ("" without one)."""
    return name.rpartition(".")[2].lower() if "." in name else ""


OPERATOR_ROOMS = (
    "access.",
    "records.",
    "flow.workingday",
    "flow.noticepreference",
    "programme.",
    "intake.mapping",
    "axes.",
    "account.",
    "mfa.",
)
"""Kinds of subjects that are no business of the programme: users, settings, the policy text.

Not what waits in an inbox, for that names projects and files.
"""


def contents_visible(actor: Actor, subject_kind: str) -> bool:
    """Whether names, values and reasons of an event may be shown: not to an operator outside the logged mode."""
    if actor.role is not Role.OPERATOR or actor.admin_mode_id is not None:
        return True
    return subject_kind.startswith(OPERATOR_ROOMS)
