"""Who met, what was said, and who does what until when."""

from duikou.meetings.models.action import ActionItem
from duikou.meetings.models.cadence import Cadence
from duikou.meetings.models.feed import Feed
from duikou.meetings.models.meeting import AgendaItem, Attendee, Meeting, MeetingLink
from duikou.meetings.models.minutes import Decision, MinutesVersion, Owned, RefusedMinutes
from duikou.meetings.states import (
    ACTION_LABELS,
    MEETING_LABELS,
    MINUTES_LABELS,
    SEALED,
    ActionState,
    CadenceState,
    Host,
    Layer,
    MeetingKind,
    MeetingState,
    MinutesState,
    Seat,
    Side,
)

__all__ = [
    "ACTION_LABELS",
    "MEETING_LABELS",
    "MINUTES_LABELS",
    "SEALED",
    "ActionItem",
    "ActionState",
    "AgendaItem",
    "Attendee",
    "Cadence",
    "CadenceState",
    "Decision",
    "Feed",
    "Host",
    "Layer",
    "Meeting",
    "MeetingKind",
    "MeetingLink",
    "MeetingState",
    "MinutesState",
    "MinutesVersion",
    "Owned",
    "RefusedMinutes",
    "Seat",
    "Side",
]
