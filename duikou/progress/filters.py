"""The filters of the month's list and of the roll-up, from the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.text import clean
from duikou.programme.models import Clause, Pairing, Programme
from duikou.progress.models import ReportingRule, month_label
from duikou.progress.rules.months import is_month, month_of, parse_month, shifted
from duikou.progress.selectors.months import month_now
from duikou.progress.selectors.owed import MISSING
from duikou.progress.states import STATE_LABELS, ReportState

SHOWN_MONTHS = 24
STATUSES = (ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the address asks for; anything unreadable means the usual."""

    month: int
    pairing: Pairing | None
    clause: Clause | None
    status: str
    text: str
    by: str
    is_year: bool


def choices_of(data: QueryDict, *, programme: Programme, pairings: list[Pairing], rule: ReportingRule) -> Choices:
    """Read the address."""
    month = parse_month(data.get("month", "")) or month_now(rule)
    month = min(month, month_of(today()))
    code = clean(data.get("clause", ""))
    status = data.get("status", "")
    by = data.get("by", "")
    return Choices(
        month=month if is_month(month) else month_now(rule),
        pairing=next((pair for pair in pairings if pair.code == data.get("pairing")), None),
        clause=Clause.objects.filter(programme=programme, code=code).first() if code else None,
        status=status if status == MISSING or status in {state.value for state in STATUSES} else "",
        text=clean(data.get("q", ""))[:100],
        by=by if by in ("pairing", "clause", "month") else "pairing",
        is_year=data.get("period") == "year",
    )


def month_choices(chosen: int) -> list[tuple[str, str, bool]]:
    """The last two years of months, newest first, and the chosen one."""
    running = month_of(today())
    months = [shifted(running, -back) for back in range(SHOWN_MONTHS)]
    if chosen not in months:
        months.append(chosen)
    return [(f"{month // 100}-{month % 100:02d}", month_label(month), month == chosen) for month in months]


def status_choices(chosen: str) -> list[tuple[str, str, bool]]:
    """Statuses of a project in a month."""
    found: list[tuple[str, Any]] = [("", _("全部")), (MISSING, _("未报送"))]
    found += [(state.value, STATE_LABELS[state]) for state in STATUSES]
    return [(value, str(label), value == chosen) for value, label in found]
