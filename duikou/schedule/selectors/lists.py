"""Lists of milestones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.schedule.models import Milestone, MilestoneLink
from duikou.schedule.selectors.scope import milestones_visible

MOST = 10_000
"""Beyond this a count is told as "more than"."""


def milestones_listed(*, actor: Actor, pairings: list[Pairing]) -> QuerySet[Milestone]:
    """The visible milestones with what a row of the list names."""
    return milestones_visible(actor=actor, pairings=pairings).select_related("project__pairing", "organisation")


def count_of(rows: QuerySet[Milestone]) -> tuple[int, bool]:
    """How many, at most `MOST`, and whether there are more."""
    found = rows.select_related(None).order_by()[: MOST + 1].count()
    return min(found, MOST), found > MOST


def with_links(rows: list[Milestone]) -> list[Milestone]:
    """The rows, each with the titles and days of what it waits for in its own project (one query)."""
    links: dict[int, list[tuple[str, int]]] = defaultdict(list)
    found = MilestoneLink.objects.filter(after_id__in=[row.pk for row in rows]).order_by("id")
    own = found.values_list("after_id", "before__title", "lag", "before__project_id", "after__project_id")
    for after, title, lag, before_project, after_project in own:
        if before_project == after_project:
            links[after].append((title, lag))
    for row in rows:
        row.shown_links = links[row.pk]  # type: ignore[attr-defined] # what the column of the list reads
    return rows


def chunks_with_links(chunks: Iterable[list[Milestone]]) -> Iterator[list[Milestone]]:
    """The same for rows that are handed on a piece at a time, 500 ids a query."""
    for chunk in chunks:
        for start in range(0, len(chunk), 500):
            yield with_links(chunk[start : start + 500])
