"""Roll-ups over 10⁶ projects and 10⁷ monthly reports: maintained sums against a full scan by DuckDB of the same rows.

`python -m bench.rollups [projects]` on a throw-away SQLite file; `python -m tests.postgres -- python -m bench.rollups`
on a temporary PostgreSQL. DuckDB holds the rows in its own columns in memory, in two threads: the fastest peer that a
scan can have. Targets: each roll-up in at most 1/50 of the scan, equal to it to the 分; the same queries at a hundredth
of the rows for lists, the Gantt's feed and the matrix.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

PROJECTS = 1_000_000
MONTHS = 10
ROUNDS = 9
SHARE = 50
FIELDS = ("invested_month", "paid_month", "invested_total", "paid_total", "funds_central", "funds_own")
PAGES = {
    "list": "/projects/",
    "matrix": "/overview/",
    "gantt": "/boards/gantt/feed/",
    "reports": "/progress/summary/",
}


def main(projects: int) -> int:
    """Fill the database (a hundredth, then the whole), read, compare; returns how many targets were missed."""
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ["DUIKOU_HOME"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        few = _filled(projects // 100)
        many = _filled(projects)
        missed = [name for name in many if few[name] != many[name]]
        for name, count in many.items():
            print(f"{name:12} {few[name]:3} queries at a hundredth, {count:3} at the whole")
        return len(missed) + _against_a_scan()


def _filled(projects: int) -> dict[str, int]:
    """Up to `projects` projects with their reports; queries of each page."""
    from django.core.management import call_command

    from bench.generate import generate, load_programme
    from bench.generate_reports import generate as generate_reports
    from bench.overview import _settle, signed_in
    from duikou.access.models import Account
    from duikou.access.services.demonstration import demonstration_seed
    from duikou.kernel.actor import Actor
    from duikou.projects.models import Project

    call_command("migrate", verbosity=0)
    load_programme()
    if not Account.objects.filter(username="coordinator").exists():
        demonstration_seed(actor=Actor.command("bench"))
    missing = projects - Project.objects.count()
    made = generate(missing, seed=projects) if missing > 0 else 0.0
    reported = generate_reports(missing * MONTHS, months=MONTHS)
    print(f"{projects:,} projects in {made:.0f} s, reports in {reported:.0f} s", flush=True)
    _settle()
    client = signed_in("coordinator")
    return {name: _queries(lambda address=address: client.get(address)) for name, address in PAGES.items()}


def _queries(ask: Callable[[], Any]) -> int:
    from django.db import connection

    ask()
    seen: list[str] = []

    def count(execute, sql, *more):
        seen.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        answer = ask()
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)
    return len(seen)


def _against_a_scan() -> int:
    """The same questions to the kept sums and to DuckDB, turn by turn."""
    scan = _loaded()
    asked = _questions()
    missed = 0
    for name, (ours, theirs) in asked.items():
        fast, slow = [], []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            kept = ours()
            fast.append(time.perf_counter() - started)
            started = time.perf_counter()
            found = {row[0]: tuple(int(number) for number in row[1:]) for row in scan.execute(theirs).fetchall()}
            slow.append(time.perf_counter() - started)
        ratio = statistics.median(slow) / statistics.median(fast)
        held = kept == found and ratio >= SHARE
        missed += not held
        print(
            f"{'held  ' if held else 'MISSED'} {name:24} sums {statistics.median(fast) * 1000:7.1f} ms, "
            f"scan {statistics.median(slow) * 1000:8.1f} ms: 1/{ratio:.0f}, {'equal' if kept == found else 'DIFFERENT'}"
        )
    return missed


def _loaded() -> Any:
    """The reports and projects in DuckDB, through a file of plain values."""
    import duckdb
    from django.db import connection

    scan = duckdb.connect(config={"threads": 2})
    tables = {
        "projects": "SELECT id, programme_id, pairing_id, clause_id FROM projects_project WHERE merged_into_id IS NULL",
        "reports": f"SELECT project_id, month, {', '.join(FIELDS)} FROM progress_progressreport "  # noqa: S608
        "WHERE state = 'accepted'",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file, connection.chunked_cursor() as cursor:
        for table, query in tables.items():
            file.seek(0)
            file.truncate()
            cursor.execute(query)
            names = [column[0] for column in cursor.description]
            file.write(",".join(names) + "\n")
            while rows := cursor.fetchmany(10_000):
                file.writelines(",".join("" if value is None else str(value) for value in row) + "\n" for row in rows)
            file.flush()
            columns = ", ".join(f"'{name}': 'BIGINT'" for name in names)
            scan.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file.name}', columns = {{{columns}}})")  # noqa: S608
    return scan


def _questions() -> dict[str, tuple[Callable[[], Any], str]]:
    """Name → what the pages ask the kept sums, and the same as a scan."""
    from bench.generate_reports import LAST
    from duikou.kernel.actor import Actor
    from duikou.programme.models import Pairing, Programme
    from duikou.progress.selectors.months import rule_of
    from duikou.progress.selectors.sums import Wanted, report_lines
    from duikou.projects.selectors import pairings_of

    programme = Programme.objects.get(code="northeast-east-2017")
    pairings, rule, actor = pairings_of(programme), rule_of(programme), Actor.command("bench")
    first, last = LAST - MONTHS + 1, LAST
    flows, levels = ("invested_month", "paid_month"), ("invested_total", "paid_total", "funds_central", "funds_own")
    names = ("reports", *flows, *levels)

    def kept(by: Any, since: int, until: int, pairing: Pairing | None = None) -> dict[int, tuple[int, ...]]:
        wanted = Wanted(programme, since, until, by, pairing)
        lines = report_lines(actor=actor, wanted=wanted, pairings=pairings, rule=rule)
        return {key: tuple(line.numbers[name] for name in names) for key, line in lines.items() if line.accepted}

    def scanned(key: str, since: int, until: int, more: str = "") -> str:
        of_last = "" if key == "r.month" else f" FILTER (r.month = {until})"
        sums = [f"coalesce(sum(r.{name}), 0)" for name in flows]
        sums += [f"coalesce(sum(r.{name}){of_last}, 0)" for name in levels]
        return (
            f"SELECT {key}, count(*), {', '.join(sums)} FROM reports r JOIN projects p ON p.id = r.project_id "  # noqa: S608
            f"WHERE p.programme_id = {programme.pk} AND r.month BETWEEN {since} AND {until}{more} GROUP BY 1"
        )

    parents = {pair.pk: pair.parent_id or pair.pk for pair in pairings}
    root = "CASE p.pairing_id " + " ".join(f"WHEN {pk} THEN {top}" for pk, top in parents.items()) + " END"
    one = next(pair for pair in pairings if pair.parent_id is None)
    inside = ", ".join(str(pk) for pk, top in parents.items() if top == one.pk)
    return {
        "pairings, all months": (lambda: kept("pairing", first, last), scanned(root, first, last)),
        "pairings, one month": (lambda: kept("pairing", last, last), scanned(root, last, last)),
        "tasks, all months": (lambda: kept("clause", first, last), scanned("p.clause_id", first, last)),
        "months": (lambda: kept("month", first, last), scanned("r.month", first, last)),
        "months of a pairing": (
            lambda: kept("month", first, last, one),
            scanned("r.month", first, last, f" AND p.pairing_id IN ({inside})"),
        ),
    }


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROJECTS))
