"""Where things stand on a printed time axis: windows of years, shares of a window's width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple


class Window(NamedTuple):
    """A stretch of the time axis that stands on one page: whole years, the last one included."""

    first: int
    last: int

    def share(self, day: dt.date) -> float:
        """Where `day` stands: 0 at the left edge, 1 at the right; beyond them outside of 0 to 1."""
        start = dt.date(self.first, 1, 1).toordinal()
        end = dt.date(self.last + 1, 1, 1).toordinal()
        return (day.toordinal() - start) / (end - start)

    def bar(self, start: dt.date | None, finish: dt.date | None) -> tuple[float, float] | None:
        """Left edge and width of a span, cut at the window; None where nothing of it is in the window."""
        begin, end = start or finish, finish or start
        if begin is None or end is None:
            return None
        left, right = max(0.0, self.share(begin)), min(1.0, self.share(end))
        return (left, right - left) if right >= left and right >= 0 and left <= 1 else None


def windows(days: Iterable[dt.date], years: int) -> list[Window]:
    """The windows of `years` each that hold all of `days`, in order; none for no days. Never an empty one at an end."""
    found = {day.year for day in days if day.year < dt.MAXYEAR}
    if not found:
        return []
    first, last = min(found), max(found)
    whole = [Window(start, min(start + years - 1, last)) for start in range(first, last + 1, years)]
    return [window for window in whole if any(window.first <= year <= window.last for year in found)]
