"""Jobs of this room."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from duikou.kernel import jobs
from duikou.projects.filters import FilterReader
from duikou.projects.services.news import news_note, news_tell
from duikou.projects.services.summaries import summaries_fold


@task()
def fold_summaries() -> int:
    """Fold the rows that writers appended to the sums; running twice does no harm."""
    return summaries_fold()


def project_news(what: str, **ids: Any) -> None:
    """Listener (with `what` given): note what those who follow the projects may want to know."""
    named = {ids.get("project_id"), ids.get("kept_id"), ids.get("duplicate_id"), *ids.get("project_ids", ())}
    event = next((ids[name] for name in ("report_id", "alarm_id", "request_id") if name in ids), 0)
    jobs.enqueue(note_news, what=what, project_ids=sorted(pk for pk in named if pk), event=event)


@task()
def note_news(what: str, project_ids: list[int], event: int) -> None:
    """Note it; twice notes nothing twice."""
    news_note(what=what, project_ids=project_ids, event=event)


@task()
def tell_news() -> None:
    """The clock's round: tell followers what is noted, one notice for each thing they follow."""
    news_tell(parse=FilterReader())
