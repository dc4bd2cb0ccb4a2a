"""What a route's definition and a duty's parameter say: pure reading, no Django."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from duikou.kernel.text import clean_name

AUTHOR: Final = "author"
"""Whoever started the route."""

NATION: Final = "nation"
SIGNATURES: Final = frozenset({"sign", "record"})
"""Acts by which a side binds itself; before the last of them the starter may withdraw."""

SUPERIORS: Final[Mapping[str, tuple[str, ...]]] = {"office_editor": ("office_lead",)}
"""Who may do a step of a post beside those who hold it: a lead may do what the office's editors do."""


def roles_for(role: str) -> tuple[str, ...]:
    """Posts that may do a step of `role`, the post itself first."""
    return (role, *SUPERIORS.get(role, ()))


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a step asks for: a text (with a pattern it must match as a whole), a date, a whole number or a choice.

    `not_before`, `not_after` of a date: "today", "start" (the day the matter was sent), or another date's code.
    """

    code: str
    label: str
    label_en: str
    type: str = "text"
    required: bool = True
    longest: int = 200
    pattern: str = ""
    example: str = ""
    not_before: str = ""
    not_after: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step of a definition; `stage` is the place of its stage."""

    code: str
    title: str
    title_en: str
    party: str
    role: str
    act: str
    stage: int
    working_days: int = 0
    remind_before: int = 0
    escalate_to: tuple[str, str] | None = None
    distinct_from: tuple[str, ...] = ()
    return_to: tuple[str, ...] | None = None
    records_consent: bool = False
    evidence: bool = False
    optional: bool = False
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage: its steps run side by side."""

    code: str
    title: str
    title_en: str
    steps: tuple[StepRule, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole route."""

    stages: tuple[StageRule, ...]
    withdrawable: bool
    return_to: tuple[str, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Definition:
        """From the stored form; keys that may be left out have their defaults."""
        return cls(
            stages=tuple(_stage(stage, at) for at, stage in enumerate(data["stages"])),
            withdrawable=bool(data.get("withdrawable", True)),
            return_to=tuple(data.get("return_to") or ()),
        )

    @property
    def steps(self) -> tuple[StepRule, ...]:
        """All steps in order."""
        return tuple(step for stage in self.stages for step in stage.steps)

    @property
    def parties(self) -> frozenset[str]:
        """Sides that the route cannot do without."""
        return frozenset(step.party for step in self.steps) - {NATION}

    def step(self, code: str) -> StepRule | None:
        """The step with this code."""
        return next((step for step in self.steps if step.code == code), None)

    def returns_from(self, step: StepRule) -> tuple[str, ...]:
        """Where somebody at `step` may send the matter back: steps of earlier stages, or the author."""
        wished = self.return_to if step.return_to is None else step.return_to
        return tuple(code for code in wished if code == AUTHOR or self._is_before(code, step.stage))

    def _is_before(self, code: str, stage: int) -> bool:
        found = self.step(code)
        return found is not None and found.stage < stage

    @property
    def last_signature(self) -> int:
        """The last stage in which a side binds itself; the last of all where none does."""
        signing = [step.stage for step in self.steps if step.act in SIGNATURES and not step.optional]
        return max(signing, default=len(self.stages) - 1)

    def others(self, step: StepRule) -> frozenset[str]:
        """Steps (or `author`) that another person than this step's must have done, whichever of two names the other."""
        naming = {other.code for other in self.steps if step.code in other.distinct_from}
        return frozenset({*step.distinct_from, *naming})


def _stage(data: Mapping[str, Any], at: int) -> StageRule:
    title = str(data.get("title", ""))
    steps = tuple(_step(step, at) for step in data["steps"])
    return StageRule(str(data["code"]), title, str(data.get("title_en", "")), steps)


def _step(data: Mapping[str, Any], stage: int) -> StepRule:
    target = data.get("escalate_to")
    returns = data.get("return_to")
    return StepRule(
        code=str(data["code"]),
        title=str(data.get("title", "")),
        title_en=str(data.get("title_en", "")),
        party=str(data["party"]),
        role=str(data["role"]),
        act=str(data["act"]),
        stage=stage,
        working_days=int(data.get("working_days", 0)),
        remind_before=int(data.get("remind_before", 0)),
        escalate_to=(str(target["party"]), str(target["role"])) if target else None,
        distinct_from=tuple(data.get("distinct_from") or ()),
        return_to=None if returns is None else tuple(returns),
        records_consent=bool(data.get("records_consent", False)),
        evidence=bool(data.get("evidence", False)),
        optional=bool(data.get("optional", False)),
        asks=tuple(_ask(one) for one in data.get("asks") or ()),
    )


def _ask(data: Mapping[str, Any]) -> Ask:
    choices = data.get("choices") or ()
    return Ask(
        code=str(data["code"]),
        label=str(data.get("label", "")),
        label_en=str(data.get("label_en", "")),
        type=str(data.get("type") or "text"),
        required=bool(data.get("required", True)),
        longest=int(data.get("longest") or 200),
        pattern=str(data.get("pattern") or ""),
        example=str(data.get("example") or ""),
        not_before=str(data.get("not_before") or ""),
        not_after=str(data.get("not_after") or ""),
        choices=tuple((str(one["value"]), str(one["label"]), str(one["label_en"])) for one in choices),
    )


Answer = str | int | dt.date


def answers_read(
    asks: Sequence[Ask], given: Mapping[str, Any], days: Mapping[str, dt.date]
) -> tuple[dict[str, Answer], dict[str, tuple[str, Ask | dt.date | None]]]:
    """What was answered, by code, and what is wrong with the rest: code → (fault, what it is measured by).

    Faults: missing, unknown, long, pattern, date, number, choice, early, late. `days`: what "today" and "start" are.
    """
    found: dict[str, Answer] = {}
    faults: dict[str, tuple[str, Ask | dt.date | None]] = {
        code: ("unknown", None) for code in given if code not in {ask.code for ask in asks}
    }
    for ask in asks:
        value = given.get(ask.code)
        text = value.isoformat() if isinstance(value, dt.date) else clean_name(str("" if value is None else value))
        if not text:
            if ask.required:
                faults[ask.code] = ("missing", ask)
            continue
        answer, fault = _answer(ask, text)
        if answer is None:
            faults[ask.code] = (fault, ask)
        else:
            found[ask.code] = answer
    known = {**days, **{code: value for code, value in found.items() if isinstance(value, dt.date)}}
    for ask in asks:
        day, first, last = known.get(ask.code), known.get(ask.not_before), known.get(ask.not_after)
        if day is not None and first is not None and day < first:
            faults[ask.code] = ("early", first)
        elif day is not None and last is not None and day > last:
            faults[ask.code] = ("late", last)
    return found, faults


def _answer(ask: Ask, text: str) -> tuple[Answer | None, str]:
    """One answer as its type has it; None with the fault where it does not fit."""
    if ask.type == "date":
        try:
            return dt.date.fromisoformat(text), ""
        except ValueError:
            return None, "date"
    if ask.type == "int":
        is_whole = re.fullmatch(r"-?[0-9]{1,15}", text)
        return (int(text), "") if is_whole else (None, "number")
    if ask.type == "choice":
        return (text, "") if text in {value for value, *_labels in ask.choices} else (None, "choice")
    if len(text) > ask.longest:
        return None, "long"
    return (None, "pattern") if ask.pattern and not re.fullmatch(ask.pattern, text) else (text, "")


def answer_of(type_: str, text: str) -> Answer:
    """An answer as it was kept, in its type again."""
    if type_ == "date":
        return dt.date.fromisoformat(text)
    return int(text) if type_ == "int" else text


def touches(one: str, other: str) -> bool:
    """Whether one region lies in the other (or is it), by their paths."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def prefixes(path: str) -> list[str]:
    """A region's own path, then those around it, the nearest first ("21/2101/" → itself, "21/")."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[:end]) + "/" for end in range(len(parts), 0, -1)]


SOON_DAYS: Final = 30
"""A duty is due soon in this many days before its day."""


def due_in_year(due: Mapping[str, Any], year: int, base: int) -> dt.date | None:
    """The day on which a duty of `year` falls due by the pack's parameter; None when it owes nothing that year.

    A duty of every n years falls due in the last of each n years counted from `base`, the year the pairing began.
    """
    try:
        month, day = int(due["month"]), int(due["day"])
        if due["rule"] == "yearly":
            return _on(year + int(due.get("year_offset", 0)), month, day)
        if due["rule"] == "every_n_years" and year >= base and (year - base + 1) % int(due["years"]) == 0:
            return _on(year, month, day)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return None


def _on(year: int, month: int, day: int) -> dt.date:
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, last if day == -1 else min(day, last))


def duty_state(due: dt.date | None, done: dt.date | None, today: dt.date) -> str:
    """How a duty of one year stands: filed, filed_late, overdue, due_soon, not_due or no_date."""
    if done is not None:
        return "filed" if due is None or done <= due else "filed_late"
    if due is None:
        return "no_date"
    if due < today:
        return "overdue"
    return "due_soon" if (due - today).days <= SOON_DAYS else "not_due"
