"""Sealing and verifying the trail: how long over 10⁵ to 10⁶ events, and does the memory stay flat?

    python -m bench.audit_trail [--events 1000000]

Runs on the database of DATABASE_URL (SQLite in a temporary folder by default; PostgreSQL:
`python -m tests.postgres -- .venv/bin/python -m bench.audit_trail`). Each step is a process of its own; progress goes
to standard error, as from `duikou audit`. Memory is what the process holds for itself, looked at with every progress:
pages of the database file that SQLite maps (256 MB at most) are the system's. Exits with 1 when the trail is not whole
or a step over all events held more than 1.2 times the memory of that over half of them: by then SQLite's cache (64 MB)
is full.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLAT = 1.2
BATCH = 100_000


class Watched:
    """Hears of progress, passes it on, and keeps the most memory the process held."""

    peak = 0.0

    def __init__(self, told: Callable[[int], None]) -> None:
        self._told = told

    def __call__(self, number: int) -> None:
        lines = Path("/proc/self/status").read_text().splitlines()
        held = int(next(line.split()[1] for line in lines if line.startswith("RssAnon:"))) / 1024
        Watched.peak = max(Watched.peak, held)
        self._told(number)


def write(until: int) -> int:
    """Events as an import leaves them, a transaction for each hundred thousand."""
    from django.db import transaction

    from duikou.kernel.actor import Actor
    from duikou.records.commands import progress
    from duikou.records.models import AuditEvent
    from duikou.records.services.audit import Entry, SubjectRef, record_many

    told = Watched(progress("%(count)s …"))
    made = AuditEvent.objects.count()
    for start in range(made, until, BATCH):
        entries = (
            Entry(SubjectRef("projects.project", str(n), f"智能装备{n}号产业园"), None, _facts(n))
            for n in range(start, min(start + BATCH, until))
        )
        with transaction.atomic():
            record_many(actor=Actor.command("bench"), action="projects.project.created", entries=entries, reason="试")
        told(start + BATCH)
    return until - made


def _facts(number: int) -> dict[str, Any]:
    return {
        "name": f"智能装备{number}号产业园", "state": "signed", "pairing": "哈尔滨-深圳", "clause": "3.2.2",
        "first_region": "哈尔滨市", "second_region": "深圳市", "year": 2017 + number % 8,
        "planned_amount": f"{number % 500_000}.00", "planned_bound": "exact", "source_name": f"日报{number % 40}",
        "description": f"建设智能生产线{number % 60}条，年产{number % 333}台套",
    }  # fmt: skip


def seal(_until: int) -> int:
    """Everything that is not sealed yet."""
    from duikou.records.commands import progress
    from duikou.records.services.seal import trail_seal

    return trail_seal(everything=True, told=Watched(progress("%(count)s …"))).linked


def verify(_until: int) -> int:
    """The whole chain."""
    from duikou.kernel.actor import Actor
    from duikou.records.commands import progress
    from duikou.records.services.verify import trail_verify

    report = trail_verify(actor=Actor.command("bench"), told=Watched(progress("%(count)s …")))
    assert (report.first, report.unsealed) == (None, 0), report
    return report.links


STEPS: dict[str, Callable[[int], int]] = {"write": write, "seal": seal, "verify": verify}


def run(step: str, until: int) -> dict[str, float]:
    """One step in a process of its own."""
    command = [sys.executable, "-m", "bench.audit_trail", "--step", step, "--events", str(until)]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return result


def main() -> int:
    """Print seconds and memory of each step; 1 when memory grew."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--step", choices=list(STEPS))
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if chosen.step:
        import django

        django.setup()
        begun = time.perf_counter()
        count = STEPS[chosen.step](chosen.events)
        print(json.dumps({"count": count, "seconds": time.perf_counter() - begun, "peak": Watched.peak}))
        return 0
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        command = [sys.executable, "-m", "config", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, check=True)
        peaks: dict[str, list[float]] = {step: [] for step in STEPS}
        for events in (chosen.events // 10, chosen.events // 2, chosen.events):
            for step in STEPS:
                found = run(step, events)
                peaks[step].append(found["peak"])
                each = found["seconds"] / max(found["count"], 1) * 1_000_000
                print(
                    f"{step:7}{found['count']:>10,.0f} events {found['seconds']:7.1f} s ({each:.1f} µs each), "
                    f"peak {found['peak']:.0f} MB",
                    flush=True,
                )
    grown = [step for step, (_few, half, whole) in peaks.items() if whole > half * FLAT]
    print(f"memory flat: {'no: ' + ', '.join(grown) if grown else 'yes'}")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
