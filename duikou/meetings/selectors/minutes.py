"""What a version of the minutes says, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.clock import SHANGHAI
from duikou.kernel.errors import NotFound
from duikou.kernel.rich_text import blocks
from duikou.meetings.models import (
    AgendaItem,
    Attendee,
    Decision,
    Host,
    Layer,
    Meeting,
    MeetingKind,
    MinutesVersion,
    RefusedMinutes,
    Seat,
)
from duikou.meetings.rules.content import (
    FORMAT,
    AttendanceContent,
    AttendeeContent,
    MinutesContent,
    agenda_from,
    attendance_from,
    attendee_fact,
    decisions_from,
    facts_read,
)
from duikou.meetings.selectors.scope import SIDES, meetings_visible
from duikou.meetings.states import SEALED

RELATED = ("meeting__programme", *(f"meeting__{name}" for name in SIDES))
DRAFT_READERS = OFFICE | {Role.COORDINATOR, Role.AUDITOR}


def minutes_visible(*, actor: Actor) -> QuerySet[MinutesVersion]:
    """Versions that `actor` may know of: drafts only the two offices, coordinator and auditor; signed ones who sees
    the meeting."""
    rows = MinutesVersion.objects.filter(meeting__in=meetings_visible(actor=actor))
    return rows if reads_drafts(actor) else rows.filter(state__in=SEALED)


def reads_drafts(actor: Actor) -> bool:
    """Whether drafts of visible meetings, and what became of them before they were signed, are for this actor."""
    platform = actor.kind in {ActorKind.JOB, ActorKind.COMMAND}
    return platform or actor.admin_mode_id is not None or actor.role in DRAFT_READERS


def minutes_visible_in(*, actor: Actor, meeting: Meeting) -> list[MinutesVersion]:
    """The visible versions of one meeting, newest first (one query)."""
    rows = list(minutes_visible(actor=actor).filter(meeting=meeting).order_by("-number").defer("sealed"))
    for row in rows:
        row.meeting = meeting
    return rows


def minutes_of(*, actor: Actor, version_id: int) -> MinutesVersion:
    """One version with its meeting, pairing and regions; raises `NotFound` when it is not there for this actor."""
    found = minutes_visible(actor=actor).filter(pk=version_id).select_related(*RELATED).first()
    if found is None:
        raise NotFound
    return found


def facts_of(version: MinutesVersion) -> dict[str, Any]:
    """What the version says, as plain values that are signed: as signed, once it is; else as it stands (3 queries)."""
    if version.sealed:
        return facts_read(version.sealed)
    meeting = version.meeting
    return {
        "format": FORMAT,
        "programme": meeting.programme.code,
        "pairing": meeting.pairing.code,
        "meeting": str(meeting.uid),
        "version": version.number,
        "kind": meeting.kind,
        "layer": meeting.layer,
        "title": meeting.title,
        "host": meeting.host,
        "all_day": meeting.all_day,
        "starts_at": meeting.starts_at.astimezone(SHANGHAI).isoformat(),
        "ends_at": meeting.ends_at.astimezone(SHANGHAI).isoformat(),
        "place": meeting.place,
        "attendance": _attendance(meeting),
        "agenda": [
            {"title": row.title, "carried": row.action_id is not None}
            for row in AgendaItem.objects.filter(meeting=meeting).order_by("order", "id")
        ],
        "body": version.body,
        "decisions": [
            {
                "uid": str(row.uid),
                "text": row.text,
                "side": row.owner_side,
                "owner": row.owner_name,
                "due_on": row.due_on.isoformat(),
            }
            for row in Decision.objects.filter(version=version).order_by("order", "id")
        ],
    }


def _attendance(meeting: Meeting) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in Attendee.objects.filter(meeting=meeting).order_by("-is_leader", "order", "id"):
        one = AttendeeContent(row.name, row.post, row.organisation, row.count, row.is_leader)
        found.setdefault(row.seat, []).append(attendee_fact(one))
    return found


def minutes_content(version: MinutesVersion) -> MinutesContent:
    """Everything that `version` says, as values: three queries at most, and one each for what is not loaded with it."""
    meeting, facts = version.meeting, facts_of(version)
    starts, ends = (dt.datetime.fromisoformat(facts[name]).astimezone(SHANGHAI) for name in ("starts_at", "ends_at"))
    labels = seat_labels(meeting)
    return MinutesContent(
        meeting_id=meeting.pk,
        version_id=version.pk,
        number=version.number,
        programme=facts["programme"],
        pairing=facts["pairing"],
        meeting_uid=facts["meeting"],
        kind=facts["kind"],
        layer=facts["layer"],
        title=facts["title"],
        host=facts["host"],
        all_day=facts["all_day"],
        starts_at=starts,
        ends_at=ends,
        first_day=starts.date(),
        last_day=(ends - dt.timedelta(microseconds=1)).date(),
        place=facts["place"],
        attendance=attendance_from(facts, labels),
        agenda=agenda_from(facts),
        body=facts["body"],
        blocks=tuple(blocks(facts["body"])),
        decisions=decisions_from(facts, labels),
        state=version.state,
        digest=version.digest,
        signed_at=version.signed_at,
        programme_label=meeting.programme.label,
        pairing_label=meeting.pairing.label,
        first_label=labels[Seat.FIRST.value],
        second_label=labels[Seat.SECOND.value],
        host_label=labels.get(facts["host"]) or str(Host(facts["host"]).label),
        kind_label=str(MeetingKind(facts["kind"]).label),
        layer_label=str(Layer(facts["layer"]).label),
        state_label=version.state_label,
        reason=version.reason,
    )


def attendance_of(meeting: Meeting) -> tuple[AttendanceContent, ...]:
    """Who attends, by seat, the leader first; seats without anybody are left out (one query)."""
    return attendance_from({"attendance": _attendance(meeting)}, seat_labels(meeting))


def agenda_shown(meeting: Meeting) -> list[AgendaItem]:
    """The agenda with the action items it takes up again (one query)."""
    return list(AgendaItem.objects.filter(meeting=meeting).select_related("action").order_by("order", "id"))


def refused_of(version: MinutesVersion, actor: Actor) -> list[RefusedMinutes]:
    """Texts of the actor's own that could not be saved, newest first (one query; ≤ 5)."""
    if actor.account_id is None:
        return []
    return list(RefusedMinutes.objects.filter(version=version, account_id=actor.account_id).order_by("-id")[:5])


def seat_labels(meeting: Meeting) -> dict[str, str]:
    """Seat → what it is called (no query for a meeting with its pairing)."""
    return {
        Seat.FIRST.value: meeting.pairing.first_region.label,
        Seat.SECOND.value: meeting.pairing.second_label,
        Seat.GUEST.value: str(Seat.GUEST.label),
    }
