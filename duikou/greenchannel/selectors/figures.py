"""Statistics by region and kind, of what the viewer may know of: counted and cut in the middle by the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.rules.figures import median
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


GROUPS: tuple[tuple[str, ...], ...] = ((), ("region_id",), ("kind_id",), ("region_id", "kind_id"))


def statistics(*, actor: Actor, year: int | None = None) -> Statistics:
    """The figures of what `actor` may know of, raised in `year` or ever: 15 queries, whatever their number."""
    visible = requests_visible(actor=actor).order_by()
    rows = visible if year is None else visible.filter(year=year)
    found = [_figures(rows, names) for names in GROUPS]
    regions = {row.pk: row for row in Region.objects.filter(pk__in=[key[0] for key in found[1]])}
    kinds = {row.pk: row for row in BlockerKind.objects.filter(pk__in=[key[0] for key in found[2]])}
    by_region = sorted(regions, key=lambda pk: regions[pk].path)
    by_kind = sorted(kinds, key=lambda pk: (kinds[pk].programme_id, kinds[pk].order))
    return Statistics(
        total=found[0].get((), Figures()),
        regions=[Line(found[1][pk,], region=regions[pk]) for pk in by_region],
        kinds=[Line(found[2][pk,], kind=kinds[pk]) for pk in by_kind],
        cells=[
            Line(found[3][region, kind], regions[region], kinds[kind])
            for region in by_region
            for kind in by_kind
            if (region, kind) in found[3]
        ],
        years=sorted(visible.values_list("year", flat=True).distinct(), reverse=True),
    )


def _figures(rows: QuerySet[GreenChannelRequest], names: tuple[str, ...]) -> dict[tuple[int, ...], Figures]:
    """Figures by the values of `names` (three queries)."""
    counts = {
        "raised": Count("pk"),
        "open": Count("pk", filter=Q(state__in=LIVE)),
        "overdue": Count("pk", filter=overdue_now()),
        "late": Count("pk", filter=late_ever()),
        "reopened": Count("pk", filter=Q(round__gt=0)),
        "solved": Count("pk", filter=Q(state=RequestState.SOLVED.value)),
    }
    counted: Iterable[dict[str, Any]]
    counted = rows.values(*names).annotate(**counts) if names else [rows.aggregate(**counts)]
    clock, whole = (_medians(rows, names, column) for column in ("clock_days", "whole_days"))
    found = {}
    for row in counted:
        key = tuple(row[name] for name in names)
        if row["raised"]:
            numbers = {name: row[name] for name in COUNTS}
            found[key] = Figures(**numbers, median=clock.get(key), median_whole=whole.get(key))
    return found


def _medians(rows: QuerySet[Any], names: tuple[str, ...], column: str) -> dict[tuple[int, ...], Fraction | None]:
    """The middle value of each group, or the mean of its two: the database numbers the rows of a group by `column` and
    hands out the one or two in the middle (one query)."""
    group = [F(name) for name in names] or None
    placed = rows.filter(state=RequestState.SOLVED.value).annotate(
        place=Window(RowNumber(), partition_by=group, order_by=[column, "pk"]),
        many=Window(Count("pk"), partition_by=group),
    )
    middle = placed.annotate(off=2 * F("place") - F("many")).filter(off__gte=0, off__lte=2)
    values: dict[tuple[int, ...], list[int]] = {}
    for *key, value in middle.values_list(*names, column):
        values.setdefault(tuple(key), []).append(value)
    return {key: median(some) for key, some in values.items()}
