"""`make test`: rooms and house, then journeys, on SQLite and on a temporary PostgreSQL.

What touches no database (rules, sheets, texts: nearly half of the tests) runs once, with the first.
What a machine lacks (PostgreSQL, Chromium) is said aloud and left out; with CI=true it is a failure.
The output ends with the closing line of each pytest run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from tests import postgres
from tests.journeys import chromium

CI = os.environ.get("CI") == "true"
ROOMS = ["-m", "not journey", "-n", "2"]
JOURNEYS = ["-m", "journey"]


def main() -> int:
    """Run all that this machine can; returns the exit code."""
    lacking = _lacking()
    for thing, cure in lacking.items():
        sys.stderr.write(f"!!! {thing} is missing: its tests do NOT run here ({cure})\n")
    if lacking and CI:
        return 1
    databases = [name for name in ("SQLite", "PostgreSQL") if name not in lacking]
    parts = [
        _Part("rooms and house", database, [*ROOMS, *(["--database-only"] if number else [])])
        for number, database in enumerate(databases)
    ]
    for part in parts:
        part.run()
    if "Chromium" not in lacking:
        # a browser leaves a core half idle: both databases' journeys go side by side
        journeys = [_Part("journeys", database, JOURNEYS) for database in databases]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda part: part.run(aloud=False), journeys))
        parts += journeys
    sys.stdout.write("\n")
    for part in parts:
        said = "passed" if part.code == 0 else "FAILED"
        sys.stdout.write(f"{said}  {part.seconds:5.0f} s  {part.name} on {part.database}\n")
    for thing in lacking:
        sys.stdout.write(f"NOT RUN          {thing}\n")
    sys.stdout.write("\n" + "\n".join(part.closing for part in parts) + "\n")
    return 1 if any(part.code for part in parts) else 0


def _lacking() -> dict[str, str]:
    found = {}
    try:
        postgres.binaries()
    except postgres.Missing:
        found["PostgreSQL"] = "Debian: apt-get install postgresql"
    if chromium() is None:
        found["Chromium"] = "Debian: apt-get install chromium-headless-shell fonts-noto-cjk"
    return found


@dataclass
class _Part:
    """One run of pytest on one database, and what came of it."""

    name: str
    database: str
    arguments: list[str]
    code: int = 1
    seconds: float = 0.0
    closing: str = ""

    def run(self, *, aloud: bool = True) -> None:
        """Run it; its output, but for its last line, is passed on line by line or (not `aloud`) at its end."""
        started = time.monotonic()
        said = [f"\n== {self.database}: pytest {' '.join(self.arguments)}\n"]
        running: Any = postgres.cluster() if self.database == "PostgreSQL" else nullcontext("")
        with running as address:
            ours = {"DATABASE_URL", "DUIKOU_HOME"}
            environment = {name: value for name, value in os.environ.items() if name not in ours}
            if address:
                environment["DATABASE_URL"] = address
            command = [sys.executable, "-m", "pytest", "--durations=15", *self.arguments]
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    if aloud:
                        _say(said)
                    said.append(line)
        self.closing = said.pop().rstrip("\n")
        _say(said)
        self.code, self.seconds = process.returncode, time.monotonic() - started


def _say(lines: list[str]) -> None:
    """Pass these lines on at once."""
    sys.stdout.write("".join(lines))
    sys.stdout.flush()
    lines.clear()


if __name__ == "__main__":
    sys.exit(main())
