"""Which totals may be shown to those who may not see single companies (statistical disclosure control)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Open:
    """Whether the two columns of one year and measure may be shown as totals."""

    official: bool
    agreed: bool


def may_show(*, official: Collection[int], agreed: Collection[int], least: int) -> Open:
    """Which of the two totals may be shown: `official` and `agreed` are the companies that each is the sum of.

    A total of fewer than `least` companies is hidden. Both are shown side by side, so that the difference of the two
    is a total as well: the agreed one is hidden when what one has and the other has not is fewer than `least`
    companies (none at all is fine). Whoever sees only totals sees no other sums of the same figures.
    """
    whole, part = set(official), set(agreed)
    shown = len(whole) >= least
    fits = len(part) >= least
    if shown and fits:
        fits = all(not rest or len(rest) >= least for rest in (whole - part, part - whole))
    return Open(shown, fits)
