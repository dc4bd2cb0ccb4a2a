"""Statistics by region and kind, of what the viewer may know of: counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet

from duikou.greenchannel.rules.figures import median_of
from duikou.greenchannel.selectors.lists import late_ever, overdue_now
from duikou.greenchannel.selectors.scope import requests_visible
from duikou.greenchannel.states import LIVE, RequestState
from duikou.kernel.actor import Actor
from duikou.programme.models import BlockerKind, Region

COUNTS = ("raised", "open", "overdue", "late", "reopened", "solved")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group: how many were raised, are open, overdue now, were ever late, came back, are solved; and the median
    of working days on the clock, and of all working days, of the solved (None where none is)."""

    raised: int = 0
    open: int = 0
    overdue: int = 0
    late: int = 0
    reopened: int = 0
    solved: int = 0
    median: Fraction | None = None
    median_whole: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a region, a kind, or both, and its figures."""

    figures: Figures
    region: Region | None = None
    kind: BlockerKind | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables of one page; `years` are those in which the viewer's requests were raised."""

    total: Figures
    regions: list[Line] = field(default_factory=list)
    kinds: list[Line] = field(default_factory=list)
    cells: list[Line] = field(default_factory=list)
    years: list[int] = field(default_factory=list)


Key = tuple[int, int]
"""Region and kind."""
Spans = dict[Key, Counter[int]]
"""How many of a region and kind took how many days."""


def statistics(*, actor: Actor, year: int | None = None) -> Statistics:
    """The figures of what `actor` may know of, raised in `year` or ever: five queries, whatever their number.

    The database counts by region, kind and year, and how many took how many days; sums of groups and the middle value
    follow from these counts exactly.
    """
    visible = requests_visible(actor=actor).order_by()
    counted: list[Any] = list(visible.values("region_id", "kind_id", "year").annotate(**_counts()))
    chosen = [row for row in counted if year in (None, row["year"])]
    rows = visible if year is None else visible.filter(year=year)
    clock, whole = (_spans(rows, column) for column in ("clock_days", "whole_days"))
    keys = sorted({(row["region_id"], row["kind_id"]) for row in chosen})
    regions = {row.pk: row for row in Region.objects.filter(pk__in={region for region, _kind in keys})}
    kinds = {row.pk: row for row in BlockerKind.objects.filter(pk__in={kind for _region, kind in keys})}
    by_region = sorted(regions, key=lambda pk: regions[pk].path)
    by_kind = sorted(kinds, key=lambda pk: (kinds[pk].programme_id, kinds[pk].order))

    def figures(some: Iterable[Key]) -> Figures:
        wanted = set(some)
        mine = [row for row in chosen if (row["region_id"], row["kind_id"]) in wanted]
        numbers = {name: sum(row[name] for row in mine) for name in COUNTS}
        middle = (median_of(_joined(spans, wanted)) for spans in (clock, whole))
        return Figures(**numbers, median=next(middle), median_whole=next(middle))

    return Statistics(
        total=figures(keys),
        regions=[Line(figures(key for key in keys if key[0] == pk), region=regions[pk]) for pk in by_region],
        kinds=[Line(figures(key for key in keys if key[1] == pk), kind=kinds[pk]) for pk in by_kind],
        cells=[
            Line(figures([(region, kind)]), regions[region], kinds[kind])
            for region in by_region
            for kind in by_kind
            if (region, kind) in keys
        ],
        years=sorted({row["year"] for row in counted}, reverse=True),
    )


def _counts() -> dict[str, Count]:
    return {
        "raised": Count("pk"),
        "open": Count("pk", filter=Q(state__in=LIVE)),
        "overdue": Count("pk", filter=overdue_now()),
        "late": Count("pk", filter=late_ever()),
        "reopened": Count("pk", filter=Q(round__gt=0)),
        "solved": Count("pk", filter=Q(state=RequestState.SOLVED.value)),
    }


def _spans(rows: QuerySet[Any], column: str) -> Spans:
    """Of the solved, how many took how many days (one query)."""
    solved = rows.filter(state=RequestState.SOLVED.value).values_list("region_id", "kind_id", column)
    found: Spans = {}
    for region, kind, days, count in solved.annotate(count=Count("pk")):
        found.setdefault((region, kind), Counter())[days] += count
    return found


def _joined(spans: Spans, keys: set[Key]) -> Counter[int]:
    found: Counter[int] = Counter()
    for key in keys:
        found.update(spans.get(key, {}))
    return found
