"""A park's totals by year in two columns that never meet, and what of them a viewer who sees only totals may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from duikou.kernel.actor import Actor
from duikou.parks.models import Agreed, AgreedLine, AgreedSplit, Official, OfficialYear, Park, Resident
from duikou.parks.rules.disclosure import may_show
from duikou.parks.selectors.scope import Sight, sight_of
from duikou.parks.states import MAIN, MEASURES, SETTLED, Measure, Origin, ResidentState

YEARS = 12
"""So many years on one page, the latest ones."""
Who = dict[tuple[int, str], set[int]]


@dataclass(frozen=True, slots=True)
class Share:
    """The agreed column of one measure: what each side counts as its own, over how many companies."""

    whole: Agreed
    first: Agreed
    second: Agreed
    companies: int


@dataclass(slots=True)
class Cell:
    """One measure of one year, the two columns side by side; None = unknown or not shown (`hidden`)."""

    measure: str
    official: Official | None = None
    companies: int = 0
    agreed: Share | None = None
    hidden: bool = False
    agreed_hidden: bool = False

    @property
    def label(self) -> str:
        """The measure in words."""
        return str(Measure(self.measure).label)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show or to name as hidden."""
        return self.official is not None or self.agreed is not None or self.hidden or self.agreed_hidden


@dataclass(slots=True)
class YearTotals:
    """One year of a park; `yields`: 元 of a measure per 亩 of the park, to the 分."""

    year: int
    cells: dict[str, Cell]
    jobs: int | None = None
    jobs_companies: int = 0
    jobs_hidden: bool = False
    companies: int = 0
    yields: dict[str, Decimal] = field(default_factory=dict)

    @property
    def shown(self) -> list[Cell]:
        """The measures there is something to say of."""
        return [cell for cell in self.cells.values() if cell.says_something]


def least_companies() -> int:
    """Of how many companies a total must be to be shown to those who see totals only (a setting, at least 2)."""
    return max(2, int(settings.PARKS_LEAST_COMPANIES))


def year_totals(*, actor: Actor, park: Park, years: int = YEARS) -> list[YearTotals]:
    """The latest years of a visible park, newest first, as this viewer may see them (2 queries, 4 for totals only).

    Official figures are sums of `OfficialYear`, agreed ones of live lines: two statements over two tables.
    """
    rows = OfficialYear.objects.filter(park=park).values("year")
    found = rows.annotate(
        **{f"{name}_sum": Sum(name) for name in MEASURES},
        **{f"{name}_n": Count(name) for name in MEASURES},
        jobs_sum=Sum("jobs"),
        jobs_n=Count("jobs"),
        companies=Count("id"),
    ).order_by("-year")[:years]
    made = [_year(row) for row in found]
    _add_agreed(park, made)
    if sight_of(actor, park) is Sight.TOTALS:
        _hide(park, made)
    for one in made:
        one.yields = _yields(park, one)
    return made


def _year(row: Any) -> YearTotals:
    cells = {name: Cell(name, row[f"{name}_sum"], row[f"{name}_n"]) for name in MEASURES}
    return YearTotals(row["year"], cells, row["jobs_sum"], row["jobs_n"], companies=row["companies"])


def _add_agreed(park: Park, made: list[YearTotals]) -> None:
    by_year = {one.year: one for one in made}
    lines = AgreedLine.objects.filter(split__park=park, is_live=True, year__in=by_year)
    rows = lines.values("year", "measure").annotate(
        base=Sum("whole"), first=Sum("first_share"), second=Sum("second_share"), companies=Count("id")
    )
    for row in rows:
        share = Share(row["base"], row["first"], row["second"], row["companies"])
        by_year[row["year"]].cells[row["measure"]].agreed = share


def _hide(park: Park, made: list[YearTotals]) -> None:
    """Leave only the totals that disclose no single company: by their own size, and by the difference of columns."""
    least = least_companies()
    official, agreed = _who(park, [one.year for one in made])
    for one in made:
        for name, cell in one.cells.items():
            key = (one.year, name)
            shown = may_show(official=official[key], agreed=agreed[key], least=least)
            if name not in MAIN or not shown.official:
                cell.hidden, cell.official, cell.companies = cell.companies > 0 and name in MAIN, None, 0
            if name not in MAIN or not shown.agreed:
                cell.agreed_hidden, cell.agreed = cell.agreed is not None, None
        if one.jobs_companies < least:
            one.jobs_hidden, one.jobs, one.jobs_companies = one.jobs_companies > 0, None, 0
        one.companies = 0


def _who(park: Park, years: list[int]) -> tuple[Who, Who]:
    """Which companies each total is the sum of (two queries)."""
    official: Who = defaultdict(set)
    rows = OfficialYear.objects.filter(park=park, year__in=years)
    for resident, year, *values in rows.values_list("resident_id", "year", *MAIN):
        for name, value in zip(MAIN, values, strict=True):
            if value is not None:
                official[year, name].add(resident)
    agreed: Who = defaultdict(set)
    lines = AgreedLine.objects.filter(split__park=park, is_live=True, year__in=years)
    for resident, year, measure in lines.values_list("resident_id", "year", "measure"):
        agreed[year, measure].add(resident)
    return official, agreed


def _yields(park: Park, one: YearTotals) -> dict[str, Decimal]:
    if not park.area:
        return {}
    cells = one.cells
    found = {name: cells[name].official for name in (Measure.TAX, Measure.OUTPUT, Measure.INVESTMENT)}
    tax, profit = cells[Measure.TAX], cells[Measure.PROFIT]
    known = {str(name.value): amount for name, amount in found.items() if amount is not None}
    if tax.official is not None and profit.official is not None and tax.companies == profit.companies:
        known["tax_profit"] = tax.official + profit.official
    area = Decimal(park.area)
    cent = Decimal("0.01")
    return {name: (Decimal(amount.money) / area).quantize(cent, ROUND_HALF_UP) for name, amount in known.items()}


@dataclass(frozen=True, slots=True)
class Settled:
    """How many companies stand where, by state and by origin, and the land they use in 亩."""

    by_state: dict[str, int]
    by_origin: dict[str, int]
    land: Decimal | None
    total: int


def settled(*, park: Park) -> Settled:
    """Companies of a park by state and origin (one query); counts are no company's figures."""
    here = Q(state__in=SETTLED)
    row = Resident.objects.filter(park=park).aggregate(
        **{state.value: Count("id", filter=Q(state=state.value)) for state in ResidentState},
        **{f"from_{origin}": Count("id", filter=here & Q(origin=origin)) for origin in Origin.values},
        area=Sum("land", filter=here),
    )
    return Settled(
        {state.value: row[state.value] for state in ResidentState},
        {origin: row[f"from_{origin}"] for origin in Origin.values},
        row["area"],
        sum(row[state] for state in SETTLED),
    )


def changed_since(*, split: AgreedSplit) -> int:
    """Of how many companies in a split the official figure changed since it was made (2 queries).

    The two columns are compared, never added: what was taken from the official one then and what would be now.
    """
    lines = list(AgreedLine.objects.filter(split=split))
    years = OfficialYear.objects.filter(resident__in=[line.resident_id for line in lines], year=split.year)
    now = {row.resident_id: getattr(row, split.measure) for row in years}
    return sum(
        now.get(line.resident_id) is None or Agreed.taken_from(now[line.resident_id]) != line.whole for line in lines
    )
