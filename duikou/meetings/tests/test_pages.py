"""The pages: every form works, what is refused says why, and nothing costs more as rows grow."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duikou.kernel.clock import SHANGHAI, now, today
from duikou.meetings.models import ActionItem, Meeting, MeetingKind, MinutesVersion, RefusedMinutes
from duikou.meetings.selectors import minutes_content
from duikou.meetings.services.meetings import meeting_plan
from duikou.meetings.tests.conftest import days_ago, draft_of


def facts(pairing: Any, **given: Any) -> dict[str, Any]:
    return {
        "pairing": pairing.pk,
        "kind": "visit",
        "layer": "decision",
        "title": "主要领导互访",
        "host": "second",
        "starts_on": days_ago(5).isoformat(),
        "ends_on": days_ago(3).isoformat(),
        "all_day": "on",
        "place": "北京市",
        **given,
    }


def test_a_meeting_is_planned_changed_and_a_stale_save_shows_both(
    client_for: Any, shenyang_editor: Any, pairing: Any
) -> None:
    client = client_for(shenyang_editor)
    new = reverse("meetings:meeting-new")
    assert client.get(new).status_code == 200
    refused = client.post(new, facts(pairing, all_day=""))
    assert refused.status_code == 400
    assert "请填写时间" in refused.content.decode()
    assert client.post(new, facts(pairing, ends_on=days_ago(9).isoformat())).status_code == 400
    assert client.post(new, facts(pairing, title="a\x00b")).status_code == 400
    assert client.post(new, facts(pairing)).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.first_day, meeting.last_day) == (days_ago(5), days_ago(3))
    edit = reverse("meetings:meeting-edit", args=[meeting.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, facts(pairing, revision=1, place="天坛")).status_code == 302
    stale = client.post(edit, facts(pairing, revision=1, place="地坛"))
    assert stale.status_code == 409
    assert "天坛" in stale.content.decode()
    assert "地坛" in stale.content.decode()


def test_a_stale_save_shows_only_what_differs_and_in_words(client_for: Any, shenyang_editor: Any, pairing: Any) -> None:
    client, times = client_for(shenyang_editor), {"all_day": "", "starts_time": "09:00", "ends_time": "12:00"}
    same = facts(pairing, **times, ends_on=days_ago(5).isoformat())
    assert client.post(reverse("meetings:meeting-new"), same).status_code == 302
    meeting = Meeting.objects.get()
    edit = reverse("meetings:meeting-edit", args=[meeting.pk])
    assert client.post(edit, {**same, "revision": 1, "place": "天坛"}).status_code == 302
    stale = client.post(edit, {**same, "revision": 1, "kind": "joint"})
    assert [(str(label), now, given) for label, now, given in stale.context["both"]] == [
        ("类别", MeetingKind(same["kind"]).label, MeetingKind("joint").label),
        ("地点", "天坛", same["place"]),
    ]


def test_agenda_and_attendance_are_written(client_for: Any, shenyang_editor: Any, pairing: Any) -> None:
    actor, client = shenyang_editor.actor, client_for(shenyang_editor)
    meeting = meeting_plan(actor=actor, draft=draft_of(pairing))
    page = reverse("meetings:meeting", args=[meeting.pk])
    for name, given in (
        ("agenda", {"agenda": "1. 通报情况\n\n（2）商定事项\n商定事项"}),
        ("attendance", {"first": "王某，市长，市政府\n另有5人，市有关部门", "second": "李某", "guest": "专家，教授"}),
    ):
        where = reverse(f"meetings:{name}", args=[meeting.pk])
        assert client.get(where).status_code == 200
        meeting.refresh_from_db()
        assert client.post(where, {**given, "revision": meeting.revision}).status_code == 302
        stale = client.post(where, {"revision": 1})
        assert stale.status_code == 409
    shown = client.get(page).content.decode()
    for words in ("通报情况", "王某", "5人"):
        assert words in shown
    assert list(meeting.agenda.values_list("title", flat=True)) == ["通报情况", "商定事项"]
    bad = client.post(reverse("meetings:attendance", args=[meeting.pk]), {"first": "王某\n，，！", "revision": 99})
    assert bad.status_code == 400
    assert "第2行" in bad.content.decode()
    unknown = {"links": ["plans.entry|1:nothing"], "revision": meeting.revision}
    assert client.post(reverse("meetings:links", args=[meeting.pk]), unknown).status_code == 400


def test_minutes_are_written_decided_and_sent(
    client_for: Any, shenyang_editor: Any, shenyang_lead: Any, planned: Meeting
) -> None:
    client = client_for(shenyang_editor)
    assert client.post(reverse("meetings:hold", args=[planned.pk])).status_code == 302
    begun = client.post(reverse("meetings:minutes-begin", args=[planned.pk]))
    version = MinutesVersion.objects.get()
    write = reverse("meetings:minutes-write", args=[version.pk])
    assert begun["Location"] == write
    assert client.get(write).status_code == 200
    assert client.post(write, {"body": "第一段\n第二段", "revision": 1}).status_code == 302
    stale = client_for(shenyang_lead).post(write, {"body": "另一种写法", "revision": 1})
    assert stale.status_code == 409
    assert "第一段" in stale.content.decode()
    assert RefusedMinutes.objects.get().body == "<p>另一种写法</p>"
    page = reverse("meetings:minutes", args=[planned.pk, 1])
    assert "另一种写法" in client_for(shenyang_lead).get(page).content.decode()
    new = reverse("meetings:decision-new", args=[version.pk])
    assert client.get(new).status_code == 200
    given = {"text": "建园区", "owner": "second", "due_on": today().isoformat(), "revision": 2}
    assert client.post(new, {**given, "owner": "third"}).status_code == 400
    assert client.post(new, {**given, "due_on": "2001-01-01"}).status_code == 400
    assert client.post(new, given).status_code == 302
    assert client.post(new, given).status_code == 409
    uid = minutes_content(version).decisions[0].uid
    one = reverse("meetings:decision", args=[version.pk, uid])
    assert "建园区" in client.get(one).content.decode()
    assert client.post(one, {**given, "text": "建两个园区", "revision": 3}).status_code == 302
    submit = reverse("meetings:minutes-submit", args=[version.pk])
    client.post(submit, {"revision": 4})
    assert "请登记沈阳市出席人员" in client.get(page).content.decode()
    attendance = {"first": "王某", "second": "李某", "revision": Meeting.objects.get().revision}
    client.post(reverse("meetings:attendance", args=[planned.pk]), attendance)
    client.post(submit, {"revision": 4})
    version.refresh_from_db()
    assert version.state == "in_signoff"
    assert 'id="route"' in client_for(shenyang_lead).get(page).content.decode()
    assert client.post(write, {"body": "再改", "revision": 4}).status_code == 403


def test_who_reads_only_signed_minutes_does_not_read_their_drafts_in_the_history(
    client_for: Any, ministry: Any, beijing_editor: Any, signed: MinutesVersion
) -> None:
    page = reverse("meetings:minutes", args=[signed.meeting_id, 1])
    assert "修改议定事项" in client_for(beijing_editor).get(page).content.decode()
    seen = client_for(ministry).get(page).content.decode()
    assert "建成产业园" in seen
    assert "修改议定事项" not in seen


def test_an_action_item_is_reported_and_closed_on_its_page(
    client_for: Any, shenyang_editor: Any, beijing_editor: Any, ours: ActionItem
) -> None:
    mine, theirs = client_for(shenyang_editor), client_for(beijing_editor)
    report = reverse("meetings:action-report", args=[ours.pk])
    assert mine.get(report).status_code == 200
    assert theirs.get(report).status_code == 403
    assert mine.post(report, {"report": "", "revision": 1}).status_code == 400
    assert mine.post(report, {"report": "已开园", "revision": 1}).status_code == 302
    assert mine.post(report, {"report": "已开园", "revision": 1}).status_code == 409
    close = reverse("meetings:action-close", args=[ours.pk])
    assert "已开园" in theirs.get(reverse("meetings:action", args=[ours.pk])).content.decode()
    assert theirs.post(close, {"note": "", "revision": 2}).status_code == 302
    ours.refresh_from_db()
    assert ours.state == "closed"


def test_a_meeting_is_put_off_and_planned_anew_on_its_page(
    client_for: Any, beijing_editor: Any, planned: Meeting
) -> None:
    client = client_for(beijing_editor)
    where = reverse("meetings:postpone", args=[planned.pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": ""}).status_code == 400
    assert client.post(where, {"reason": "防汛"}).status_code == 302
    assert client.post(where, {"reason": "防汛"}).status_code == 400
    again = reverse("meetings:reschedule", args=[planned.pk])
    assert client.get(again).status_code == 200
    assert client.post(again, {"starts_on": "2026-12-01", "all_day": "on"}).status_code == 302
    planned.refresh_from_db()
    assert (planned.state, planned.first_day) == ("planned", dt.date(2026, 12, 1))


def test_the_export_is_what_the_list_shows(client_for: Any, coordinator: Any, ours: ActionItem) -> None:
    client = client_for(coordinator)
    for name, words in (("export", "年度工作会"), ("actions-export", "建成产业园")):
        answer = client.get(reverse(f"meetings:{name}"))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
        assert any(words in row for row in sheet.to_python())
    narrowed = client.get(reverse("meetings:actions-export"), {"late": "late"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(narrowed.streaming_content))).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 1
    assert client.get(reverse("meetings:list"), {"since": "x"}).status_code == 400
    assert client.get(reverse("meetings:export"), {"since": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["member", "unit", "operator", "anonymous", "dalian_editor"])
def test_who_has_no_business_here_is_turned_away(
    request: pytest.FixtureRequest, name: str, client_for: Any, planned: Meeting
) -> None:
    client = client_for(request.getfixturevalue(name))
    page = client.get(reverse("meetings:meeting", args=[planned.pk]))
    expected = {"operator": 403, "anonymous": 302}.get(name, 404)
    assert page.status_code == expected


def test_pages_take_the_same_queries_at_any_size(
    client_for: Any, shenyang_editor: Any, signed: MinutesVersion, pairing: Any, query_counts: Any
) -> None:
    client = client_for(shenyang_editor)
    pages = {
        "meetings.list": reverse("meetings:list"),
        "meetings.actions": reverse("meetings:actions"),
        "meetings.meeting": reverse("meetings:meeting", args=[signed.meeting_id]),
        "meetings.minutes": reverse("meetings:minutes", args=[signed.meeting_id, 1]),
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


def _grow(signed: MinutesVersion, many: int) -> None:
    """More meetings, and more action items of the one."""
    meeting = signed.meeting
    moment = now()
    for number in range(many):
        Meeting.objects.create(
            programme=meeting.programme,
            pairing=meeting.pairing,
            kind="work",
            layer="execution",
            title=f"会议{many}-{number}",
            host="first",
            starts_at=moment + dt.timedelta(days=number),
            ends_at=moment + dt.timedelta(days=number, hours=1),
            place="线上",
            changed_at=moment,
            created_at=moment,
        )
        ActionItem.objects.create(
            meeting=meeting,
            pairing=meeting.pairing,
            text=f"事项{many}-{number}",
            owner_side="first",
            given_side="second",
            owner_name="办公室",
            due_on=today(),
            created_at=moment,
            changed_at=moment,
        )


def test_the_history_of_a_meeting_says_what_was_planned_and_nothing_of_its_bookkeeping(
    client_for: Any, shenyang_editor: Any, planned: Meeting
) -> None:
    page = client_for(shenyang_editor).get(reverse("meetings:meeting", args=[planned.pk])).content.decode()
    history = page[page.rindex("安排会议") :].partition("</section>")[0]
    assert planned.title in history
    assert f"{planned.starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" in history
    assert str(planned.uid) not in history
    assert not [word for word in ("日历序号", "修改序号", "建立时间") if word in history]
    assert re.findall(r">\s*\d{4}-\d\d-\d\dT", history) == []
