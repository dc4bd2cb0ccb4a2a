"""What happens by itself."""

from __future__ import annotations

from django_tasks import task

from duikou.kernel import jobs
from duikou.progress.services.alarms_clock import alarms_escalate
from duikou.progress.services.alarms_judge import alarms_judge, project_judge
from duikou.progress.services.alarms_merge import alarms_follow_merge
from duikou.progress.services.merging import reports_follow_merge
from duikou.progress.services.months import months_close
from duikou.progress.services.reminders import reports_remind
from duikou.progress.services.summaries import series_follow, summaries_fold

FEW = 200
"""Projects changed at once that are judged at once; a whole import waits for the clock's round."""


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
def judge_all() -> None:
    """The clock's round: alarms follow the day and the figures, those nobody answers rise."""
    alarms_judge()
    alarms_escalate()


@task()
def judge_some(project_ids: list[int]) -> None:
    """Alarms follow what was reported or changed just now."""
    for pk in project_ids:
        project_judge(project_id=pk)


@task()
def follow(project_ids: list[int]) -> None:
    """Sums stand under what the projects are now."""
    series_follow(project_ids)


@task()
def follow_merge(kept_id: int, duplicate_id: int) -> None:
    """Reports move with a merged project."""
    reports_follow_merge(kept_id=kept_id, duplicate_id=duplicate_id)
    alarms_follow_merge(kept_id=kept_id, duplicate_id=duplicate_id)


def project_updated(project_ids: list[int]) -> None:
    """Listener: pairing, clause or visibility may be another."""
    jobs.enqueue(follow, project_ids=project_ids)
    if len(project_ids) <= FEW:
        jobs.enqueue(judge_some, project_ids=project_ids)


def project_merged(kept_id: int, duplicate_id: int) -> None:
    """Listener: two projects are one."""
    jobs.enqueue(follow_merge, kept_id=kept_id, duplicate_id=duplicate_id)


def report_accepted(report_id: int, project_id: int, month: int) -> None:
    """Listener: the figures are others."""
    jobs.enqueue(judge_some, project_ids=[project_id])


def project_moved(project_ids: list[int], verb: str) -> None:
    """Listener: it started, finished or ended."""
    jobs.enqueue(judge_some, project_ids=project_ids[:FEW])
