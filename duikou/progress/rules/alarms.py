"""The five alarms of NDRC Order 10 (in force 2024-02-01), judged from what is known; what is unknown is never guessed.

The thresholds are no official figures: they are an example that the coordinator replaces. The order names the five
alarms and the 3000万元 of central money from which a single project gets extra monitoring.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from duikou.kernel.money import WAN, Money
from duikou.progress.rules.months import last_day, month_of, shifted

HUNDRED = Decimal(100)


class AlarmKind(StrEnum):
    """Exactly the five of the order."""

    NOT_STARTED = "not_started"
    BEHIND = "behind"
    LOW_PAYMENT = "low_payment"
    SHRUNK = "shrunk"
    OVERDUE = "overdue"


class Colour(StrEnum):
    """How bad it is."""

    YELLOW = "yellow"
    RED = "red"


class Judged(StrEnum):
    """What came of judging one alarm of one project. PAUSED: a suspended project, which proves nothing either way."""

    GIVEN = "given"
    FINE = "fine"
    UNKNOWN = "unknown"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The parameters of a programme. Days are calendar days but for `ack_days`, `explain_days` and `step_days`, which
    are working days; shares are in percent or points; money is in 万元."""

    start_yellow: Decimal = Decimal(1)
    start_red: Decimal = Decimal(60)
    behind_yellow: Decimal = Decimal(10)
    behind_red: Decimal = Decimal(20)
    stale_months: Decimal = Decimal(2)
    pay_yellow: Decimal = Decimal(60)
    pay_red: Decimal = Decimal(30)
    pay_after_months: Decimal = Decimal(6)
    shrink_yellow: Decimal = Decimal(5)
    shrink_red: Decimal = Decimal(20)
    over_yellow: Decimal = Decimal(1)
    over_red: Decimal = Decimal(90)
    central_wan: Decimal = Decimal(3000)
    ack_days: Decimal = Decimal(3)
    explain_days: Decimal = Decimal(10)
    step_days: Decimal = Decimal(5)


NAMES = tuple(field.name for field in fields(Thresholds))
WHOLE = frozenset(NAMES) - {
    "behind_yellow",
    "behind_red",
    "pay_yellow",
    "pay_red",
    "shrink_yellow",
    "shrink_red",
    "central_wan",
}
"""Those that are whole numbers."""
_SHARES = ("behind_yellow", "behind_red", "pay_yellow", "pay_red", "shrink_yellow", "shrink_red")


def misfits(given: Thresholds) -> Iterator[str]:
    """Names of parameters that make no sense: red before yellow, shares beyond 100, nothing at all."""
    for yellow, red in (("start", "start"), ("behind", "behind"), ("shrink", "shrink"), ("over", "over")):
        if getattr(given, f"{red}_red") < getattr(given, f"{yellow}_yellow"):
            yield f"{red}_red"
    if given.pay_red > given.pay_yellow:
        yield "pay_red"
    yield from (name for name in _SHARES if not 0 < getattr(given, name) <= HUNDRED)
    positive = ("start_yellow", "over_yellow", "stale_months", "ack_days", "explain_days", "step_days", "central_wan")
    yield from (name for name in positive if getattr(given, name) <= 0)
    if given.explain_days < given.ack_days:
        yield "explain_days"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one project. Money in 元; None is unknown, never 0. `report_month`: the latest accepted one."""

    planned_start: dt.date | None = None
    planned_finish: dt.date | None = None
    has_started: bool = False
    started_on: dt.date | None = None
    has_finished: bool = False
    has_ended: bool = False
    is_suspended: bool = False
    planned: Money | None = None
    signed: Money | None = None
    most_planned: Money | None = None
    most_signed: Money | None = None
    report_month: int | None = None
    invested: Money | None = None
    paid: Money | None = None
    in_place: Money | None = None
    central: Money | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One alarm judged. `value` is days, points or percent by kind; `missing` names what would be needed to judge;
    `share` and `time` are the progress and the time progress that were compared, in percent."""

    kind: AlarmKind
    judged: Judged
    colour: Colour | None = None
    value: Decimal | None = None
    missing: tuple[str, ...] = ()
    share: Decimal | None = None
    time: Decimal | None = None


def judge(known: Known, at: Thresholds, today: dt.date) -> tuple[Finding, ...]:
    """All five, in the order's own order."""
    return (
        not_started(known, at, today),
        behind(known, at, today),
        low_payment(known, at, today),
        shrunk(known, at),
        overdue(known, at, today),
    )


def is_watched(known: Known, at: Thresholds) -> bool:
    """Whether the project has so much central money that it gets extra monitoring (Order 10: 3000万元)."""
    return known.central is not None and Decimal(known.central) >= at.central_wan * WAN


def not_started(known: Known, at: Thresholds, today: dt.date) -> Finding:
    """未按时开工: days since the planned start of a project that has not started."""
    kind = AlarmKind.NOT_STARTED
    if known.has_ended or known.has_started:
        return Finding(kind, Judged.FINE)
    if known.is_suspended:
        return Finding(kind, Judged.PAUSED)
    if known.planned_start is None:
        return _unknown(kind, "planned_start")
    return _by(kind, Decimal(max((today - known.planned_start).days, 0)), at.start_yellow, at.start_red)


