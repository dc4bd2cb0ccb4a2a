"""What happens by itself."""

from __future__ import annotations

from django_tasks import task

from duikou.kernel import jobs
from duikou.progress.services.merging import reports_follow_merge
from duikou.progress.services.months import months_close
from duikou.progress.services.reminders import reports_remind
from duikou.progress.services.summaries import series_follow, summaries_fold


@task()
def fold() -> int:
    """Fold the rows that writers appended to the sums; running twice does no harm."""
    return summaries_fold()


@task()
def tick() -> None:
    """The clock's round: months whose day has passed close, what is due waits for who owes it."""
    months_close()
    reports_remind()


@task()
def follow(project_ids: list[int]) -> None:
    """Sums stand under what the projects are now."""
    series_follow(project_ids)


@task()
def follow_merge(kept_id: int, duplicate_id: int) -> None:
    """Reports move with a merged project."""
    reports_follow_merge(kept_id=kept_id, duplicate_id=duplicate_id)


def project_updated(project_ids: list[int]) -> None:
    """Listener: pairing, clause or visibility may be another."""
    jobs.enqueue(follow, project_ids=project_ids)


def project_merged(kept_id: int, duplicate_id: int) -> None:
    """Listener: two projects are one."""
    jobs.enqueue(follow_merge, kept_id=kept_id, duplicate_id=duplicate_id)
