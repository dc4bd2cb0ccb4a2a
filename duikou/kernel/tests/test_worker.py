"""Jobs are done once, taken up again when a worker dies, and given up when they kill every worker."""

from __future__ import annotations

import datetime as dt
import os
import time

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from duikou.kernel import jobs, worker

pytestmark = pytest.mark.django_db

DONE: list[int] = []


@task()
def note(number: int) -> None:
    DONE.append(number)


@task()
def break_down() -> None:
    raise RuntimeError("as it must")


@pytest.fixture(autouse=True)
def _alone(settings, tmp_path, monkeypatch):
    """The worker's look after idle connections would drop the test's own, which stands in a transaction."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    settings.HOME = tmp_path
    DONE.clear()


def _running(holder: str, *, earlier: int = 0) -> DBTaskResult:
    row = DBTaskResult.objects.get(pk=jobs.enqueue(note, number=1))
    row.worker_ids = ["gone"] * earlier
    row.claim(holder)
    return row


def test_jobs_are_done_in_order():
    for number in range(3):
        jobs.enqueue(note, number=number)
    worker.work(batch=True)
    assert DONE == [0, 1, 2]


def test_a_job_of_a_change_that_did_not_happen_is_not_done():
    with transaction.atomic():
        jobs.enqueue(note, number=1)
        transaction.set_rollback(True)
    worker.work(batch=True)
    assert DONE == []


def test_a_job_that_failed_keeps_its_traceback_and_does_not_stop_the_next():
    broken = jobs.enqueue(break_down)
    jobs.enqueue(note, number=7)
    worker.work(batch=True)
    row = DBTaskResult.objects.get(pk=broken)
    assert row.status == TaskResultStatus.FAILED
    assert "as it must" in row.traceback
    assert DONE == [7]


def test_a_job_of_a_dead_worker_is_done_by_the_next():
    _running("elsewhere-1-abc")
    worker.work(batch=True)
    assert DONE == [1]


def test_a_job_of_a_living_worker_is_left_to_it():
    mine = worker.new_worker_id()
    worker.beat(mine)
    row = _running(mine)
    assert worker.requeue_lost() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING


def test_a_worker_whose_process_is_gone_is_dead_though_its_sign_is_fresh():
    host = worker.new_worker_id().partition("-")[0]
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    worker.beat(f"{host}-{child}-abc")
    assert not worker.is_alive(f"{host}-{child}-abc")


def test_a_worker_that_has_been_silent_is_dead():
    worker.beat("elsewhere-1-abc")
    assert worker.is_alive("elsewhere-1-abc")
    old = time.time() - worker.SILENT_AFTER - 1
    os.utime(worker.beats() / "elsewhere-1-abc", (old, old))
    assert not worker.is_alive("elsewhere-1-abc")


def test_a_job_that_takes_every_worker_down_is_given_up():
    row = _running("elsewhere-1-abc", earlier=worker.ATTEMPTS - 1)
    assert worker.requeue_lost() == 1
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert "WorkerLost" in row.traceback


def test_a_periodic_job_is_queued_once_in_its_period(monkeypatch):
    monkeypatch.setattr(jobs, "_periodic", {})
    jobs.periodic("note", break_down, every=dt.timedelta(minutes=5))
    assert worker.enqueue_due() == 1
    assert worker.enqueue_due() == 0
    worker.work(batch=True)
    assert worker.enqueue_due() == 0
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=6))
    assert worker.enqueue_due() == 1


def test_old_jobs_are_forgotten_and_failed_ones_later():
    DBTaskResult.objects.all().delete()  # what preparing the database left to do
    worker.beats().mkdir(parents=True)
    for made in (note, break_down):
        jobs.enqueue(made, **({"number": 1} if made is note else {}))
    worker.work(batch=True)
    DBTaskResult.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))
    assert worker.prune() == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
