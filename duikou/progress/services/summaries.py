"""Keeping the sums of reports: every writer appends the difference, a job folds them, a command proves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from duikou.kernel.sums import keep_writers_out, sums_append, sums_fold, sums_kept
from duikou.progress.models import FIGURES, FUNDS, ProgressReport, RegionReportSummary, ReportSeries, ReportSummary
from duikou.progress.models.series import KEY
from duikou.progress.models.summary import REGION_SUMMARY_KEY, SUM_FIELDS, SUMMARY_KEY
from duikou.progress.states import COUNTED, ReportState
from duikou.projects.models import Project, Side, Visibility

Vector = tuple[int, ...]
Key = tuple[Any, ...]
Table = type[ReportSummary] | type[RegionReportSummary]
TABLES: dict[Table, tuple[str, ...]] = {ReportSummary: SUMMARY_KEY, RegionReportSummary: REGION_SUMMARY_KEY}
_SIDES = (Side.FIRST.value, Side.SECOND.value)
_CLOSED = Visibility.PAIRING.value


class SumKey(NamedTuple):
    """All that the sums tell reports apart by."""

    programme_id: int
    pairing_id: int
    clause_id: int
    visibility: str
    first_region_id: int
    second_region_id: int | None
    month: int
    state: str

    def places(self) -> Iterator[tuple[Table, Key]]:
        """The keys under which such reports are summed."""
        cell = (self.clause_id, self.month, self.visibility, self.state)
        yield ReportSummary, (self.programme_id, self.pairing_id, *cell)
        if self.visibility != _CLOSED:
            return
        for side, region in zip(_SIDES, (self.first_region_id, self.second_region_id), strict=True):
            if region is not None:
                yield RegionReportSummary, (self.programme_id, self.pairing_id, side, region, *cell)


class Contribution(NamedTuple):
    """What one report adds to the sums, and under which key; `vector` follows `SUM_FIELDS`."""

    key: SumKey
    vector: Vector


def is_counted(report: ProgressReport) -> bool:
    """Whether the sums hold it: what stands, and what waits for its review; a correction counts once it stands."""
    return report.state == ReportState.ACCEPTED or (
        report.state == ReportState.SUBMITTED and report.corrects_id is None
    )


def contribution(report: ProgressReport, series: ReportSeries) -> Contribution | None:
    """What `report` adds now; None for one that the sums do not hold."""
    if not is_counted(report):
        return None
    numbers: dict[str, int] = {"reports": 1, "late": int(report.is_late)}
    for name in FIGURES:
        amount = getattr(report, name)
        numbers[name] = amount.cents if amount is not None else 0
    numbers["invested_unknown"] = int(report.invested_month is None)
    numbers["paid_unknown"] = int(report.paid_month is None)
    numbers["funds_unknown"] = int(all(getattr(report, name) is None for name in FUNDS))
    key = SumKey(**{name: getattr(series, name) for name in KEY}, month=report.month, state=report.state)
    return Contribution(key, tuple(numbers[name] for name in SUM_FIELDS))


def summaries_apply(*, gone: Iterable[Contribution | None] = (), come: Iterable[Contribution | None] = ()) -> None:
    """Append the differences in the caller's transaction: at most one row per key and table, however many reports."""
    sums: dict[SumKey, list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
    for sign, many in ((-1, gone), (1, come)):
        for one in many:
            if one is not None:
                total = sums[one.key]
                for place, number in enumerate(one.vector):
                    total[place] += sign * number
    summaries_append(sums)


def summaries_append(sums: Mapping[SumKey, Sequence[int]]) -> None:
    """Append differences that the caller has added up by key (numbers as in `SUM_FIELDS`)."""
    tables: dict[Table, dict[Key, list[int]]] = {table: {} for table in TABLES}
    for key, numbers in sums.items():
        for table, place in key.places():
            known = tables[table].get(place)
            tables[table][place] = (
                list(numbers) if known is None else [a + b for a, b in zip(known, numbers, strict=True)]
            )
    for table, totals in tables.items():
        sums_append(table, TABLES[table], SUM_FIELDS, totals)


def summaries_fold() -> int:
    """Fold the rows of one key into one; returns how many rows fewer there are. May run twice."""
    part = ("pairing_id", "side", "region_id")
    return sum(sums_fold(table, key, SUM_FIELDS, part=part) for table, key in TABLES.items())


def series_key(project: Project) -> dict[str, Any]:
    """What a project's reports are summed by now."""
    return {name: getattr(project, name) for name in KEY}


@transaction.atomic
def series_follow(project_ids: Iterable[int]) -> int:
    """Move the sums of these projects' reports under what the projects are now; returns how many moved."""
    moved = 0
    for pk in sorted(set(project_ids)):
        series = ReportSeries.objects.select_for_update(of=("self",)).select_related("project").filter(pk=pk).first()
        if series is None:
            continue
        key = series_key(series.project)
        if all(getattr(series, name) == value for name, value in key.items()):
            continue
        rows = list(ProgressReport.objects.filter(project_id=pk, state__in=COUNTED))
        gone = [contribution(row, series) for row in rows]
        for name, value in key.items():
            setattr(series, name, value)
        series.save()
        summaries_apply(gone=gone, come=[contribution(row, series) for row in rows])
        moved += 1
    return moved


def _aggregates() -> dict[str, Any]:
    number = models.BigIntegerField()

    def added(name: str) -> Coalesce:
        return Coalesce(Sum(F(name), output_field=number), Value(0), output_field=number)

    no_funds = Q(**{f"{name}__isnull": True for name in FUNDS})
    return {
        "agg_reports": Count("id"),
        "agg_late": Count("id", filter=Q(is_late=True)),
        **{f"agg_{name}": added(name) for name in FIGURES},
        "agg_invested_unknown": Count("id", filter=Q(invested_month__isnull=True)),
        "agg_paid_unknown": Count("id", filter=Q(paid_month__isnull=True)),
        "agg_funds_unknown": Count("id", filter=no_funds),
    }


def counted_reports() -> QuerySet[ProgressReport]:
    """The reports that the sums hold."""
    counts = Q(state=ReportState.ACCEPTED) | Q(state=ReportState.SUBMITTED, corrects=None)
    return ProgressReport.objects.filter(counts, project__merged_into__isnull=True).order_by()


def computed(table: Table) -> Iterator[tuple[Key, Vector]]:
    """The sums of `table` computed from the reports themselves, by what their projects are now: one scan a side."""
    key = TABLES[table]
    if "side" not in key:
        yield from _scanned(counted_reports(), tuple(_column(name) for name in key))
        return
    place = key.index("side")
    for side in _SIDES:
        rows = counted_reports().filter(**{"project__visibility": _CLOSED, f"project__{side}_region__isnull": False})
        columns = tuple(
            f"project__{side}_region_id" if name == "region_id" else _column(name) for name in key if name != "side"
        )
        for found, vector in _scanned(rows, columns):
            yield (*found[:place], side, *found[place:]), vector


def _column(name: str) -> str:
    return name if name in ("month", "state") else f"project__{name}"


def _scanned(rows: QuerySet[ProgressReport], key: tuple[str, ...]) -> Iterator[tuple[Key, Vector]]:
    found = rows.values_list(*key).annotate(**_aggregates())
    for row in found.values_list(*key, *(f"agg_{name}" for name in SUM_FIELDS)).iterator(chunk_size=2000):
        yield tuple(row[: len(key)]), tuple(int(number) for number in row[len(key) :])


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount found: keys whose kept sums differ from the reports, and how many keys there are."""

    keys: int
    wrong: tuple[tuple[Any, ...], ...]


@transaction.atomic
def summary_verify() -> Recount:
    """Compare the kept sums with a recomputation, to the 分, while no writer is in between."""
    keep_writers_out(ProgressReport)
    wrong: list[tuple[Any, ...]] = []
    keys = 0
    for table, key in TABLES.items():
        have, truth = sums_kept(table, key, SUM_FIELDS), dict(computed(table))
        keys += len(truth)
        wrong += [name for name in sorted({*have, *truth}, key=str) if have.get(name) != truth.get(name)]
    return Recount(keys, tuple(wrong))


@transaction.atomic
def summary_rebuild() -> None:
    """Write all sums anew from the reports, in one transaction; the series stand under what their projects are now."""
    keep_writers_out(ProgressReport)
    for table, key in TABLES.items():
        table._default_manager.all().delete()
        sums_append(table, key, SUM_FIELDS, dict(computed(table)))
    differ = Q()
    for name in KEY:
        differ |= ~Q(**{name: F(f"project__{name}")})
    for series in ReportSeries.objects.filter(differ).select_related("project").iterator(chunk_size=2000):
        ReportSeries.objects.filter(pk=series.pk).update(**series_key(series.project))
