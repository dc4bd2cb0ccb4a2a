"""The process that does the jobs: takes them one by one, keeps the clock, and takes up what a dead worker dropped."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from duikou.kernel import jobs, standby

log = structlog.stdlib.get_logger("duikou.jobs")

BEAT_EVERY = 5.0
"""Seconds between two signs of life."""

SILENT_AFTER = 60.0
"""Seconds without a sign of life after which a worker counts as dead."""

CLOCK_EVERY = 10.0
"""Seconds between two looks at the periodic jobs and at jobs that a dead worker dropped."""

ATTEMPTS = 3
"""A job that has taken this many workers down with it is not tried again."""

KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)


def new_worker_id() -> str:
    """A name that says where the worker runs: host, process, and something unique."""
    host = re.sub(r"[^A-Za-z0-9]", "", socket.gethostname())[:30] or "host"
    return f"{host}-{os.getpid()}-{get_random_string(6)}"


def beats() -> Path:
    """The folder where living workers leave a sign; shared by all processes, as the data folder is."""
    return Path(settings.HOME) / "workers"


def beat(worker_id: str) -> None:
    """Leave a sign of life."""
    beats().mkdir(parents=True, exist_ok=True)
    (beats() / worker_id).touch()


def is_alive(worker_id: str) -> bool:
    """Whether the worker gave a sign lately and, when it runs on this host, its process still exists."""
    try:
        age = time.time() - (beats() / worker_id).stat().st_mtime
    except OSError:
        return False
    if age > SILENT_AFTER:
        return False
    host, _, rest = worker_id.partition("-")
    process = rest.partition("-")[0]
    if host != new_worker_id().partition("-")[0] or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last_beat_age() -> float | None:
    """Seconds since any worker gave a sign of life; None when none ever did."""
    try:
        marks = [entry.stat().st_mtime for entry in beats().iterdir()]
    except OSError:
        return None
    return max(0.0, time.time() - max(marks)) if marks else None


def requeue_lost() -> int:
    """Give jobs whose worker died back to the queue, or up after `ATTEMPTS`; returns how many were touched."""
    touched = 0
    for row in DBTaskResult.objects.running():
        holder = row.worker_ids[-1] if row.worker_ids else ""
        if holder and is_alive(holder):
            continue
        mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
        if len(row.worker_ids) >= ATTEMPTS:
            changed = mine.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                exception_class_path="duikou.kernel.worker.WorkerLost",
                traceback=f"WorkerLost: {len(row.worker_ids)} workers ended while doing this job",
            )
            log.error("job given up", job_id=str(row.pk), task=row.task_path, attempts=len(row.worker_ids))
        else:
            changed = mine.update(status=TaskResultStatus.READY)
            log.warning("job taken up again", job_id=str(row.pk), task=row.task_path, attempts=len(row.worker_ids))
        touched += changed
    return touched


def enqueue_due() -> int:
    """Queue every periodic job that was not queued within its period; returns how many."""
    queued = 0
    for job in jobs.periodic_jobs().values():
        known = DBTaskResult.objects.filter(task_path=job.task.module_path)
        waiting = known.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).exists()
        if waiting or known.filter(enqueued_at__gt=timezone.now() - job.every).exists():
            continue
        jobs.enqueue(job.task)
        queued += 1
    return queued


def prune() -> int:
    """Forget finished jobs: done after a week, failed after three months; returns how many rows went."""
    now = timezone.now()
    done, _ = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()
    failed, _ = DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()
    for mark in beats().iterdir():
        if time.time() - mark.stat().st_mtime > KEEP_DONE.total_seconds():
            mark.unlink(missing_ok=True)
    return done + failed


class WorkerLost(RuntimeError):
    """The job's worker ended again and again while doing it; named in the job's record, never raised."""


class Clock(threading.Thread):
    """Beside a worker: signs of life, periodic jobs, dropped jobs. A busy database only delays it."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="clock", daemon=True)
        self.worker_id = worker_id
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        next_look = next_prune = 0.0
        while not self.stopping.is_set():
            beat(self.worker_id)
            moment = time.monotonic()
            try:
                if moment >= next_look:
                    next_look = moment + CLOCK_EVERY
                    requeue_lost()
                    enqueue_due()
                if moment >= next_prune:
                    next_prune = moment + 3600
                    prune()
            except DatabaseError as error:
                log.warning("clock delayed", reason=type(error).__name__)
            finally:
                connection.close()
            self.stopping.wait(BEAT_EVERY)

    def stop(self) -> None:
        """End, and take the sign of life away."""
        self.stopping.set()
        (beats() / self.worker_id).unlink(missing_ok=True)


class Worker(DatabaseWorker):
    """A worker that says in the log what it does, by job id."""

    def __init__(self, *, interval: float = 0.5, batch: bool = False, worker_id: str | None = None) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name=default_task_backend.alias,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id or new_worker_id(),
            excluded_queue_names=[],
        )

    def run_task(self, db_task_result: Any) -> None:
        """Do one job and log how it went; the traceback of a failure stands in the line and in the job's record."""
        structlog.contextvars.bind_contextvars(job_id=str(db_task_result.pk), task=db_task_result.task_path)
        started = time.monotonic()
        try:
            super().run_task(db_task_result)
            spent = round((time.monotonic() - started) * 1000)
            if db_task_result.status == TaskResultStatus.FAILED:
                log.error("job failed", duration_ms=spent, exception=db_task_result.traceback)
            else:
                log.info("job done", duration_ms=spent)
        finally:
            structlog.contextvars.clear_contextvars()


def work(*, interval: float = 0.5, batch: bool = False) -> None:
    """Do jobs until told to stop (or until none is left, with `batch`); a copy stands by for jobs that need helpers."""
    with standby.kept():
        _work(interval=interval, batch=batch)


def _work(*, interval: float, batch: bool) -> None:
    worker = Worker(interval=interval, batch=batch)
    beat(worker.worker_id)
    requeue_lost()
    clock = Clock(worker.worker_id)
    if not batch:
        worker.configure_signals()
        clock.start()
    log.info("worker started", worker_id=worker.worker_id)
    try:
        worker.run()
    finally:
        clock.stop()
        log.info("worker stopped", worker_id=worker.worker_id)
