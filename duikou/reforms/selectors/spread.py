"""What spread where and how fast: the matrix, the curve, and days from publication to adoption; all from the rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import ExtractYear, TruncMonth

from duikou.kernel.actor import Actor
from duikou.programme.models import Clause, Pairing, Region, Topic
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.rules import Spread, cumulative, months_between, spread
from duikou.reforms.selectors.lists import Wanted
from duikou.reforms.selectors.scope import DONE, adoptions_visible, measures_visible
from duikou.reforms.states import ADOPTION_LABELS, AdoptionState, MeasureState


def published(*, actor: Actor, wanted: Wanted) -> QuerySet[ReformMeasure]:
    """The measures that were offered: visible ones that are no drafts."""
    return measures_visible(actor=actor).filter(wanted.measures()).exclude(state=MeasureState.DRAFT)


def counted(*, actor: Actor, wanted: Wanted) -> QuerySet[Adoption]:
    """The visible adoptions that were in force on some day."""
    return adoptions_visible(actor=actor).filter(wanted.adoptions(), state__in=DONE)


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is: measures offered; measures adopted anywhere and adoptions in force, followers of one practice
    counted once; regions that adopted any."""

    measures: int
    adopted: int
    adoptions: int
    regions: int


def totals(*, actor: Actor, wanted: Wanted) -> Totals:
    """The figures above the pictures (three queries)."""
    rows = counted(actor=actor, wanted=wanted).filter(state=AdoptionState.ADOPTED)
    sums = rows.aggregate(adopted=Count("measure__lineage", distinct=True), regions=Count("region", distinct=True))
    adoptions = rows.order_by().values("measure__lineage", "region_id").distinct().count()
    return Totals(published(actor=actor, wanted=wanted).count(), sums["adopted"], adoptions, sums["regions"])


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table: what it is called, to people and in an address ("" for rows without), measures, adoptions,
    days."""

    key: Any
    label: str
    address: str
    adopted: int
    adoptions: int
    days: Spread


@dataclass(frozen=True, slots=True)
class Grouping:
    """One table: rows by `field` of an adoption; `label` says what a key is called, to people and in an address."""

    name: str
    field: str
    label: Callable[[list[Any]], dict[Any, tuple[str, str]]]


def _topics(keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {row.pk: (row.label, row.code) for row in Topic.objects.filter(pk__in=keys)}


def _clauses(keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {row.pk: (str(row), row.code) for row in Clause.objects.filter(pk__in=keys)}


def _regions(keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {row.pk: (row.label, row.adcode) for row in Region.objects.filter(pk__in=keys)}


def _pairings(keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {row.pk: (row.label, row.code) for row in Pairing.objects.filter(pk__in=keys)}


def _years(keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {key: (str(key), str(key)) for key in keys}


PLACES = 10_000_000
"""More than there are ids of places: practice and place in one number, so that the database counts pairs once."""
GROUPINGS = (
    Grouping("region", "region_id", _regions),
    Grouping("topic", "measure__topic_id", _topics),
    Grouping("clause", "measure__clauses", _clauses),
    Grouping("pairing", "pairing_id", _pairings),
    Grouping("year", "year", _years),
)


def groups(*, actor: Actor, wanted: Wanted, grouping: Grouping) -> list[Group]:
    """The lines of one table, most adoptions first, years newest first (three queries)."""
    rows = counted(actor=actor, wanted=wanted).filter(state=AdoptionState.ADOPTED).order_by()
    rows = rows.annotate(year=ExtractYear("adopted_on")).annotate(key=F(grouping.field))
    once = F("measure__lineage") * PLACES + F("region_id")
    counts = rows.values("key").annotate(
        adopted=Count("measure__lineage", distinct=True), adoptions=Count(once, distinct=True)
    )
    took: dict[Any, Counter[int]] = {}
    for key, days, number in rows.filter(days__isnull=False).values_list("key", "days").annotate(n=Count("pk")):
        took.setdefault(key, Counter())[days] += number
    found = {row["key"]: (row["adopted"], row["adoptions"]) for row in counts}
    labels = grouping.label([key for key in found if key is not None])
    lines = [
        Group(key, *labels.get(key, ("", "")), *numbers, spread(took.get(key, {}))) for key, numbers in found.items()
    ]
    if grouping.name == "year":
        return sorted(lines, key=lambda line: -(line.key or 0))
    return sorted(lines, key=lambda line: (-line.adoptions, line.label))


def overall(*, actor: Actor, wanted: Wanted) -> tuple[Spread, int]:
    """The days it took over everything, and how many adoptions came before the publication and have none."""
    rows = counted(actor=actor, wanted=wanted).filter(state=AdoptionState.ADOPTED).order_by()
    known = dict(rows.filter(days__isnull=False).values_list("days").annotate(n=Count("pk")))
    return spread(known), rows.filter(days__isnull=True).count()


@dataclass(frozen=True, slots=True)
class Curve:
    """At the end of each month: how many measures had been offered, how many adoptions were in force."""

    months: list[dt.date] = field(default_factory=list)
    measures: list[int] = field(default_factory=list)
    adoptions: list[int] = field(default_factory=list)


def curve(*, actor: Actor, wanted: Wanted) -> Curve:
    """The curve from the first publication or adoption to the last change (three queries)."""
    offered = _by_month(published(actor=actor, wanted=wanted), "published_on")
    rows = counted(actor=actor, wanted=wanted)
    begun, ended = _by_month(rows, "adopted_on"), _by_month(rows.filter(ended_on__isnull=False), "ended_on")
    days = [*offered, *begun, *ended]
    if not days:
        return Curve()
    months = months_between(min(days), max(days))
    changes = {month: begun.get(month, 0) - ended.get(month, 0) for month in {*begun, *ended}}
    return Curve(months, cumulative(offered, months), cumulative(changes, months))


def _by_month(rows: QuerySet[Any], name: str) -> dict[dt.date, int]:
    found = rows.order_by().annotate(month=TruncMonth(name)).values_list("month").annotate(n=Count("pk"))
    return {month: number for month, number in found if month is not None}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one region makes of one measure; `adoption_id` None: nothing known."""

    state: str = ""
    adoption_id: int | None = None

    @property
    def label(self) -> str:
        """The state in words."""
        return str(ADOPTION_LABELS[AdoptionState(self.state)]) if self.state else ""


def cells_of(
    *, actor: Actor, measures: list[ReformMeasure], regions: tuple[Region, ...]
) -> list[tuple[ReformMeasure, list[Cell]]]:
    """Rows of the matrix (one query, however many cells)."""
    rows = adoptions_visible(actor=actor).filter(measure__in=[row.pk for row in measures]).order_by()
    known = {
        (measure, region): Cell(state, pk)
        for measure, region, state, pk in rows.values_list("measure_id", "region_id", "state", "pk")
    }
    empty = Cell()
    return [(row, [known.get((row.pk, region.pk), empty) for region in regions]) for row in measures]


def sums_by_region(*, actor: Actor, wanted: Wanted) -> dict[tuple[int, str], int]:
    """(region id, state) → how many, over all measures and not only one page (one query)."""
    rows = adoptions_visible(actor=actor).filter(wanted.adoptions()).order_by()
    found = rows.values_list("region_id", "state").annotate(n=Count("pk"))
    return {(region, state): number for region, state, number in found}


def fullest_side(*, actor: Actor, wanted: Wanted) -> str:
    """The side that offered most; "" while neither has (one query)."""
    rows = published(actor=actor, wanted=wanted).order_by().values_list("side").annotate(n=Count("pk"))
    return max(((number, side) for side, number in rows), default=(0, ""))[1]
