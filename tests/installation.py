"""An installation of its own for a test: a data folder, a database, and the command line in a process."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

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


def fresh(home: Path, address: str = "") -> Installation:
    """An installation in `home`; with `address`, on that database."""
    ours = ("DUIKOU_", "DJANGO_", "DATABASE_", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    database = {"DATABASE_URL": address} if address else {}
    return Installation(
        home, {**kept, **database, "DUIKOU_HOME": str(home), "LANG": "C.UTF-8", "DUIKOU_LOG_FORMAT": "json"}
    )


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database on the server under test; "" where that is SQLite."""
    known = settings.DATABASES["default"]
    if not known["ENGINE"].endswith("postgresql"):
        yield ""
        return
    import psycopg

    name = f"duikou_{uuid.uuid4().hex[:12]}"
    place = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"] or ""}
    with psycopg.connect(dbname="postgres", autocommit=True, **place) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
            yield f"postgres://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
