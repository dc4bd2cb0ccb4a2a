"""Calendars by RFC 5545: title, place and time, no personal data; stable for as long as nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import icalendar
from django.utils.translation import gettext as _

from duikou.flow.models import Obligation
from duikou.kernel.clock import SHANGHAI
from duikou.meetings.models import ActionItem, Meeting, MeetingState

PRODUCT = "-//Duikou//Meetings//ZH"
_STATUS = {MeetingState.CANCELLED.value: "CANCELLED", MeetingState.POSTPONED.value: "TENTATIVE"}


def calendar_of(
    meetings: Iterable[Meeting],
    actions: Iterable[ActionItem] = (),
    duties: Iterable[Obligation] = (),
    *,
    site: str,
) -> bytes:
    """The calendar as bytes. `site` (scheme and host) makes addresses of pages and the right-hand side of UIDs."""
    host = site.partition("://")[2].partition(":")[0] or "duikou"
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("对口合作"))
    calendar.add("x-wr-timezone", SHANGHAI.key)
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for meeting in meetings:
        calendar.add_component(_meeting(meeting, site, host))
    for item in actions:
        calendar.add_component(_action(item, site, host))
    for row in duties:
        calendar.add_component(_duty(row, site, host))
    return bytes(calendar.to_ical())


def _zone() -> icalendar.Timezone:
    """Asia/Shanghai: eight hours ahead, without summer time since 1992."""
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", dt.datetime(1992, 1, 1))  # noqa: DTZ001 - a zone's own beginning has no zone
    standard.add("tzname", "CST")
    standard.add("tzoffsetfrom", dt.timedelta(hours=8))
    standard.add("tzoffsetto", dt.timedelta(hours=8))
    zone = icalendar.Timezone()
    zone.add("tzid", SHANGHAI.key)
    zone.add_component(standard)
    return zone


def _meeting(meeting: Meeting, site: str, host: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"meeting-{meeting.uid}@{host}")
    event.add("dtstamp", meeting.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("last-modified", meeting.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", meeting.sequence)
    event.add("summary", _("%(title)s（%(pairing)s）") % {"title": meeting.title, "pairing": meeting.pairing.label})
    if meeting.all_day:
        event.add("dtstart", meeting.first_day)
        event.add("dtend", meeting.last_day + dt.timedelta(days=1))
    else:
        event.add("dtstart", meeting.starts_at.astimezone(SHANGHAI))
        event.add("dtend", meeting.ends_at.astimezone(SHANGHAI))
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", _STATUS.get(meeting.state, "CONFIRMED"))
    event.add("url", f"{site}/meetings/{meeting.pk}/")
    return event


def _action(item: ActionItem, site: str, host: str) -> icalendar.Event:
    event = _whole_day(f"action-{item.uid}@{host}", item.due_on, item.changed_at)
    event.add("sequence", item.revision)
    event.add("summary", _("议定事项到期：%(text)s") % {"text": item.text[:200]})
    event.add("url", f"{site}/meetings/actions/{item.pk}/")
    return event


def _duty(row: Obligation, site: str, host: str) -> icalendar.Event:
    day = row.due_on or dt.date(row.year, 12, 31)
    stamp = dt.datetime.combine(dt.date(row.year, 1, 1), dt.time(0), dt.UTC)
    event = _whole_day(f"duty-{row.pk}@{host}", day, stamp)
    event.add("sequence", int(row.due_is_set))
    words = {"duty": row.duty.label, "pairing": row.pairing.label}
    event.add("summary", _("应办事项到期：%(duty)s（%(pairing)s）") % words)
    event.add("url", f"{site}/inbox/duties/?year={row.year}")
    return event


def _whole_day(uid: str, day: dt.date, changed: dt.datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", changed.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
