"""Sixteen units file ten thousand monthly reports at once: is anything lost or doubled, and does everybody get a turn?

    python -m bench.reports [--units 16] [--reports 10000]
    python -m bench.reports --profile          where the time of sending one report goes

Runs on the database of DATABASE_URL (SQLite in a temporary folder by default; PostgreSQL:
`python -m tests.postgres -- .venv/bin/python -m bench.reports`). Every unit is a process that takes part in its own
projects of one pairing and sends their reports by the service, each a transaction; every tenth is sent twice.
Exits with 1 when a report was lost or doubled, a sum is wrong, a call failed, or the slowest unit sent less than half
as many a second as the fastest.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import pstats
import statistics
import sys
import tempfile
import time
from typing import Any

MONTHS = 5


def main() -> int:
    """Run the units and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        return _profile() if options.profile else _run(options.units, options.reports)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def _world(units: int, each: int) -> list[tuple[int, list[int]]]:
    """Units with their projects of one pairing: (organisation, projects)."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.generate import load_programme

    load_programme()
    from duikou.access.models import Organisation
    from duikou.kernel.actor import Actor
    from duikou.programme.models import Clause, Pairing
    from duikou.projects.services.draft import PartyDraft, ProjectDraft
    from duikou.projects.services.projects import projects_create_many
    from duikou.projects.states import PartyRole, ProjectState, Side

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = Clause.objects.get(programme=pairing.programme, code="3.2.1")
    actor, found = Actor.command("bench"), []
    for number in range(units):
        body = Organisation.objects.create(name=f"单位{number}", kind="government", region=pairing.first_region)
        party = PartyDraft(body.name, Side.FIRST, PartyRole.LEAD, body.pk)
        drafts = [
            ProjectDraft(
                pairing.programme,
                f"单位{number}的项目{one}",
                pairing,
                clause,
                pairing.first_region,
                second_region=pairing.second_region,
                state=ProjectState.STARTED,
                parties=(party,),
            )
            for one in range(each)
        ]
        made = projects_create_many(actor=actor, drafts=drafts)
        found.append((body.pk, [project.pk for project in made]))
    return found


def _actor(number: int, organisation: int) -> Any:
    from duikou.kernel.actor import Actor, ActorKind, Role

    return Actor(kind=ActorKind.PERSON, role=Role.UNIT, name=f"单位{number}", organisation_id=organisation)


def _send(actor: Any, project: int, month: int) -> None:
    from duikou.kernel.money import Money
    from duikou.progress.services.draft import ReportDraft
    from duikou.progress.services.reports import report_submit

    draft = ReportDraft(has_started=True, invested_month=Money(project * 100 + month % 100), physical="施工")
    report_submit(actor=actor, project_id=project, month=month, draft=draft, seen=("first", "gap"))


def _months() -> list[int]:
    from duikou.kernel.clock import today
    from duikou.progress.rules.months import month_of, shifted

    return [shifted(month_of(today()), -back) for back in range(MONTHS, 0, -1)]


def _run(units: int, reports: int) -> int:
    _set_up()
    from django.db import connection

    each = max(1, reports // units // MONTHS)
    world = _world(units, each)
    vendor = connection.vendor
    connection.close()
    context = multiprocessing.get_context("spawn")
    barrier, found = context.Barrier(units), context.Queue()
    work = [context.Process(target=_file, args=(n, *world[n], barrier, found)) for n in range(units)]
    for process in work:
        process.start()
    results: list[Any] = sorted(found.get(timeout=1800) for _ in work)
    for process in work:
        process.join()
    return _judge(vendor, units * each * MONTHS, results)


def _file(number: int, organisation: int, projects: list[int], barrier: Any, found: Any) -> None:
    _set_up()
    from django.db import connection

    connection.ensure_connection()
    actor, waits, failed = _actor(number, organisation), [], []
    months = _months()
    barrier.wait()
    started = time.perf_counter()
    for month in months:
        for project in projects:
            begun = time.perf_counter()
            try:
                for _time in range(2 if project % 10 == 0 else 1):
                    _send(actor, project, month)
            except Exception as problem:  # noqa: BLE001 - counted and shown: none may fail
                failed.append(f"{type(problem).__name__}: {problem}")
            waits.append(time.perf_counter() - begun)
    seconds = time.perf_counter() - started
    found.put((number, len(waits), seconds, statistics.median(waits), max(waits), failed))


def _judge(vendor: str, wanted: int, results: list[Any]) -> int:
    from django.db.models import Count

    from duikou.progress.models import ProgressReport
    from duikou.progress.services.summaries import summaries_fold, summary_verify
    from duikou.records.models import AuditEvent

    failed = [text for result in results for text in result[5]]
    for number, count, seconds, median, longest, _failed in results:
        print(
            f"unit {number:2d}: {count:5d} reports in {seconds:6.1f} s ({count / seconds:6.1f}/s), "
            f"median {median * 1000:6.1f} ms, longest {longest * 1000:7.1f} ms"
        )
    rates = [count / seconds for _n, count, seconds, *_rest in results]
    kept = ProgressReport.objects.count()
    doubled = ProgressReport.objects.values("project", "month").annotate(n=Count("id")).filter(n__gt=1).count()
    told = AuditEvent.objects.filter(action="progress.report.submitted").count()
    wrong = len(summary_verify().wrong)
    summaries_fold()
    wrong += len(summary_verify().wrong)
    ratio = min(rates) / max(rates)
    whole = max(seconds for _n, _count, seconds, *_rest in results)
    print(
        f"{vendor}: {wanted / whole:.0f} reports/s from {len(results)} processes; slowest/fastest {ratio:.2f}; "
        f"lost {wanted - kept}, doubled {doubled}, trail {told - wanted:+d}, wrong sums {wrong}, failed {len(failed)}"
    )
    for text in failed[:5]:
        print(f"  {text}")
    is_whole = kept == told == wanted and not (doubled or wrong or failed)
    return 0 if is_whole and ratio >= 0.5 else 1


def _profile() -> int:
    """Where the time of sending one report goes, after the process is warm."""
    _set_up()
    world = _world(1, 300)
    organisation, projects = world[0]
    actor, month = _actor(0, organisation), _months()[-1]
    for project in projects[:100]:
        _send(actor, project, month)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _send(actor, projects[100], month)
    begun = time.perf_counter()
    for project in projects[101:200]:
        _send(actor, project, month)
    plain = (time.perf_counter() - begun) / 99
    profile = cProfile.Profile()
    profile.enable()
    for project in projects[200:]:
        _send(actor, project, month)
    profile.disable()
    print(f"{connection.vendor}: {plain * 1000:.2f} ms a report, {len(captured)} statements:")
    for query in captured.captured_queries:
        print(f"  {float(query['time']) * 1000:6.1f} ms  {query['sql'][:110]}")
    pstats.Stats(profile).sort_stats("cumulative").print_stats(35)
    return 0


if __name__ == "__main__":
    sys.exit(main())
