"""An installation of its own for a test: a data folder, a database, and the command line in a process.

Where a test is not about making tables, it asks for a database that has them: they are made once and copied.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.world import kept_tables

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Installation:
    """`duikou` with this environment and no other."""

    home: Path
    environment: dict[str, str]

    def duikou(self, *arguments: str, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "config", *arguments],
            cwd=ROOT,
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done


def fresh(home: Path, address: str = "", *, tables: bool = False) -> Installation:
    """An installation in `home`; with `address`, on that database. `tables` gives a new SQLite database its tables."""
    ours = ("DUIKOU_", "DJANGO_", "DATABASE_", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    database = {"DATABASE_URL": address} if address else {}
    if tables and not address:
        home.mkdir(mode=0o700, exist_ok=True)
        tables_copy(home / "duikou.sqlite3")
    return Installation(
        home, {**kept, **database, "DUIKOU_HOME": str(home), "LANG": "C.UTF-8", "DUIKOU_LOG_FORMAT": "json"}
    )


@contextmanager
def database(*, tables: bool = False, template: str = "") -> Iterator[str]:
    """The address of a database, empty, with its `tables` or a copy of `template`, on the server under test.

    "" where that is SQLite.
    """
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield ""
        return
    name = f"duikou_{uuid.uuid4().hex[:12]}"
    template = template or (_server_model() if tables else "template1")
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield _address(name)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def tables_copy(path: Path) -> None:
    """A SQLite database with all its tables at `path`."""
    model = kept_tables()
    if not model.exists():
        with tempfile.TemporaryDirectory() as folder:
            fresh(Path(folder)).duikou("django", "migrate", "--verbosity=0")
            model.parent.mkdir(exist_ok=True)
            made = model.with_suffix(f".{os.getpid()}")
            shutil.move(Path(folder) / "duikou.sqlite3", made)
            made.replace(model)
    shutil.copy(model, path)


@cache
def _server_model() -> str:
    """A database with its tables on the server under test, kept while this process runs."""
    name = f"duikou_tables_{uuid.uuid4().hex[:12]}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_server_model_drop, name)
    with tempfile.TemporaryDirectory() as folder:
        fresh(Path(folder), _address(name)).duikou("django", "migrate", "--verbosity=0")
    return name


def _server_model_drop(name: str) -> None:
    with _server() as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server() -> Any:
    """A connection to the server under test, each statement for itself."""
    import psycopg

    known = settings.DATABASES["default"]
    place = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"] or ""}
    return psycopg.connect(dbname="postgres", autocommit=True, **place)


def _address(name: str) -> str:
    known = settings.DATABASES["default"]
    secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{name}"


@contextmanager
def of_world(home: Path) -> Iterator[Installation]:
    """An installation in `home` whose database is a copy of the test's own, with the keys that signed its trail.

    The test's transaction must not be open: `django_db(transaction=True)`.
    """
    for name, key in (("secret-key", settings.SECRET_KEY), ("field-key", settings.FIELD_KEYS[0])):
        (home / name).write_text(key)
    if connection.vendor == "sqlite":
        with sqlite3.connect(home / "duikou.sqlite3") as target:
            connection.connection.backup(target)
        target.close()
        yield fresh(home)
        return
    template = str(connection.settings_dict["NAME"])
    connection.close()
    with database(template=template) as address:
        yield fresh(home, address)
