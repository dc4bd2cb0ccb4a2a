"""Overview and list over 10³, 10⁵ and 10⁶ projects: the same number of queries, and times that hardly grow.

`python -m bench.overview [sizes…]` on throw-away SQLite files; `python -m tests.postgres -- python -m bench.overview`
on a temporary PostgreSQL (one size after another in the same database). Targets: overview ≤ 1.5× from the smallest to
the largest, deepest page ≤ 1.5× the first, constant queries.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 9


def measure(size: int) -> dict[str, float]:
    """Fill the database up to `size` and time the pages; medians in milliseconds, counts of queries."""
    found: dict[str, float] = {"generate_s": filled(size)}
    for who in ("coordinator", "shenyang"):
        client = signed_in(who)
        found |= {f"{who} {name}": value for name, value in _pages(client, who).items()}
    return found


def filled(size: int) -> float:
    """Make the tables, the cast and projects up to `size`; returns the seconds that the projects took."""
    from django.core.management import call_command

    from bench.generate import generate, load_programme
    from duikou.access.services.demonstration import demonstration_seed
    from duikou.kernel.actor import Actor
    from duikou.projects.models import Project

    call_command("migrate", verbosity=0)
    load_programme()
    from duikou.access.models import Account

    if not Account.objects.filter(username="coordinator").exists():
        demonstration_seed(actor=Actor.command("bench"))
    missing = size - Project.objects.count()
    seconds = generate(missing, seed=size) if missing > 0 else 0.0
    _settle()
    return seconds


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def signed_in(username: str):
    """A client in the first post of that account."""
    from django.test import Client

    from duikou.access.models import Membership

    membership = Membership.objects.select_related("account").filter(account__username=username).order_by("id").first()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(membership.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["membership_id"] = membership.pk
    session.save()
    return client


def _pages(client, who: str) -> dict[str, float]:
    found: dict[str, float] = {}
    found |= _timed("overview", lambda: client.get("/overview/"))
    for name, query in {
        "list newest": "",
        "list by signed": "sort=-signed",
        "list by year": "sort=year",
        "list of a cell": "pairing=heilongjiang-guangdong&clause=3.2.2&group=moving",
        "search common": "q=产业园",
        "search rare": "q=石墨医药数控",
        "search nothing": "q=查无此项",
    }.items():
        found |= _timed(name, lambda query=query: client.get(f"/projects/?{query}"))
    for name, sort in {"newest": "", "by signed": "-signed", "by year": "year"}.items():
        address = {"sort": sort, "cursor": _deepest(who, sort)}
        found |= _timed(f"deepest {name}", lambda address=address: client.get("/projects/", address))
    return found


def _deepest(who: str, sort: str) -> str:
    """The cursor of the last page: walking back from the end gives it without a million rows."""
    from duikou.access.models import Membership
    from duikou.access.selectors import actor_of_membership
    from duikou.kernel.keyset import SIZE, Order, _write
    from duikou.projects.selectors import projects_visible
    from duikou.projects.tables import PROJECTS

    actor = actor_of_membership(
        Membership.objects.select_related("account", "organisation", "region")
        .filter(account__username=who)
        .order_by("id")
        .first()
    )
    order: Order = PROJECTS.order_of(sort)
    sign = "" if order.descending else "-"
    last = list(projects_visible(actor=actor).order_by(f"{sign}{order.field}", f"{sign}id")[: SIZE + 1])
    return _write(order, last[-1], backwards=False)


def _timed(name: str, ask: Callable[[], object]) -> dict[str, float]:
    """Median and number of queries. SQLite works inside this process, so its CPU time is the whole cost and does not
    feel what else the machine does; PostgreSQL is timed by the clock on the wall."""
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    ask()
    queries: list[str] = []

    def count(execute, sql, *more):
        queries.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        answer = ask()
    assert answer.status_code == 200, name  # type: ignore[attr-defined]
    times = []
    for _round in range(ROUNDS):
        started = clock()
        ask()
        times.append((clock() - started) * 1000)
    return {f"{name} ms": statistics.median(times), f"{name} queries": len(queries)}


TARGET = 1.5
"""Overview from the smallest to the largest size, and deepest page against first: at most this."""


def main(sizes: tuple[int, ...]) -> int:
    """One process per size, then the table with ratios of the largest to the smallest; how many targets were missed."""
    results = {}
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as folder:
        for size in sizes:
            environment = {**os.environ, "DUIKOU_HOME": str(Path(folder) / "home")}
            if "DATABASE_URL" not in os.environ:
                environment["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            command = [sys.executable, "-m", "bench.overview", "--one", str(size)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr[-4000:])
            results[size] = dict(line.rsplit("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    head = "".join(f"{size:>12,}" for size in sizes)
    print(f"{'':44}{head}{'ratio':>8}")
    missed = []
    for name in results[sizes[0]]:
        values = [float(results[size][name]) for size in sizes]
        ratio = values[-1] / values[0] if values[0] else 0
        print(f"{name:44}" + "".join(f"{value:12.1f}" for value in values) + f"{ratio:8.2f}")
        if ratio > (TARGET if name.endswith("overview ms") else 1.0 if name.endswith("queries") else ratio):
            missed.append(name)
    largest = results[sizes[-1]]
    for who in ("coordinator", "shenyang"):
        for name in ("newest", "by signed", "by year"):
            first, deep = (float(largest[f"{who} {kind} {name} ms"]) for kind in ("list", "deepest"))
            print(f"{who}: deepest page {name} = {deep / first:.2f}× the first")
            if deep / first > TARGET:
                missed.append(f"{who}: deepest page {name}")
    print("\n".join(f"MISSED  {name}" for name in missed) or "every target held")
    return len(missed)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    if sys.argv[1:2] == ["--one"]:
        import django

        django.setup()
        for key, value in measure(int(sys.argv[2])).items():
            print(f"{key}\t{value}")
    else:
        sys.exit(main(tuple(int(text) for text in sys.argv[1:]) or SIZES))
