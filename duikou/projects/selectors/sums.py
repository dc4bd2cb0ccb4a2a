"""Reading the kept sums, scoped to the viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound, BoundedMoney, Money
from duikou.programme.models import Pairing, Programme
from duikou.projects.models import CellSummary, Project, RegionCellSummary, RegionYearSummary, YearSummary
from duikou.projects.models.summary import AMOUNTS, SUM_FIELDS
from duikou.projects.rules import completion_rate
from duikou.projects.selectors.scope import Scope, scope_of
from duikou.projects.states import GROUP_STATES, StateGroup


def aggregates() -> dict[str, Any]:
    """The annotations `agg_*` that compute the sums from projects themselves, grouped as the caller says."""
    number = models.BigIntegerField()

    found: dict[str, Any] = {"agg_count": Count("id")}
    for name in AMOUNTS:
        known = Q(**{f"{name}_amount__isnull": False})
        found[f"agg_{name}_sum"] = Coalesce(
            Sum(F(f"{name}_sort"), filter=known, output_field=number), Value(0), output_field=number
        )
        found[f"agg_{name}_unknown"] = Count("id", filter=~known)
        found[f"agg_{name}_about"] = Count(
            "id", filter=known & Q(**{f"{name}_bound__in": [Bound.ABOUT.value, Bound.AT_MOST.value]})
        )
        found[f"agg_{name}_over"] = Count("id", filter=known & Q(**{f"{name}_bound": Bound.AT_LEAST.value}))
    both = Q(signed_amount__isnull=False, completed_amount__isnull=False)
    found["agg_both_count"] = Count("id", filter=both)
    for name in ("signed", "completed"):
        found[f"agg_both_{name}"] = Coalesce(
            Sum(F(f"{name}_sort"), filter=both, output_field=number), Value(0), output_field=number
        )
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over some projects, in 分 (fields as in `models.summary.Sums`)."""

    count: int = 0
    planned_sum: int = 0
    planned_unknown: int = 0
    planned_about: int = 0
    planned_over: int = 0
    signed_sum: int = 0
    signed_unknown: int = 0
    signed_about: int = 0
    signed_over: int = 0
    completed_sum: int = 0
    completed_unknown: int = 0
    completed_about: int = 0
    completed_over: int = 0
    both_count: int = 0
    both_signed: int = 0
    both_completed: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    def _amount(self, name: str) -> BoundedMoney | None:
        if getattr(self, f"{name}_unknown") >= self.count:
            return None
        bound = Bound.EXACT
        if getattr(self, f"{name}_about"):
            bound = Bound.ABOUT
        elif getattr(self, f"{name}_over"):
            bound = Bound.AT_LEAST
        return BoundedMoney(Money.from_cents(getattr(self, f"{name}_sum")), bound)

    @property
    def planned(self) -> BoundedMoney | None:
        """Planned money of the projects that state it; None when none does."""
        return self._amount("planned")

    @property
    def signed(self) -> BoundedMoney | None:
        """Signed money of the projects that state it; None when none does."""
        return self._amount("signed")

    @property
    def completed(self) -> BoundedMoney | None:
        """Completed money of the projects that state it; None when none does."""
        return self._amount("completed")

    @property
    def rate(self) -> Decimal | None:
        """Completed of signed in per cent, over the projects of which both are known; None when there are none."""
        return completion_rate(Decimal(self.both_completed), Decimal(self.both_signed))


_NAMES = tuple(field.name for field in fields(Totals))


