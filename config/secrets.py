"""Secrets of a single-machine installation: made once, kept in files only the owner can read, never committed."""

from __future__ import annotations

import os
import secrets as random
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def new_secret() -> str:
    """A fresh secret key."""
    return random.token_urlsafe(48)


def new_field_key() -> str:
    """A fresh key for encrypted fields."""
    return Fernet.generate_key().decode()


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`, made on first use; two processes starting at once agree on one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        draft.unlink(missing_ok=True)
    return path.read_text().strip()
