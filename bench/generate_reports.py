"""Give every made-up project monthly reports, in bulk: `python -m bench.generate_reports 10` (months a project).

Rows go straight into the tables by statements of the database (no trail: they are nobody's work) and the sums are built
by `summary_rebuild`, as an operator would after a restore. Every fifth project does not state what it invested.
"""

from __future__ import annotations

import sys
import time

import django

FIRST_MONTH = 202401
AN_EMPTY_LIST = {"doubts"}


def generate_reports(months: int) -> float:
    """Add a series and `months` accepted reports to every project that has none; returns the seconds it took."""
    from django.db import transaction

    from duikou.progress.services.summaries import summary_rebuild

    started = time.perf_counter()
    with transaction.atomic():
        _series()
        _reports(months)
    summary_rebuild()
    return time.perf_counter() - started


def _series() -> None:
    from django.db import connection

    key = "programme_id, pairing_id, clause_id, visibility, first_region_id, second_region_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO progress_reportseries (project_id, {key}) SELECT id, {key} FROM projects_project "  # noqa: S608
            "WHERE merged_into_id IS NULL AND id NOT IN (SELECT project_id FROM progress_reportseries) ORDER BY id"
        )


def _reports(months: int) -> None:
    from django.db import connection, models

    from duikou.kernel.clock import now
    from duikou.progress.models import ProgressReport, ReportState

    month = f"(m / 12 + {FIRST_MONTH // 100}) * 100 + m % 12 + 1"
    invested = "CASE WHEN project_id % 5 = 0 THEN NULL ELSE (project_id * 7919 + m * 104729) % 900000000 END"
    said = {
        "project_id": "project_id",
        "month": month,
        "state": f"'{ReportState.ACCEPTED.value}'",
        "invested_month": invested,
        "invested_year": f"({invested}) + 900000000",
        "invested_total": f"({invested}) + 1800000000",
        "paid_month": "(project_id * 31 + m) % 5000000",
        "paid_total": "(project_id * 31 + m) % 5000000 + 9000000",
        "funds_central": "(project_id * 17) % 70000000",
        "funds_own": "(project_id * 13) % 90000000",
    }
    moment = now()
    columns, values, given = [], [], []
    for field in ProgressReport._meta.local_concrete_fields:
        if field.name == "id" or (field.null and field.column not in said):
            continue
        columns.append(field.column)
        if field.column in said:
            values.append(said[field.column].replace("%", "%%"))
        elif isinstance(field, models.DateTimeField):
            values.append("%s")
            given.append(moment)
        elif isinstance(field, models.BooleanField):
            values.append("false")
        elif isinstance(field, models.IntegerField):
            values.append("1")
        else:
            values.append("'[]'" if field.name in AN_EMPTY_LIST else f"'{field.get_default() or ''}'")
    numbers = " UNION ALL ".join(f"SELECT {number} AS m" for number in range(months))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO progress_progressreport ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM progress_reportseries CROSS JOIN ({numbers}) AS months "
            "WHERE last_month IS NULL ORDER BY project_id, m",
            given,
        )
        cursor.execute("UPDATE progress_reportseries SET last_month = %s WHERE last_month IS NULL", [FIRST_MONTH])


if __name__ == "__main__":
    django.setup()
    print(f"{generate_reports(int(sys.argv[1])):.1f} s")
