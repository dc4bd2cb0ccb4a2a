"""A meeting is about entries of a plan: two rooms of one floor that never meet, joined by reference."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from duikou.kernel.clock import now
from duikou.meetings.models import Meeting
from duikou.meetings.services.meetings import MeetingDraft, meeting_plan
from duikou.plans.services.entries import EntryDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.programme.models import Pairing


def test_a_meeting_links_entries_of_a_plan_and_shows_them_only_to_who_may_know(
    client_for: Any, shenyang_editor: Any, ministry: Any
) -> None:
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    actor, client = shenyang_editor.actor, client_for(shenyang_editor)
    version = plan_create(
        actor=actor,
        draft=PlanDraft(pairing, "phase", "实施方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31)),
    )
    entry = entry_add(actor=actor, version_id=version.pk, draft=EntryDraft("共建园区"))
    start = now()
    facts = MeetingDraft(
        pairing, "work", "coordination", "工作会", "first", start, start + dt.timedelta(hours=1), place="沈阳"
    )
    meeting = meeting_plan(actor=actor, draft=facts)
    where = reverse("meetings:links", args=[meeting.pk])
    assert "共建园区" in client.get(where).content.decode()
    chosen = {"links": [f"plans.entry|{version.plan_id}:{entry.uid}"], "revision": meeting.revision}
    assert client.post(where, chosen).status_code == 302
    page = reverse("meetings:meeting", args=[meeting.pk])
    assert f"#entry-{entry.uid}" in client.get(page).content.decode()
    seen = client_for(ministry).get(page).content.decode()
    assert "工作会" in seen
    assert "共建园区" not in seen
    revision = Meeting.objects.get(pk=meeting.pk).revision
    unknown = {"links": ["plans.entry|1:nothing"], "revision": revision}
    assert client.post(where, unknown).status_code == 400
    assert client.post(where, {"revision": revision}).status_code == 302
    assert not meeting.links.exists()