def total(many: Iterable[Totals]) -> Totals:
    """All of them together."""
    numbers = [0] * len(_NAMES)
    for one in many:
        for place, name in enumerate(_NAMES):
            numbers[place] += getattr(one, name)
    return Totals(*numbers)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: root pairing, main clause, state group."""

    pairing_id: int
    clause_id: int
    group: StateGroup
    totals: Totals


def cells(*, actor: Actor, programme: Programme, pairings: list[Pairing]) -> list[Cell]:
    """The matrix as the viewer may know it, sub-pairings in their root: one query, two for a region below a pairing."""
    scope = scope_of(actor, pairings)
    key = {"root": _root_of(pairings), "group": _group()}
    found = _merged(
        scope,
        CellSummary.objects.filter(programme=programme),
        RegionCellSummary.objects.filter(programme=programme),
        Project.objects.filter(programme=programme, merged_into=None),
        key,
        ("root", "clause_id", "group"),
    )
    return [Cell(root, clause, StateGroup(group), sums) for (root, clause, group), sums in found.items()]


def years(*, actor: Actor, programme: Programme, pairings: list[Pairing]) -> dict[int | None, Totals]:
    """Sums by year as the viewer may know them (None: year not stated)."""
    scope = scope_of(actor, pairings)
    found = _merged(
        scope,
        YearSummary.objects.filter(programme=programme),
        RegionYearSummary.objects.filter(programme=programme),
        Project.objects.filter(programme=programme, merged_into=None),
        {},
        ("year",),
    )
    return {year: sums for (year,), sums in sorted(found.items(), key=lambda item: item[0][0] or 0)}


def _merged(
    scope: Scope,
    kept: models.QuerySet[Any],
    regional: models.QuerySet[Any],
    projects: models.QuerySet[Project],
    expressions: Mapping[str, Any],
    key: tuple[str, ...],
) -> dict[tuple[Any, ...], Totals]:
    """Kept sums of what the viewer sees by pairing, visibility and region, plus the few rows of its organisation."""
    sums: dict[tuple[Any, ...], Totals] = defaultdict(Totals)
    if scope.nothing:
        return sums
    names = [f"agg_{name}" for name in SUM_FIELDS]
    tables = [kept.filter(scope.summaries)]
    if scope.regional_sums is not None:
        tables.append(regional.filter(scope.regional_sums))
    queries: list[Any] = [
        table.order_by()
        .annotate(**expressions)
        .values(*key)
        .annotate(**{f"agg_{name}": Sum(name) for name in SUM_FIELDS})
        for table in tables
    ]
    if scope.own is not None:
        queries.append(
            projects.filter(scope.own).order_by().annotate(**expressions).values(*key).annotate(**aggregates())
        )
    for query in queries:
        for row in query.values_list(*key, *names):
            sums[tuple(row[: len(key)])] += Totals(*(int(number) for number in row[len(key) :]))
    return {name: found for name, found in sums.items() if found.count}


def _root_of(pairings: Iterable[Pairing]) -> Any:
    parents = {pairing.pk: pairing.parent_id for pairing in pairings}
    whens = [When(pairing_id=pk, then=Value(root)) for pk in parents if (root := root_id(pk, parents)) != pk]
    return Case(*whens, default=F("pairing_id"), output_field=models.BigIntegerField())


def root_id(pairing_id: int, parents: Mapping[int, int | None]) -> int:
    """The top-level pairing over `pairing_id`."""
    while (parent := parents.get(pairing_id)) is not None:
        pairing_id = parent
    return pairing_id


def _group() -> Any:
    return Case(
        *(When(state__in=states, then=Value(group.value)) for group, states in GROUP_STATES.items()),
        output_field=models.CharField(),
    )


def sums_where(
    *, actor: Actor, programme: Programme, pairings: list[Pairing], condition: Q, by_year: bool = False
) -> Totals:
    """Sums over the visible projects that meet `condition` (on pairing, clause, state, visibility; or on year)."""
    table: Any = YearSummary if by_year else CellSummary
    regional: Any = RegionYearSummary if by_year else RegionCellSummary
    found = _merged(
        scope_of(actor, pairings),
        table.objects.filter(condition, programme=programme),
        regional.objects.filter(condition, programme=programme),
        Project.objects.filter(condition, programme=programme, merged_into=None),
        {},
        ("programme_id",),
    )
    return found.get((programme.pk,), Totals())


def totals_by_state(*, actor: Actor, programme: Programme, pairings: list[Pairing], condition: Q) -> dict[str, Totals]:
    """Sums by state over the visible projects that meet `condition` (on pairing, clause, visibility): ≤ 3 queries."""
    found = _merged(
        scope_of(actor, pairings),
        CellSummary.objects.filter(condition, programme=programme),
        RegionCellSummary.objects.filter(condition, programme=programme),
        Project.objects.filter(condition, programme=programme, merged_into=None),
        {},
        ("state",),
    )
    return {state: sums for (state,), sums in found.items()}
