"""Jobs of this room."""

from __future__ import annotations

from django_tasks import task

from duikou.projects.services.summaries import summaries_fold


@task()
def fold_summaries() -> int:
    """Fold the rows that writers appended to the sums; running twice does no harm."""
    return summaries_fold()
