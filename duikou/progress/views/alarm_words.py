"""Figures and findings in words, for the pages of alarms and the panel of a project."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.money import Money
from duikou.kernel.templatetags.look import day, money
from duikou.progress.models import Alarm, month_label
from duikou.progress.models.alarm import value_words
from duikou.progress.rules.alarms import Finding
from duikou.progress.selectors.alarms import Page
from duikou.progress.states import (
    COLOUR_LABELS,
    COLOUR_TONES,
    FIGURE_NAMES,
    FIGURES_OF,
    JUDGED_LABELS,
    KIND_LABELS,
    MISSING_LABELS,
)

_DAYS = frozenset({"planned_start", "planned_finish", "started_on", "judged_on"})
_MONEY = frozenset({"planned", "signed", "most_planned", "most_signed", "invested", "paid", "in_place"})


@dataclass(frozen=True, slots=True)
class Said:
    """One of the five as it is now, in words; `alarm` is the open one, where there is one."""

    kind: str
    label: str
    judged: str
    text: str
    tone: str
    value: str
    missing: str
    alarm: Alarm | None = None


def said(found: Finding, alarm: Alarm | None = None) -> Said:
    """A finding in words."""
    colour = found.colour.value if found.colour else ""
    return Said(
        found.kind.value,
        str(KIND_LABELS[found.kind]),
        colour or found.judged.value,
        str(COLOUR_LABELS[colour] if colour else JUDGED_LABELS[found.judged]),
        COLOUR_TONES.get(colour, {"fine": "good"}.get(found.judged.value, "")),
        _value(found),
        _("、").join(str(MISSING_LABELS[name]) for name in found.missing),
        alarm,
    )


def _value(found: Finding) -> str:
    """How bad, or how good, it is: a project that is ahead of time says so."""
    if found.share is not None and found.time is not None:
        words = {"share": found.share, "time": found.time}
        return _("建设进度%(share)s%%，时间进度%(time)s%%") % words
    return value_words(found.kind.value, found.value) if found.value else ""


def finding_of(judged: Page | None, kind: str) -> Said | None:
    """How one of the five stands now."""
    if judged is None:
        return None
    return next(said(found) for found in judged.findings if found.kind.value == kind)


def figures_said(alarm: Alarm) -> list[tuple[str, Any]]:
    """What the alarm was judged from when it was raised, each with its name."""
    names = (*FIGURES_OF[alarm.kind], "judged_on", "rule_version")
    return [(str(FIGURE_NAMES[name]), _shown(name, alarm.figures[name])) for name in names if name in alarm.figures]


def _shown(name: str, text: str) -> Any:
    if name in _DAYS:
        return day(dt.date.fromisoformat(text))
    if name in _MONEY:
        return money(Money(text))
    if name == "report_month":
        return month_label(int(text))
    if name == "rule_version" and text == "0":
        return _("示例参数，非官方数值")
    return text
