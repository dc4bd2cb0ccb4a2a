"""Work for later: written in the caller's transaction, done by a worker after it commits, safe to do twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django_tasks import default_task_backend
from django_tasks.base import Task


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the worker's clock enqueues; bodies are idempotent, so two workers do no harm."""

    name: str
    task: Task[Any, Any]
    every: dt.timedelta


_periodic: dict[str, Periodic] = {}


def enqueue(task: Task[Any, Any], **kwargs: Any) -> str:
    """Queue `task` with plain values (ids, strings); returns the job's id. Rolls back with the transaction."""
    return str(task.enqueue(**kwargs).id)


def periodic(name: str, task: Task[Any, Any], *, every: dt.timedelta) -> None:
    """Let the worker enqueue `task` at least `every` so often (register in `apps.py`)."""
    _periodic[name] = Periodic(name, task, every)


def periodic_jobs() -> dict[str, Periodic]:
    """Registered periodic jobs by name."""
    return dict(_periodic)


def drain() -> int:
    """Run every ready job in this process, in order, and return how many ran; raises `JobFailed` if one failed."""
    from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415 - the command's module needs the app registry
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - models need the app registry

    before = set(DBTaskResult.objects.failed().values_list("id", flat=True))
    done = DBTaskResult.objects.finished().count()
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=default_task_backend.alias,
        startup_delay=False,
        max_tasks=None,
        worker_id="drain",
        excluded_queue_names=[],
    ).run()
    failed = DBTaskResult.objects.failed().exclude(id__in=before).first()
    if failed is not None:
        raise JobFailed(failed.traceback)
    return DBTaskResult.objects.finished().count() - done


class JobFailed(RuntimeError):
    """A drained job raised; the message is its traceback."""
