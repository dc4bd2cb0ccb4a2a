"""Audited writes from eight processes at once: is anything lost, and does everybody get a turn?

    python -m bench.audited_writes [--seconds 5] [--writers 8]

Runs on the database of DATABASE_URL (SQLite in a temporary folder by default; PostgreSQL:
`python -m tests.postgres -- .venv/bin/python -m bench.audited_writes`). Each write is a real service call: one row
changed and its audit event, in one transaction. Prints throughput and per-writer counts; exits with 1 when a write was
lost, the chain is not whole, or the slowest writer did less than half of the fastest.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from typing import Any

FIRST_DAY = dt.date(2050, 1, 1)


def main() -> int:
    """Run the writers and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--writers", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        return _run(options.writers, options.seconds)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def _run(writers: int, seconds: float) -> int:
    _set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    before = _events()
    vendor = connection.vendor
    connection.close()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(writers)
    found: Any = context.Queue()
    processes = [context.Process(target=_write, args=(n, seconds, barrier, found)) for n in range(writers)]
    for process in processes:
        process.start()
    results = sorted(found.get(timeout=seconds * 4 + 120) for _ in processes)
    for process in processes:
        process.join()
    return _judge(vendor, seconds, [result[1:] for result in results], before)


def _write(number: int, seconds: float, barrier: Any, found: Any) -> None:
    _set_up()
    from django.db import connection

    from duikou.flow.services.calendar import day_set
    from duikou.kernel.actor import Actor

    connection.ensure_connection()
    actor = Actor.job(f"writer {number}")
    day = FIRST_DAY + dt.timedelta(days=number)
    waits, done = [], 0
    barrier.wait()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begun = time.perf_counter()
        day_set(actor=actor, day=day, works=done % 2 == 0, note=f"{done}")
        waits.append(time.perf_counter() - begun)
        done += 1
    found.put((number, done, statistics.median(waits), max(waits)))


def _events() -> int:
    from duikou.records.models import AuditEvent

    return AuditEvent.objects.filter(subject_kind="flow.workingday").count()


def _judge(vendor: str, seconds: float, results: list[tuple[int, float, float]], before: int) -> int:
    from duikou.kernel.actor import Actor
    from duikou.records.services.seal import trail_seal
    from duikou.records.services.verify import trail_verify

    counts = [result[0] for result in results]
    for number, (count, median, longest) in enumerate(results):
        print(f"writer {number}: {count:6d} writes, median {median * 1000:7.1f} ms, longest {longest * 1000:7.1f} ms")
    written, kept = sum(counts), _events() - before
    ratio = min(counts) / max(counts) if max(counts) else 0.0
    print(
        f"{vendor}: {written / seconds:.0f} audited writes/s; per writer min {min(counts)}, "
        f"median {statistics.median(counts):.0f}, max {max(counts)}; slowest/fastest {ratio:.2f}"
    )
    begun = time.perf_counter()
    sealed = trail_seal(everything=True)
    report = trail_verify(actor=Actor.command("bench"))
    print(f"sealed {sealed.linked} and verified {report.links} events in {time.perf_counter() - begun:.1f} s")
    whole = report.first is None and report.unsealed == 0
    print(f"lost: {written - kept}; chain whole: {whole}")
    return 0 if written == kept and whole and ratio >= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
