"""`jobs`: what the worker has done, and another try for what failed."""

from __future__ import annotations

from typing import Any

import click
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from duikou.kernel.worker import last_beat_age


@click.group("jobs")
def group() -> None:
    """Background jobs: list them, see why one failed, try again."""


@group.command("list")
@click.option(
    "--state", type=click.Choice([str(state.value).lower() for state in TaskResultStatus]), help="Only these."
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
def list_jobs(state: str | None, limit: int) -> None:
    """The latest jobs, newest first: id, state, attempts, time, task."""
    found = DBTaskResult.objects.order_by("-enqueued_at")
    if state:
        found = found.filter(status=state.upper())
    for row in found[:limit]:
        queued = timezone.localtime(row.enqueued_at).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{row.pk}  {row.status:<10}  {len(row.worker_ids)}  {queued}  {row.task_path}")
    age = last_beat_age()
    click.echo(f"worker: {'none' if age is None else f'last sign {age:.0f} s ago'}", err=True)


@group.command("show")
@click.argument("job")
def show(job: str) -> None:
    """One job with the traceback of its failure."""
    row = _found(job)
    click.echo(f"{row.pk}  {row.status}\n{row.task_path}  {row.args_kwargs}\n{row.traceback}".rstrip())


@group.command("retry")
@click.argument("job", required=False)
@click.option("--all-failed", is_flag=True, help="Every job that failed.")
def retry(job: str | None, *, all_failed: bool) -> None:
    """Put a failed job back into the queue (jobs may safely run twice)."""
    if bool(job) == all_failed:
        raise click.UsageError("name one JOB, or --all-failed")
    found = DBTaskResult.objects.failed()
    if job:
        found = found.filter(pk=_found(job).pk)
    count = found.update(status=TaskResultStatus.READY, worker_ids=[], finished_at=None)
    click.echo(f"{count} queued")
    if job and not count:
        raise click.ClickException("this job has not failed")


def _found(job: str) -> DBTaskResult[Any, Any]:
    try:
        row = DBTaskResult.objects.filter(pk=job).first()
    except ValidationError:
        row = None
    if row is None:
        raise click.ClickException(f"no job {job}")
    return row


COMMANDS = (group,)
