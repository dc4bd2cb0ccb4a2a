"""What a viewer may know of meetings, minutes and action items."""

from duikou.meetings.rules.content import (
    AgendaContent,
    AttendanceContent,
    AttendeeContent,
    DecisionContent,
    MinutesContent,
)
from duikou.meetings.selectors.minutes import minutes_content, minutes_of, minutes_visible, minutes_visible_in
from duikou.meetings.selectors.scope import (
    action_sees,
    action_visible,
    actions_visible,
    meeting_sees,
    meeting_visible,
    meetings_visible,
)

__all__ = [
    "AgendaContent",
    "AttendanceContent",
    "AttendeeContent",
    "DecisionContent",
    "MinutesContent",
    "action_sees",
    "action_visible",
    "actions_visible",
    "meeting_sees",
    "meeting_visible",
    "meetings_visible",
    "minutes_content",
    "minutes_of",
    "minutes_visible",
    "minutes_visible_in",
]
