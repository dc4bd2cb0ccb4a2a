"""`jobs`: what the worker has done, and another try for what failed."""

from __future__ import annotations

from typing import Any

import click
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from config.words import pick
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
    if age is None:
        click.echo(pick("没有后台任务进程。", "No worker."), err=True)
    else:
        click.echo(pick(f"后台任务进程：{age:.0f} 秒前在工作。", f"Worker: last sign {age:.0f} s ago."), err=True)


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
        raise click.UsageError(pick("请给出一个任务编号 JOB，或 --all-failed", "name one JOB, or --all-failed"))
    found = DBTaskResult.objects.failed()
    if job:
        found = found.filter(pk=_found(job).pk)
    count = found.update(status=TaskResultStatus.READY, worker_ids=[], finished_at=None)
    click.echo(pick(f"{count} 项已重新排队", f"{count} queued"))
    if job and not count:
        raise click.ClickException(pick("这项任务没有失败", "this job has not failed"))


def _found(job: str) -> DBTaskResult[Any, Any]:
    try:
        row = DBTaskResult.objects.filter(pk=job).first()
    except ValidationError:
        row = None
    if row is None:
        raise click.ClickException(pick(f"没有任务 {job}", f"no job {job}"))
    return row


COMMANDS = (group,)