def behind(known: Known, at: Thresholds, today: dt.date) -> Finding:
    """建设进度滞后: points by which progress trails time.

    Judged at the end of the latest reported month; a project that has not reported for `stale_months` is judged at the
    end of the month so long ago, for silence is no progress. Progress is invested over planned (else signed) money, and
    the physical progress where there is no such money.
    """
    kind = AlarmKind.BEHIND
    if known.has_ended or known.has_finished:
        return Finding(kind, Judged.FINE)
    if known.is_suspended:
        return Finding(kind, Judged.PAUSED)
    if not known.has_started:
        return Finding(kind, Judged.FINE)
    share = invested_share(known)
    if share is None:
        share = known.percent
    start, finish, month = known.planned_start, known.planned_finish, known.report_month
    if start is None or finish is None or share is None or month is None or finish < start:
        wanted = {"planned_start": start, "planned_finish": finish, "report": month, "progress": share}
        return _unknown(kind, *(name for name, value in wanted.items() if value is None))
    silent = last_day(shifted(month_of(today), -int(at.stale_months)))
    time = time_share(start, finish, min(max(last_day(month), silent), today))
    gap = _tenth(max(time - share, Decimal(0)))
    return _by(kind, gap, at.behind_yellow, at.behind_red, share=share, time=time)


def low_payment(known: Known, at: Thresholds, today: dt.date) -> Finding:
    """资金支付率低: paid out over money in place, from so many months after the start on."""
    kind = AlarmKind.LOW_PAYMENT
    if known.has_ended or known.has_finished:
        return Finding(kind, Judged.FINE)
    if known.is_suspended:
        return Finding(kind, Judged.PAUSED)
    since = known.started_on or known.planned_start
    if since is not None and months_after(since, int(at.pay_after_months)) > today:
        return Finding(kind, Judged.FINE)
    wanted = {"started_on": since, "report": known.report_month, "in_place": known.in_place or None, "paid": known.paid}
    if any(value is None for value in wanted.values()) or known.in_place is None or known.paid is None:
        return _unknown(kind, *(name for name, value in wanted.items() if value is None))
    rate = _tenth(Decimal(known.paid) * HUNDRED / Decimal(known.in_place))
    colour = Colour.RED if rate < at.pay_red else Colour.YELLOW if rate < at.pay_yellow else None
    return Finding(kind, Judged.GIVEN if colour else Judged.FINE, colour, rate)


def shrunk(known: Known, at: Thresholds) -> Finding:
    """缩减投资规模: by how many percent the planned (else the signed) money is below the most that it ever was."""
    kind = AlarmKind.SHRUNK
    if known.has_ended:
        return Finding(kind, Judged.FINE)
    pairs = ((known.planned, known.most_planned), (known.signed, known.most_signed))
    present, most = next(((now, most) for now, most in pairs if most), (None, None))
    if present is None or not most:
        return _unknown(kind, "planned_amount")
    cut = _tenth(max(Decimal(most) - Decimal(present), Decimal(0)) * HUNDRED / Decimal(most))
    return _by(kind, cut, at.shrink_yellow, at.shrink_red)


def overdue(known: Known, at: Thresholds, today: dt.date) -> Finding:
    """超期未完工: days since the planned finish of a project that has not finished."""
    kind = AlarmKind.OVERDUE
    if known.has_ended or known.has_finished:
        return Finding(kind, Judged.FINE)
    if known.is_suspended:
        return Finding(kind, Judged.PAUSED)
    if known.planned_finish is None:
        return _unknown(kind, "planned_finish")
    return _by(kind, Decimal(max((today - known.planned_finish).days, 0)), at.over_yellow, at.over_red)


def invested_share(known: Known) -> Decimal | None:
    """Invested over planned money, else over signed, in percent; None where one of them is unknown."""
    whole = known.planned or known.signed
    if known.invested is None or not whole:
        return None
    return _tenth(Decimal(known.invested) * HUNDRED / Decimal(whole))


def time_share(start: dt.date, finish: dt.date, day: dt.date) -> Decimal:
    """How much of the time from the start to the finish, both included, is over at the end of `day`, in percent.

    Counted in months, as the offices do: at the end of August 8 of the year's 12 months, 66.7%.
    """
    begin = _place(start) - Decimal(1) / _length(start)
    whole = _place(finish) - begin
    gone = min(max(_place(day) - begin, Decimal(0)), whole)
    return _tenth(gone * HUNDRED / whole)


def _place(day: dt.date) -> Decimal:
    """The end of a day on a line whose unit is a month."""
    return Decimal(day.year * 12 + day.month - 1) + Decimal(day.day) / _length(day)


def _length(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, the month's last where it has no such day."""
    month = shifted(month_of(day), months)
    return last_day(month).replace(day=min(day.day, last_day(month).day))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _by(
    kind: AlarmKind,
    value: Decimal,
    yellow: Decimal,
    red: Decimal,
    *,
    share: Decimal | None = None,
    time: Decimal | None = None,
) -> Finding:
    colour = Colour.RED if value >= red else Colour.YELLOW if value >= yellow else None
    return Finding(kind, Judged.GIVEN if colour else Judged.FINE, colour, value, (), share, time)


def _unknown(kind: AlarmKind, *missing: str) -> Finding:
    return Finding(kind, Judged.UNKNOWN, missing=missing)
