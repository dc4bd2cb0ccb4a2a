"""Why an installation must not face the public; a production start refuses while there is a reason."""

from __future__ import annotations

from collections.abc import Iterator

import click
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import DatabaseError, connection

from duikou.access import selectors
from duikou.kernel.web.health import unapplied_migrations

SECRET_LENGTH = 40
"""A secret key shorter than this can be guessed."""


def reasons() -> list[str]:
    """Every reason at once, each with what to do about it; empty when the installation may serve."""
    return [*_settings_reasons(), *_database_reasons()]


def refuse_or_go() -> None:
    """Raise with the whole list unless there is no reason to refuse."""
    found = reasons()
    if found:
        lines = "\n".join(f"  · {reason}" for reason in found)
        raise click.ClickException(f"this installation must not start in production:\n{lines}")


def _settings_reasons() -> Iterator[str]:
    if settings.DEMONSTRATION:
        yield "DUIKOU_MODE is demonstration: set DUIKOU_MODE=production"
    if settings.DEBUG:
        yield "DUIKOU_DEBUG is on: unset it"
    secret = settings.SECRET_KEY
    if secret == settings.MISSING_SECRET:
        yield "DUIKOU_SECRET_KEY is not set: give it a long random text, kept apart from the backups"
    elif len(secret) < SECRET_LENGTH or len(set(secret)) < 10 or secret.startswith("django-insecure"):
        yield f"DUIKOU_SECRET_KEY is too short or too simple: use at least {SECRET_LENGTH} random characters"
    if not settings.FIELD_KEYS:
        yield "DUIKOU_FIELD_KEYS is not set: give it a key from `duikou new-keys` (it encrypts personal data)"
    elif not all(_is_key(key) for key in settings.FIELD_KEYS):
        yield "DUIKOU_FIELD_KEYS holds something that is not a key: make one with `duikou new-keys`"
    if not settings.ALLOWED_HOSTS:
        yield "DUIKOU_ALLOWED_HOSTS is not set: name the host names of the site, separated by commas"
    elif "*" in settings.ALLOWED_HOSTS:
        yield "DUIKOU_ALLOWED_HOSTS is *: name the host names of the site"
    if connection.vendor == "sqlite" and not settings.ALLOW_SQLITE:
        yield "the database is SQLite: set DATABASE_URL=postgres://…, or DUIKOU_ALLOW_SQLITE=1 on one small machine"


def _database_reasons() -> Iterator[str]:
    try:
        pending = unapplied_migrations()
        if pending:
            yield f"{len(pending)} migrations are not applied: run `duikou prepare`"
            return
        if selectors.demonstration_accounts_exist():
            yield "demonstration accounts are in the database: start from an empty one, or `duikou demo remove`"
    except DatabaseError as error:
        yield f"the database does not answer: {str(error).strip().splitlines()[0]}"


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
