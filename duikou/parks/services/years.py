"""What accepted rows come to by company and year, kept beside them so that a park's totals are one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from duikou.kernel.money import Money
from duikou.parks.models import Official, OfficialFigure, OfficialYear, Park
from duikou.parks.rules.spans import Row, year_of_rows
from duikou.parks.states import MEASURES, ReviewState


def years_refresh(*, park: Park, resident_ids: Collection[int], year: int) -> None:
    """Write these companies' year anew, in the caller's transaction, which holds the park (3 statements)."""
    wanted = years_computed(park=park, resident_ids=resident_ids, year=year)
    OfficialYear.objects.filter(resident__in=resident_ids, year=year).delete()
    OfficialYear.objects.bulk_create(wanted, batch_size=500)


def years_computed(*, park: Park, resident_ids: Collection[int], year: int) -> list[OfficialYear]:
    """The same, computed and not written (one query)."""
    rows = OfficialFigure.objects.filter(resident__in=resident_ids, year=year, state=ReviewState.ACCEPTED.value)
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        values = {name: amount.money for name, amount in row.amounts.items()}
        found[row.resident_id].append(Row(row.span, dict(values), row.jobs))
    made = []
    for resident_id, own in found.items():
        whole = year_of_rows(own, MEASURES)
        amounts = {name: Official(Money(value)) for name, value in whole.values.items()}
        made.append(
            OfficialYear(park=park, resident_id=resident_id, year=year, months=whole.months, jobs=whole.jobs, **amounts)
        )
    return made
