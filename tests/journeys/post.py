"""The letters that the site sent, read from its data folder, and what a telephone shows."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

WITHIN = 30.0
"""Seconds after which a letter that has not come is missing."""


def letters(home: Path, to: str) -> list[EmailMessage]:
    """Every letter to one address, oldest first."""
    return [letter for letter in _all(home) if to in str(letter["To"])]


def _all(home: Path) -> Iterator[EmailMessage]:
    files = sorted((home / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
    for text in (part for path in files for part in path.read_text(encoding="utf-8").split("-" * 79 + "\n")):
        if text.strip():
            yield email.message_from_string(text, policy=email.policy.default)


def letter_to(page, home: Path, to: str, *, about: str = "", after: int = 0) -> str:
    """The text of the latest letter to this address that speaks of `about`, past the first `after` of them."""
    until = time.monotonic() + WITHIN
    while not (found := [text for text in map(_text, letters(home, to)) if about in text][after:]):
        assert time.monotonic() < until, f"no letter to {to}"
        page.wait_for_timeout(200)
    return found[-1]


def _text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",)) or letter
    return (part.get_payload(decode=True) or b"").decode()


def link_in(text: str, path: str) -> str:
    """The address on this site in a letter that begins with `path`."""
    found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", text)
    assert found, text
    return found[1]


def code_of(secret: str, at: float | None = None) -> str:
    """What an authenticator shows for a secret (RFC 6238: SHA-1, 30 seconds, 6 digits), written here anew."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
