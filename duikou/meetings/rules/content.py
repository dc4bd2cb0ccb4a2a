"""What minutes say, as values, and the one way to write it down so that a digest means something.

The canonical form (`FORMAT`, in kernel's canonical writing) names things by what outlives a database (codes, uids,
names as written), never by row number, label or language; moments are ISO with the offset of Asia/Shanghai. What was
signed is read back from it, so a later correction of the meeting's facts changes nothing of an earlier version.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from duikou.kernel.canonical import written
from duikou.kernel.rich_text import Block

FORMAT = "duikou-minutes-1"


@dataclass(frozen=True, slots=True)
class AttendeeContent:
    """Somebody at the table; `name` "" and a `count` for a number of people who are not named."""

    name: str
    post: str = ""
    organisation: str = ""
    count: int = 1
    is_leader: bool = False


@dataclass(frozen=True, slots=True)
class AttendanceContent:
    """Those of one seat ("first", "second", "guest"), in order, the leader first; `label` is the side's name."""

    seat: str
    label: str
    people: tuple[AttendeeContent, ...]

    @property
    def total(self) -> int:
        """How many they are."""
        return sum(one.count for one in self.people)

    @property
    def leader(self) -> AttendeeContent | None:
        """Who leads them."""
        return next((one for one in self.people if one.is_leader), None)


@dataclass(frozen=True, slots=True)
class AgendaContent:
    """One item of the agenda; `is_carried`: it takes up an action item of an earlier meeting."""

    number: int
    title: str
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """One thing decided: who ("first" or "second" and the owner's name) does what until when."""

    number: int
    uid: str
    text: str
    owner_side: str
    owner_side_label: str
    owner_name: str
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class MinutesContent:
    """Everything that one version of the minutes says; labels are in the reader's language and are not signed."""

    meeting_id: int
    version_id: int
    number: int
    programme: str
    pairing: str
    meeting_uid: str
    kind: str
    layer: str
    title: str
    host: str
    all_day: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    first_day: dt.date
    last_day: dt.date
    place: str
    attendance: tuple[AttendanceContent, ...]
    agenda: tuple[AgendaContent, ...]
    body: str
    blocks: tuple[Block, ...]
    decisions: tuple[DecisionContent, ...]
    state: str
    digest: str
    signed_at: dt.datetime | None
    programme_label: str = ""
    pairing_label: str = ""
    first_label: str = ""
    second_label: str = ""
    host_label: str = ""
    kind_label: str = ""
    layer_label: str = ""
    state_label: str = ""
    reason: str = ""

    @property
    def when(self) -> str:
        """The days and, where it is not the whole day, the hours."""
        return span_words(self.starts_at, self.ends_at, all_day=self.all_day)


def span_words(starts_at: dt.datetime, ends_at: dt.datetime, *, all_day: bool) -> str:
    """From when to when, both given in Asia/Shanghai; the end of whole days is the midnight after the last."""
    first, last = starts_at.date(), (ends_at - dt.timedelta(microseconds=1)).date()
    end = f"{last:%m-%d}" if first.year == last.year else f"{last:%Y-%m-%d}"
    if all_day:
        return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}–{end}"
    if first == last:
        return f"{starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M}"
    return f"{starts_at:%Y-%m-%d %H:%M}–{end} {ends_at:%H:%M}"


def facts_written(facts: Mapping[str, Any]) -> bytes:
    """The canonical form: the same bytes on every machine, database and in every language."""
    return written(facts)


def facts_read(text: str) -> dict[str, Any]:
    """What was signed, from its canonical form."""
    found: dict[str, Any] = json.loads(text)
    return found


def attendee_fact(one: AttendeeContent) -> dict[str, Any]:
    """What is signed of somebody at the table."""
    return {
        "name": one.name,
        "post": one.post,
        "organisation": one.organisation,
        "count": one.count,
        "leader": one.is_leader,
    }


def attendance_from(facts: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[AttendanceContent, ...]:
    """Who attended, in the order of `labels` (seat → the side's name)."""
    return tuple(
        AttendanceContent(
            seat,
            label,
            tuple(
                AttendeeContent(row["name"], row["post"], row["organisation"], row["count"], row["leader"])
                for row in facts["attendance"][seat]
            ),
        )
        for seat, label in labels.items()
        if facts["attendance"].get(seat)
    )


def decisions_from(facts: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[DecisionContent, ...]:
    """What was decided, numbered from 1."""
    return tuple(
        DecisionContent(
            number=number,
            uid=row["uid"],
            text=row["text"],
            owner_side=row["side"],
            owner_side_label=labels.get(row["side"], ""),
            owner_name=row["owner"],
            due_on=dt.date.fromisoformat(row["due_on"]),
        )
        for number, row in enumerate(facts["decisions"], 1)
    )


def agenda_from(facts: Mapping[str, Any]) -> tuple[AgendaContent, ...]:
    """The agenda, numbered from 1."""
    return tuple(AgendaContent(number, row["title"], row["carried"]) for number, row in enumerate(facts["agenda"], 1))
