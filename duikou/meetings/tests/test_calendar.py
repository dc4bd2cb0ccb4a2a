"""The calendar and its feed: what the viewer may know, as RFC 5545 wants it, and nobody's name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from duikou.kernel.clock import today
from duikou.kernel.errors import Forbidden
from duikou.meetings.models import ActionItem, Feed, Meeting, MinutesVersion
from duikou.meetings.selectors.calendar import happenings, month_grid
from duikou.meetings.services.feeds import feed_renew, feed_withdraw
from duikou.meetings.services.meetings import meeting_cancel, meeting_plan, meeting_update
from duikou.meetings.tests.conftest import at, days_ago, draft_of
from duikou.meetings.tests.test_pages import _grow


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    """Nobody has asked this minute."""
    cache.clear()


def read(answer: Any) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


@pytest.fixture
def address(shenyang_editor: Any) -> str:
    return reverse("meetings:feed-ics", args=[feed_renew(actor=shenyang_editor.actor)])


def test_a_month_holds_every_day_once_and_shows_a_visit_on_each_of_its_days(pairing: Any, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    visit = draft_of(
        pairing,
        title="互访",
        starts_at=at(dt.date(2026, 3, 30), 0),
        ends_at=at(dt.date(2026, 4, 2), 0),
        all_day=True,
    )
    meeting_plan(actor=actor, draft=visit)
    found = happenings(actor=actor, start=dt.date(2026, 2, 23), end=dt.date(2026, 4, 5))
    weeks = month_grid(first=dt.date(2026, 3, 1), found=[one for one in found if one.sort == "meeting"])
    days = [cell.day for week in weeks for cell in week]
    assert days == [dt.date(2026, 2, 23) + dt.timedelta(days=number) for number in range(len(days))]
    assert {day.weekday() for day in (days[0], days[-1])} == {0, 6}
    shown = [cell.day for week in weeks for cell in week if cell.happenings]
    assert shown == [dt.date(2026, 3, 30), dt.date(2026, 3, 31), dt.date(2026, 4, 1)]


def test_the_calendar_shows_meetings_actions_and_duties_of_the_viewer_only(
    client_for: Any, signed: MinutesVersion, shenyang_editor: Any, dalian_editor: Any, unit: Any
) -> None:
    where = reverse("meetings:calendar")
    month = f"{signed.meeting.first_day:%Y-%m}"
    mine = client_for(shenyang_editor).get(where, {"month": month})
    assert "年度工作会" in mine.content.decode()
    due = ActionItem.objects.get(owner_side="first").due_on
    assert "建成产业园" in client_for(shenyang_editor).get(where, {"month": f"{due:%Y-%m}"}).content.decode()
    for person in (dalian_editor, unit):
        page = client_for(person).get(where, {"month": month})
        assert page.status_code == 200
        assert "年度工作会" not in page.content.decode()
    listed = client_for(shenyang_editor).get(where, {"month": month, "view": "list"})
    assert "dk-month" not in listed.content.decode().split("<main")[1]
    for bad in ({"month": "2026-13"}, {"month": "x"}, {"pairing": "0"}, {"view": "week"}):
        assert client_for(shenyang_editor).get(where, bad).status_code == 400


def test_the_feed_is_what_its_owner_may_see_today(
    client_for: Any, address: str, signed: MinutesVersion, anonymous: Any, shenyang_editor: Any
) -> None:
    client = client_for(anonymous)
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert "\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events = read(answer)
    event = events[f"meeting-{signed.meeting.uid}@testserver"]
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event.decoded("DTSTART") == signed.meeting.starts_at
    assert (event["STATUS"], int(event["SEQUENCE"])) == ("CONFIRMED", signed.meeting.sequence)
    assert "DTSTAMP" in event
    for word in ("王市长", "李主任", "ATTENDEE", "ORGANIZER", "会议议定"):
        assert word not in text.replace("\r\n ", "")
    assert sum(uid.startswith("action-") for uid in events) == 2
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    shenyang_editor.membership.valid_to = days_ago(1)
    shenyang_editor.membership.valid_from = days_ago(9)
    shenyang_editor.membership.save()
    assert client.get(address).status_code == 404


def test_a_change_is_a_new_sequence_and_a_cancelled_meeting_says_so(
    client_for: Any, address: str, anonymous: Any, planned: Meeting, pairing: Any, shenyang_editor: Any
) -> None:
    client, uid = client_for(anonymous), f"meeting-{planned.uid}@testserver"
    first = client.get(address)
    meeting_update(
        actor=shenyang_editor.actor, meeting_id=planned.pk, revision=1, draft=draft_of(pairing, place="别处")
    )
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert (str(read(second)[uid]["LOCATION"]), int(read(second)[uid]["SEQUENCE"])) == ("别处", 1)
    meeting_cancel(actor=shenyang_editor.actor, meeting_id=planned.pk, reason="改期")
    third = read(client.get(address))[uid]
    assert (third["STATUS"], int(third["SEQUENCE"])) == ("CANCELLED", 2)


def test_only_a_digest_is_kept_and_an_old_address_ends(
    client_for: Any, shenyang_editor: Any, anonymous: Any, member: Any, operator: Any
) -> None:
    client, mine = client_for(anonymous), client_for(shenyang_editor)
    page = mine.post(reverse("meetings:feed-renew"))
    shown = page.context["address"]
    secret = shown.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in str(Feed.objects.values_list())
    assert secret not in mine.get(reverse("meetings:feed")).content.decode()
    old = reverse("meetings:feed-ics", args=[secret])
    assert client.get(old).status_code == 200
    new = reverse("meetings:feed-ics", args=[feed_renew(actor=shenyang_editor.actor)])
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert mine.post(reverse("meetings:feed-withdraw")).status_code == 302
    assert client.get(new).status_code == 404
    assert feed_withdraw(actor=shenyang_editor.actor) is False
    for person in (member, operator):
        with pytest.raises(Forbidden):
            feed_renew(actor=person.actor)


def test_too_many_requests_are_refused(client_for: Any, address: str, anonymous: Any) -> None:
    client = client_for(anonymous)
    answers = [client.get(address).status_code for _turn in range(70)]
    assert answers[0] == 200
    assert answers[-1] == 429
    guesses = [client.get(reverse("meetings:feed-ics", args=["guess"])).status_code for _turn in range(70)]
    assert (guesses[0], guesses[-1]) == (404, 429)


def test_one_meeting_is_a_file(client_for: Any, coordinator: Any, dalian_editor: Any, planned: Meeting) -> None:
    where = reverse("meetings:meeting-ics", args=[planned.pk])
    events = read(client_for(coordinator).get(where))
    assert list(events) == [f"meeting-{planned.uid}@testserver"]
    assert client_for(dalian_editor).get(where).status_code == 404


def test_a_whole_day_has_dates_and_no_zone(pairing: Any, shenyang_editor: Any, client_for: Any) -> None:
    day = today()
    visit = draft_of(pairing, starts_at=at(day, 0), ends_at=at(day + dt.timedelta(days=2), 0), all_day=True)
    meeting = meeting_plan(actor=shenyang_editor.actor, draft=visit)
    answer = client_for(shenyang_editor).get(reverse("meetings:meeting-ics", args=[meeting.pk]))
    event = next(iter(read(answer).values()))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (day, day + dt.timedelta(days=2))


def test_a_full_day_is_cut_short_below_the_month_and_whole_in_the_list(
    client_for: Any, shenyang_editor: Any, pairing: Any
) -> None:
    hours = {"starts_at": at(today(), 9), "ends_at": at(today(), 10), "all_day": False}
    for number in range(12):
        meeting_plan(actor=shenyang_editor.actor, draft=draft_of(pairing, title=f"会商{number}", **hours))
    client, asked = client_for(shenyang_editor), {"pairing": pairing.pk}
    month = client.get(reverse("meetings:calendar"), asked).content.decode()
    whole = client.get(reverse("meetings:calendar"), {**asked, "view": "list"}).content.decode()
    assert (month.count('class="dk-row"'), whole.count('class="dk-row"')) == (8, 12)
    assert f"view=list&amp;month={today():%Y-%m}&amp;pairing={pairing.pk}#day-{today()}" in month


def test_calendar_and_feed_take_the_same_queries_at_any_size(
    client_for: Any, shenyang_editor: Any, address: str, signed: MinutesVersion, query_counts: Any
) -> None:
    client = client_for(shenyang_editor)
    pages = {
        "meetings.calendar": reverse("meetings:calendar"),
        "meetings.feed": address,
        "meetings.cadences": reverse("meetings:cadences"),
    }
    counts = []
    for many in (3, 20):
        _grow(signed, many)
        found = []
        for url in pages.values():
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]
    for name, url in pages.items():
        with query_counts(name):
            client.get(url)
