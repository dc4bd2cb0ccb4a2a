"""What happens by itself."""

from __future__ import annotations

from django_tasks import task

from duikou.kernel import jobs
from duikou.kernel.actor import Actor
from duikou.schedule.services import follow, waiting

ME = Actor.job("schedule")


@task()
def tick() -> int:
    """The clock's round: what falls due waits for who answers for it."""
    return waiting.due_tick(actor=ME)


def project_updated(project_ids: list[int], **_more: object) -> None:
    """Listener: planned days of projects may have changed."""
    jobs.enqueue(plans_follow, project_ids=project_ids)


@task()
def plans_follow(project_ids: list[int]) -> int:
    """Start and finish milestones say what their projects say."""
    return follow.plans_follow(actor=ME, project_ids=project_ids)


def project_moved(project_ids: list[int], verb: str, **_more: object) -> None:
    """Listener: a project that started has its start milestone done."""
    if verb == "start":
        for project_id in project_ids:
            jobs.enqueue(start_follows, project_id=project_id)


@task()
def start_follows(project_id: int) -> bool:
    """The start milestone is done on the day of the step."""
    return follow.start_follows(actor=ME, project_id=project_id)


def project_merged(kept_id: int, duplicate_id: int, **_more: object) -> None:
    """Listener: milestones go with the project that was kept."""
    jobs.enqueue(merge_follows, kept_id=kept_id, duplicate_id=duplicate_id)


@task()
def merge_follows(kept_id: int, duplicate_id: int) -> int:
    """Milestones of a duplicate go to the project that was kept."""
    return follow.merge_follows(actor=ME, kept_id=kept_id, duplicate_id=duplicate_id)
