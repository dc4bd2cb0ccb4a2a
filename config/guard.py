"""Why an installation must not face the public; a production start refuses while there is a reason."""

from __future__ import annotations

from collections.abc import Iterator

import click
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import DatabaseError, connection

from config.words import pick
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
        raise click.ClickException(
            pick("不能这样投入正式运行：", "this installation must not start in production:") + f"\n{lines}"
        )


def _settings_reasons() -> Iterator[str]:
    if settings.DEMONSTRATION:
        yield pick(
            "DUIKOU_MODE 是演示模式：请设 DUIKOU_MODE=production",
            "DUIKOU_MODE is demonstration: set DUIKOU_MODE=production",
        )
    if settings.DEBUG:
        yield pick("DUIKOU_DEBUG 已打开：请去掉", "DUIKOU_DEBUG is on: unset it")
    secret = settings.SECRET_KEY
    if secret == settings.MISSING_SECRET:
        yield pick(
            "没有设 DUIKOU_SECRET_KEY：请给一段长的随机文字，并与备份分开保管",
            "DUIKOU_SECRET_KEY is not set: give it a long random text, kept apart from the backups",
        )
    elif len(secret) < SECRET_LENGTH or len(set(secret)) < 10 or secret.startswith("django-insecure"):
        yield pick(
            f"DUIKOU_SECRET_KEY 太短或太简单：至少 {SECRET_LENGTH} 个随机字符",
            f"DUIKOU_SECRET_KEY is too short or too simple: use at least {SECRET_LENGTH} random characters",
        )
    if not settings.FIELD_KEYS:
        yield pick(
            "没有设 DUIKOU_FIELD_KEYS：请用 `duikou new-keys` 生成（用于加密个人信息）",
            "DUIKOU_FIELD_KEYS is not set: give it a key from `duikou new-keys` (it encrypts personal data)",
        )
    elif not all(_is_key(key) for key in settings.FIELD_KEYS):
        yield pick(
            "DUIKOU_FIELD_KEYS 中有不是密钥的内容：请用 `duikou new-keys` 生成",
            "DUIKOU_FIELD_KEYS holds something that is not a key: make one with `duikou new-keys`",
        )
    if not settings.ALLOWED_HOSTS:
        yield pick(
            "没有设 DUIKOU_ALLOWED_HOSTS：请写明站点的主机名，以逗号分隔",
            "DUIKOU_ALLOWED_HOSTS is not set: name the host names of the site, separated by commas",
        )
    elif "*" in settings.ALLOWED_HOSTS:
        yield pick(
            "DUIKOU_ALLOWED_HOSTS 是 *：请写明站点的主机名",
            "DUIKOU_ALLOWED_HOSTS is *: name the host names of the site",
        )
    if connection.vendor == "sqlite" and not settings.ALLOW_SQLITE:
        yield pick(
            "数据库是 SQLite：请设 DATABASE_URL=postgres://…；只有一台小机器时可设 DUIKOU_ALLOW_SQLITE=1",
            "the database is SQLite: set DATABASE_URL=postgres://…, or DUIKOU_ALLOW_SQLITE=1 on one small machine",
        )


def _database_reasons() -> Iterator[str]:
    try:
        pending = unapplied_migrations()
        if pending:
            yield pick(
                f"有 {len(pending)} 个迁移（migrations）没有应用：请运行 `duikou prepare`",
                f"{len(pending)} migrations are not applied: run `duikou prepare`",
            )
            return
        if selectors.demonstration_accounts_exist():
            yield pick(
                "数据库中有演示账号：请换用空的数据库，或运行 `duikou demo remove`",
                "demonstration accounts are in the database: start from an empty one, or `duikou demo remove`",
            )
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield pick(f"数据库没有应答：{reason}", f"the database does not answer: {reason}")


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
