"""Dates of recurring duties."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any


def next_due(due: Mapping[str, Any], today: dt.date) -> dt.date | None:
    """The next day, today included, on which a yearly duty falls due; None where the parameters give no date.

    A duty of every n years has no fixed first year, so it gives none either.
    """
    if due.get("rule") != "yearly":
        return None
    try:
        month, day = int(due["month"]), int(due["day"])
        this, following = (_on(year, month, day) for year in (today.year, today.year + 1))
    except (KeyError, TypeError, ValueError):
        return None
    return this if this >= today else following


def _on(year: int, month: int, day: int) -> dt.date:
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, last if day == -1 else min(day, last))
