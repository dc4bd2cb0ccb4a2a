"""What becomes of an alarm: raised, worsened, cleared by the figures, risen to those above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from duikou.progress.rules.alarms import Colour, Finding, Judged


class Move(StrEnum):
    """What a finding does to the alarm that is there."""

    NOTHING = "nothing"
    RAISE = "raise"
    WORSEN = "worsen"
    CLEAR = "clear"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest alarm of a project and kind: open or closed, whether the figures gave it when last judged."""

    is_open: bool
    is_given: bool
    colour: Colour


def move(there: Standing | None, found: Finding) -> Move:
    """What follows. An open alarm is never closed by itself; one closed by decision while the figures still gave it
    comes anew only when they stopped to and give it again, or give it in a worse colour; the unknown changes nothing.
    """
    if found.judged in (Judged.UNKNOWN, Judged.PAUSED):
        return Move.NOTHING
    if found.colour is None:
        return Move.CLEAR if there is not None and there.is_given else Move.NOTHING
    if there is None:
        return Move.RAISE
    worse = found.colour is Colour.RED and there.colour is Colour.YELLOW
    if there.is_open:
        return Move.WORSEN if worse else Move.NOTHING if there.is_given else Move.RETURN
    return Move.RAISE if worse or not there.is_given else Move.NOTHING


def stage_due(
    ack_due: dt.date | None,
    explain_due: dt.date | None,
    step_days: int,
    today: dt.date,
    later: Callable[[dt.date, int], dt.date],
) -> int:
    """How high an alarm has risen: 0 nobody, 1 the office's lead, 2 both sides' leads, 3 the coordinator.

    `ack_due` is None once acknowledged, `explain_due` once explained; `later(day, n)` is n working days after a day.
    """
    missed = [day for day in (ack_due, explain_due) if day is not None and day < today]
    if not missed:
        return 0
    first = min(missed)
    return 1 + (later(first, step_days) < today) + (later(first, 2 * step_days) < today)
