"""Values of the environment, refused in one plain line when they mean nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import environ

from config.words import Refusal

DATABASES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}
"""Schemes of DATABASE_URL that this product runs on."""

ANSWER_WITHIN = 5
"""Seconds that a database server has to take a connection."""


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 16 and int(value) >= least):
        raise Refusal(
            f"环境变量 {name}={value} 不对：要一个不小于{least}的整数。",
            f"{name}={value} is not a whole number of at least {least}.",
            code=2,
        )
    return int(value)


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    """One of `choices`; set but empty counts as wrong, for nobody can say what was meant."""
    value = os.environ.get(name, default)
    if value.upper() in choices:
        value = value.upper()
    if value not in choices:
        raise Refusal(
            f"环境变量 {name}={value} 不对：只能是 {'、'.join(choices)} 之一。",
            f"{name}={value} is not one of: {', '.join(choices)}.",
            code=2,
        )
    return value


def database(file: Path) -> dict[str, Any]:
    """Django's settings of the database that DATABASE_URL names, of SQLite in `file` without it.

    The address is never printed: it may hold a password.
    """
    address = os.environ.get("DATABASE_URL", "").strip()
    if not address:
        return {"ENGINE": DATABASES["sqlite"], "NAME": str(file)}
    scheme = address.partition(":")[0]
    try:
        found: dict[str, Any] = environ.Env.db_url_config(address) if scheme in DATABASES and "//" in address else {}
    except (ValueError, environ.ImproperlyConfigured):
        found = {}
    if found.get("ENGINE") != DATABASES.get(scheme) or not found.get("NAME"):
        raise Refusal(
            "环境变量 DATABASE_URL 不对：应写成 postgres://用户:密码@主机:5432/库名 或 sqlite:////绝对路径"
            "（密码里的特殊字符用 % 转义）；不设置则用数据目录里的 SQLite。",
            "DATABASE_URL is not an address that this product knows: write postgres://user:password@host:5432/name or "
            "sqlite:////absolute/path (special characters of a password %-escaped), or leave it unset for SQLite in "
            "the data folder.",
            code=2,
        )
    if scheme != "sqlite":
        found["OPTIONS"] = {"connect_timeout": ANSWER_WITHIN, **found.get("OPTIONS", {})}
    return found
