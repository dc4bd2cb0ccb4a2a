"""Days that the editable table knows."""

from __future__ import annotations

import datetime as dt
import time

from django.db import DatabaseError

from duikou.flow.models import WorkingDay

FRESH = 30.0
"""Seconds after which a process reads the table anew: a change elsewhere takes at most so long."""

_known: tuple[float, dict[dt.date, bool]] | None = None


def day_known(day: dt.date) -> bool | None:
    """Whether offices work on `day` by the table; None when it does not say. Read at most every half minute."""
    global _known  # noqa: PLW0603 - one small table per process
    if _known is None or time.monotonic() - _known[0] > FRESH:
        try:
            _known = (time.monotonic(), dict(WorkingDay.objects.values_list("day", "works")))
        except (DatabaseError, RuntimeError):
            return None
    return _known[1].get(day)


def forget_days() -> None:
    """Read the table anew at the next question."""
    global _known  # noqa: PLW0603
    _known = None


def days_listed(*, year: int) -> list[WorkingDay]:
    """The table's rows of one year, newest first."""
    return list(WorkingDay.objects.filter(day__year=year).order_by("-day"))
