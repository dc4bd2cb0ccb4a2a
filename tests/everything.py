"""`make test`: rooms and house, then journeys, on SQLite and on a temporary PostgreSQL.

What a machine lacks (PostgreSQL, Chromium) is said aloud and left out; with CI=true it is a failure.
The output ends with the closing line of each pytest run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import nullcontext
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
    outcomes: list[tuple[str, int, float]] = []
    closing: list[str] = []
    for database in ("SQLite", "PostgreSQL"):
        if database in lacking:
            continue
        parts = {"rooms and house": ROOMS, **({"journeys": JOURNEYS} if "Chromium" not in lacking else {})}
        for part, arguments in parts.items():
            started = time.monotonic()
            code, last = _pytest(database, arguments)
            closing.append(last)
            outcomes.append((f"{part} on {database}", code, time.monotonic() - started))
    sys.stdout.write("\n")
    for name, code, seconds in outcomes:
        sys.stdout.write(f"{'passed' if code == 0 else 'FAILED'}  {seconds:5.0f} s  {name}\n")
    for thing in lacking:
        sys.stdout.write(f"NOT RUN          {thing}\n")
    sys.stdout.write("\n" + "\n".join(closing) + "\n")
    return 1 if any(code for _, code, _ in outcomes) else 0


def _lacking() -> dict[str, str]:
    found = {}
    try:
        postgres.binaries()
    except postgres.Missing:
        found["PostgreSQL"] = "Debian: apt-get install postgresql"
    if chromium() is None:
        found["Chromium"] = "Debian: apt-get install chromium fonts-noto-cjk"
    return found


def _pytest(database: str, arguments: list[str]) -> tuple[int, str]:
    """Run pytest with its output passed on but for its closing line, which is returned with the exit code."""
    sys.stdout.write(f"\n== {database}: pytest {' '.join(arguments)}\n")
    sys.stdout.flush()
    running: Any = postgres.cluster() if database == "PostgreSQL" else nullcontext("")
    with running as address:
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DUIKOU_HOME"}}
        if address:
            environment["DATABASE_URL"] = address
        command = [sys.executable, "-m", "pytest", "--durations=15", *arguments]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            last = ""
            for line in process.stdout:
                sys.stdout.write(last)
                sys.stdout.flush()
                last = line
    return process.returncode, last.rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
