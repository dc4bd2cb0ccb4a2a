"""Figures as text: how a difference keeps them, how people type them, how they are read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.money import BOUND_LABELS, LARGEST, Bound, Money, parse_amount
from duikou.projects.models import Project
from duikou.projects.services.draft import EARLIEST_YEAR, LATEST_YEAR
from duikou.projects.states import STATE_LABELS, ProjectState

AMOUNTS = ("planned_amount", "signed_amount", "completed_amount")
DAYS = ("planned_start", "planned_finish", "state_as_of")


def amount_kept(amount: Money | None, bound: str) -> str:
    """An amount with its bound as kept: "12345.67" or "12345.67 about"."""
    if amount is None:
        return ""
    exact = format(amount, ".2f")
    return exact if bound == Bound.EXACT else f"{exact} {bound}"


def figure_standing(project: Project, figure: str) -> str:
    """What the project says now, as kept."""
    value = getattr(project, figure)
    if figure in AMOUNTS:
        return amount_kept(value, getattr(project, figure.replace("_amount", "_bound")))
    return "" if value is None else str(value)


def figure_typed(figure: str, text: str) -> str:
    """What somebody typed, as kept; empty is "not known". Raises `Invalid` at `value`."""
    text = text.strip()
    if not text and figure != "state":
        return ""
    try:
        return _read(figure, text)
    except (LookupError, ValueError, Invalid):
        raise Invalid(
            fields={"value": [_("看不懂这个数值：金额如“3亿元”，年份如2019，日期如2019-05-09，状态写名称。")]}
        ) from None


def _read(figure: str, text: str) -> str:
    if figure in AMOUNTS:
        found = parse_amount(text, unit="万元")
        if found is None or not 0 <= found.amount <= LARGEST:
            raise ValueError(text)
        return amount_kept(found.amount, found.bound.value)
    if figure == "state":
        return {str(label): state.value for state, label in STATE_LABELS.items()}[text]
    if figure == "year":
        if not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
            raise ValueError(text)
        return str(int(text))
    day = dt.date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR or (figure == "state_as_of" and day > today()):
        raise ValueError(text)
    return day.isoformat()


def figure_fields(figure: str, kept: str) -> dict[str, Any]:
    """The fields of the project that hold a kept value."""
    if figure in AMOUNTS:
        amount, _space, bound = kept.partition(" ")
        return {
            figure: Money(amount) if amount else None,
            figure.replace("_amount", "_bound"): bound or Bound.EXACT.value,
        }
    if figure == "year":
        return {figure: int(kept) if kept else None}
    if figure in DAYS:
        return {figure: dt.date.fromisoformat(kept) if kept else None}
    return {figure: kept}


def figure_words(figure: str, kept: str) -> str:
    """A kept value as read by people, amounts in 万元."""
    if not kept:
        return _("不详")
    if figure in AMOUNTS:
        amount, _space, bound = kept.partition(" ")
        words = f"{Money(amount).wan.normalize():,f}"
        text = _("%(amount)s万元") % {"amount": words}
        return f"{BOUND_LABELS[Bound(bound)]}{text}" if bound else text
    return str(STATE_LABELS[ProjectState(kept)]) if figure == "state" else kept
