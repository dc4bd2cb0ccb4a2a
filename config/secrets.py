"""Secrets of a single-machine installation: made once, kept in files only the owner can read, never committed."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def new_secret() -> str:
    """A fresh secret key."""
    return random.token_urlsafe(48)


def new_field_key() -> str:
    """A fresh key for encrypted fields."""
    return Fernet.generate_key().decode()


def kept(path: Path, mode: str, make: Callable[[], str]) -> str:
    """The secret in `path`, made on first use in demonstration mode; production must set it in the environment."""
    if mode != "demonstration":
        raise ImproperlyConfigured(f"{path.name}: set the secret in the environment (see README, production)")
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        draft.unlink(missing_ok=True)
    return path.read_text().strip()
