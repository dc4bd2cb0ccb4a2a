"""What a viewer may know of parks and their figures."""

from duikou.parks.selectors.scope import (
    Sight,
    agreement_sees,
    agreement_visible,
    figure_visible,
    park_sees,
    park_visible,
    parks_full,
    parks_visible,
    reads_companies,
    resident_visible,
    residents_visible,
    sight_of,
    split_visible,
    splits_visible,
)
from duikou.parks.selectors.totals import YearTotals, changed_since, least_companies, settled, year_totals

__all__ = [
    "Sight",
    "YearTotals",
    "agreement_sees",
    "agreement_visible",
    "changed_since",
    "figure_visible",
    "least_companies",
    "park_sees",
    "park_visible",
    "parks_full",
    "parks_visible",
    "reads_companies",
    "resident_visible",
    "residents_visible",
    "settled",
    "sight_of",
    "split_visible",
    "splits_visible",
    "year_totals",
]
