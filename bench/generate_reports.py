"""Fill a database with many made-up monthly reports, in bulk: `python -m bench.generate_reports 10000000`.

Projects are made first where there are none (`bench.generate`). Rows go straight into the tables, with the series and
the sums that the services would keep: no trail, for they are nobody's work. Totals rise month by month;
of every project the months are whole, so that a recount finds nothing wrong.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

LAST = 202610
BATCH = 20_000
_FUNDS = ("funds_central", "funds_local", "funds_own", "funds_loan", "funds_other")
COLUMNS = (
    *("project_id", "month", "state", "has_started", "invested_month", "invested_year", "invested_total"),
    *("paid_month", "paid_total", *_FUNDS, "percent", "physical", "problems", "remark", "fall_reason", "doubts"),
    *("side", "written_by", "is_late", "reviewed_by", "return_reason", "correction_reason", "revision"),
    *("submitted_at", "reviewed_at", "created_at", "changed_at"),
)


def generate(count: int, *, seed: int = 2017, months: int = 10) -> float:
    """Add about `count` reports, `months` of each project; returns the seconds it took."""
    from django.db import transaction

    from bench.generate import generate as generate_projects
    from duikou.kernel.bulk import insert_many
    from duikou.progress.models import ProgressReport, ReportSeries
    from duikou.progress.services.summaries import summary_rebuild
    from duikou.projects.models import Project

    started = time.perf_counter()
    wanted = max(1, count // months)
    missing = wanted - Project.objects.count()
    if missing > 0:
        generate_projects(missing)
    with transaction.atomic():
        projects = Project.objects.filter(report_series=None, merged_into=None).order_by("pk")
        names = ("programme_id", "pairing_id", "clause_id", "visibility", "first_region_id", "second_region_id")
        chosen = list(projects.values_list("pk", *names)[:wanted])
        insert_many(ProgressReport, COLUMNS, made([row[0] for row in chosen], months, seed), prepared=_PREPARED)
        series = ("project_id", *names, "last_month")
        insert_many(ReportSeries, series, ((*row, LAST) for row in chosen))
    summary_rebuild()
    return time.perf_counter() - started


_PREPARED = ("invested_month", "invested_year", "invested_total", "paid_month", "paid_total", *_FUNDS, "doubts")


def made(projects: list[int], months: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Made-up reports in the stored form, project by project; a tenth waits for review, a twentieth is late."""
    from duikou.kernel.clock import now
    from duikou.progress.rules.months import shifted

    chance, moment = random.Random(seed), now()
    calendar = [shifted(LAST, -back) for back in range(months - 1, -1, -1)]
    for project in projects:
        total = year = paid = 0
        funds = [0] * len(_FUNDS)
        waits = chance.random() < 0.1
        for month in calendar:
            invested, spent = chance.randrange(10**9), chance.randrange(10**8)
            year = invested if month % 100 == 1 else year + invested
            total, paid = total + invested, paid + spent
            funds[chance.randrange(len(_FUNDS))] += chance.randrange(10**9)
            state = "submitted" if waits and month == LAST else "accepted"
            yield (
                *(project, month, state, True, invested, year, total, spent, paid, *funds, None),
                *("主体施工", "", "", "", "[]", "first", "", chance.random() < 0.05, "", "", "", 1),
                *(moment, moment if state == "accepted" else None, moment, moment),
            )


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"about {number} reports in {generate(number):.1f} s")
