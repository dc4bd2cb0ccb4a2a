"""What happens by itself."""

from __future__ import annotations

from django_tasks import task

from duikou.greenchannel.services.follow import requests_follow, requests_redate
from duikou.greenchannel.services.ticking import requests_tick
from duikou.kernel import jobs


@task()
def tick() -> None:
    """The clock's round: owners who left, terms that end, escalations, askers who have not answered."""
    requests_tick()


@task()
def redate() -> None:
    """After the table of working days changed: deadlines of open requests."""
    requests_redate()


@task()
def follow(kept_id: int, duplicate_id: int) -> None:
    """After a project was merged into another: its requests go with it."""
    requests_follow(kept_id=kept_id, duplicate_id=duplicate_id)


def days_changed(day: str) -> None:
    """Listener: a day works otherwise than the calendar said."""
    jobs.enqueue(redate)


def project_merged(kept_id: int, duplicate_id: int) -> None:
    """Listener: a project was merged into another."""
    jobs.enqueue(follow, kept_id=kept_id, duplicate_id=duplicate_id)
