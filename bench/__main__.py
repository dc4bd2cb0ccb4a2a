"""`python -m bench`: which benches there are; `python -m bench NAME… | all` runs them (`make bench` runs all).

Each bench prints its table and fails when its target is missed. One after another, never side by side.
"""

from __future__ import annotations

import subprocess
import sys
import time

BENCHES = {
    "import": (["bench.import_rows"], "100,000 rows × 20 columns against openpyxl and bulk_create"),
    "overview": (["bench.overview"], "overview and list over 10³, 10⁵ and 10⁶ projects"),
    "overview-postgres": (
        ["tests.postgres", "--", sys.executable, "-m", "bench.overview"],
        "the same on a temporary PostgreSQL",
    ),
    "writing": (["bench.writing"], "twenty people at one draft, a real server, SQLite: no lost word, no 5xx"),
    "writing-postgres": (
        ["tests.postgres", "--", sys.executable, "-m", "bench.writing"],
        "the same on a temporary PostgreSQL",
    ),
    "plan-page": (["bench.plan_page"], "a plan of 500 entries and 2,000 comments: queries of its page and of a save"),
    "lists": (["bench.lists"], "plans, meetings, action items, duties, inbox over 10³ and 10⁴ rows: queries, pages"),
    "writes": (["bench.audited_writes"], "audited writes from eight processes, SQLite"),
    "writes-postgres": (
        ["tests.postgres", "--", sys.executable, "-m", "bench.audited_writes"],
        "audited writes from eight processes, a temporary PostgreSQL",
    ),
    "reports": (
        ["bench.reports"],
        "16 units file 10,000 monthly reports at once, SQLite",
    ),
    "reports-postgres": (
        ["tests.postgres", "--", sys.executable, "-m", "bench.reports"],
        "the same on a temporary PostgreSQL",
    ),
    "trail": (["bench.audit_trail"], "sealing and verifying 10⁵ and 10⁶ audit events, SQLite"),
    "trail-postgres": (
        ["tests.postgres", "--", sys.executable, "-m", "bench.audit_trail"],
        "the same on a temporary PostgreSQL",
    ),
    "gantt": (
        ["bench.gantt"],
        "5,000 bars scrolled and zoomed in a real Chromium: frames; needs Playwright and a Chromium",
    ),
    "papers": (["bench.papers"], "a plan of a hundred pages as PDF against the bare typesetter"),
}


def main(names: list[str]) -> int:
    """List the benches, or run those named; returns how many missed their target."""
    if unknown := [name for name in names if name not in {*BENCHES, "all"}]:
        sys.stderr.write(f"no such bench: {', '.join(unknown)}\n")
        names = []
    if not names:
        for name, (_command, about) in BENCHES.items():
            sys.stdout.write(f"{name:18}{about}\n")
        return 2 if unknown else 0
    outcomes = []
    for name in BENCHES if "all" in names else names:
        sys.stdout.write(f"\n== {name}: {BENCHES[name][1]}\n")
        sys.stdout.flush()
        started = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *BENCHES[name][0]], check=False).returncode
        outcomes.append((name, code, time.monotonic() - started))
    sys.stdout.write("\n")
    for name, code, seconds in outcomes:
        sys.stdout.write(f"{'held' if code == 0 else 'MISSED'}  {seconds:6.0f} s  {name}\n")
    return sum(code != 0 for _, code, _ in outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
