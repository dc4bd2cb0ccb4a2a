"""Reading the kept sums of reports, scoped to the viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When

from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.programme.models import Clause, Pairing, Programme
from duikou.progress.models import FUNDS, RegionReportSummary, ReportingRule, ReportState, ReportSummary
from duikou.projects.models import CellSummary, RegionCellSummary
from duikou.projects.selectors import Scope, scope_of

By = Literal["pairing", "clause", "month"]
FLOWS = ("reports", "late", "invested_month", "paid_month", "invested_unknown")
"""Added over the months of a period."""
LEVELS = ("invested_total", "paid_total", *FUNDS)
"""Read of the period's last month."""


@dataclass(slots=True)
class Line:
    """Sums of one pairing, clause or month; money in 分, accepted reports only."""

    key: int
    owed: int = 0
    waiting: int = 0
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def money(self, name: str) -> Money:
        """A sum in 元."""
        return Money.from_cents(self.numbers[name])

    @property
    def accepted(self) -> int:
        """Accepted reports."""
        return self.numbers["reports"]

    @property
    def late(self) -> int:
        """Accepted reports that came late."""
        return self.numbers["late"]

    @property
    def in_place(self) -> Money:
        """Money in place from all sources, as reported for the last month."""
        return Money.from_cents(sum(self.numbers[name] for name in FUNDS))

    @property
    def missing(self) -> int:
        """How many owe a report and have sent none."""
        return max(0, self.owed - self.numbers["reports"] - self.waiting)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a roll-up is asked for: a period, its grouping, and whether one pairing or clause only."""

    programme: Programme
    first: int
    last: int
    by: By = "pairing"
    pairing: Pairing | None = None
    clause: Clause | None = None


def report_lines(*, actor: Actor, wanted: Wanted, pairings: list[Pairing], rule: ReportingRule) -> dict[int, Line]:
    """The roll-up as the viewer may know it, read from the kept sums alone (≤ 6 queries)."""
    scope = scope_of(actor, pairings)
    lines: dict[int, Line] = {}
    if scope.nothing:
        return lines
    for rows in _scoped(scope, ReportSummary.objects.all(), RegionReportSummary.objects.all()):
        _add_sums(lines, _of(rows, wanted, pairings), wanted, pairings)
    if wanted.by != "month" and wanted.first == wanted.last:
        for owed in _scoped(scope, CellSummary.objects.all(), RegionCellSummary.objects.all()):
            _add_owed(lines, _of(owed, wanted, pairings).filter(state__in=rule.states), wanted, pairings)
    return lines


def _scoped(scope: Scope, sums: QuerySet[Any], regional: QuerySet[Any]) -> Iterable[QuerySet[Any]]:
    yield sums.filter(scope.summaries)
    if scope.regional_sums is not None:
        yield regional.filter(scope.regional_sums)


def _of(rows: QuerySet[Any], wanted: Wanted, pairings: list[Pairing]) -> QuerySet[Any]:
    rows = rows.filter(programme=wanted.programme)
    if wanted.pairing is not None:
        root = wanted.pairing.pk
        rows = rows.filter(pairing_id__in=[pair.pk for pair in pairings if root in (pair.pk, pair.parent_id)])
    return rows.filter(clause=wanted.clause) if wanted.clause is not None else rows


def _key(wanted: Wanted, pairings: list[Pairing]) -> Any:
    if wanted.by == "pairing" and wanted.pairing is None:
        inside = [When(pairing_id=pair.pk, then=Value(pair.parent_id)) for pair in pairings if pair.parent_id]
        return Case(*inside, default=F("pairing_id"), output_field=IntegerField()) if inside else F("pairing_id")
    return F({"pairing": "pairing_id", "clause": "clause_id", "month": "month"}[wanted.by])


def _add_sums(lines: dict[int, Line], rows: QuerySet[Any], wanted: Wanted, pairings: list[Pairing]) -> None:
    rows = rows.filter(month__gte=wanted.first, month__lte=wanted.last).order_by()
    last = Q() if wanted.by == "month" else Q(month=wanted.last)
    found = rows.values(key=_key(wanted, pairings), of=F("state")).annotate(
        **{f"agg_{name}": Sum(name, default=0) for name in FLOWS},
        **{f"agg_{name}": Sum(name, default=0, filter=last) for name in LEVELS},
    )
    for row in found:
        line = lines.setdefault(row["key"], Line(row["key"]))
        if row["of"] == ReportState.SUBMITTED:
            line.waiting += row["agg_reports"]
            continue
        for name in (*FLOWS, *LEVELS):
            line.numbers[name] += row[f"agg_{name}"]


def _add_owed(lines: dict[int, Line], rows: QuerySet[Any], wanted: Wanted, pairings: list[Pairing]) -> None:
    for row in rows.order_by().values(key=_key(wanted, pairings)).annotate(n=Sum("count")):
        if row["n"]:
            lines.setdefault(row["key"], Line(row["key"])).owed += row["n"]


def total_of(lines: Iterable[Line]) -> Line:
    """All lines together."""
    whole = Line(0)
    for line in lines:
        whole.owed += line.owed
        whole.waiting += line.waiting
        for name, number in line.numbers.items():
            whole.numbers[name] += number
    return whole
