"""The world that every test finds, kept in a file: with SQLite, migrating and loading it is most of a short run's time.

The file is named by a digest of all that the world is made of, so that a change of any of it makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache"
MADE_OF = (
    "duikou/*/migrations/*.py",
    "duikou/*/models/*.py",
    "duikou/programme/services/*.py",
    "duikou/programme/rules/*.py",
    "duikou/access/services/demonstration.py",
    "duikou/records/services/*.py",
    "duikou/kernel/**/*.py",
    "packs/**/*",
    "config/settings*.py",
    "conftest.py",
    "requirements/base.txt",
)


TABLES_OF = ("duikou/*/migrations/*.py", "config/settings.py", "requirements/base.txt")


def kept_world() -> Path:
    """Where the world of this code is kept, whether it is there yet or not."""
    return KEPT / f"world-{_digest(MADE_OF)}.sqlite3"


def kept_tables() -> Path:
    """Where the tables of this code are kept, whether they are there yet or not."""
    return KEPT / f"tables-{_digest(TABLES_OF)}.sqlite3"


def _digest(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in _sources(patterns):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _sources(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc")


def world_keep(connection: Any, path: Path) -> None:
    """Copy the database of `connection` (SQLite, nothing open) to `path`, whole or not at all; older worlds go."""
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.glob("world-*.sqlite3"):
        if old != path:  # another worker may be reading it; what replaces it is the same
            old.unlink(missing_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(unfinished) as target:
        connection.connection.backup(target)
    target.close()
    unfinished.replace(path)


def world_restore(connection: Any, path: Path) -> None:
    """Make the database of `connection` (SQLite) what `path` holds."""
    connection.ensure_connection()
    with sqlite3.connect(path) as source:
        source.backup(connection.connection)
    source.close()
