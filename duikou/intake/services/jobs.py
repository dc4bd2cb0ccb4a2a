"""The two long steps as jobs; each takes an id, calls one service and may run twice."""

from __future__ import annotations

from django_tasks import task

from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.kernel import jobs


@task()
def check_rows(run_id: int) -> None:
    """Dry run of an import."""
    run_check(run_id=run_id)


@task()
def write_rows(run_id: int) -> None:
    """Writing of an import."""
    run_commit(run_id=run_id)


def queue_check(run_id: int) -> None:
    """Queue the dry run, in the caller's transaction."""
    jobs.enqueue(check_rows, run_id=run_id)


def queue_commit(run_id: int) -> None:
    """Queue the writing, in the caller's transaction."""
    jobs.enqueue(write_rows, run_id=run_id)
