"""A project carries out entries of plans and is what meetings are about; each side shows the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from duikou.kernel.clock import now
from duikou.meetings.services.meetings import MeetingDraft, meeting_plan
from duikou.plans.services.entries import EntryDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing() -> Pairing:
    return Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")


@pytest.fixture
def project(pairing: Pairing, shenyang_editor: Any) -> Any:
    clause = pairing.programme.clause_set.get(code="3.4.2")
    draft = ProjectDraft(pairing.programme, "共建产业园", pairing, clause, pairing.first_region, visibility="public")
    return project_create(actor=shenyang_editor.actor, draft=draft, partial=True)


def test_an_entry_is_linked_shown_both_ways_and_taken_off(
    client_for: Any, project: Any, pairing: Pairing, shenyang_editor: Any, dalian_editor: Any
) -> None:
    plan = PlanDraft(pairing, "phase", "实施方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    version = plan_create(actor=shenyang_editor.actor, draft=plan)
    entry = entry_add(actor=shenyang_editor.actor, version_id=version.pk, draft=EntryDraft("共建一个园区"))
    client, page = client_for(shenyang_editor), reverse("projects:project", args=[project.pk])
    add = reverse("projects:entry-link", args=[project.pk])
    assert client.post(add, {"entry": "1:nothing"}).status_code == 400
    for _twice in range(2):
        assert client.post(add, {"entry": f"{version.plan_id}:{entry.uid}"}).status_code == 302
    link = project.entries.get()
    assert f"#entry-{entry.uid}" in client.get(page).content.decode()
    shown = client.get(reverse("plans:plan", args=[version.plan_id]), follow=True).content.decode()
    assert "落实计划事项的项目" in shown
    assert "共建一个园区" not in client_for(dalian_editor).get(page).content.decode()
    assert AuditEvent.objects.filter(action="projects.entry.linked").count() == 1
    off = reverse("projects:entry-unlink", args=[project.pk, link.pk])
    assert client.post(off).status_code == 302
    assert client.post(off).status_code == 404


def test_a_meeting_about_the_project_stands_on_its_page(
    client_for: Any, project: Any, pairing: Pairing, shenyang_editor: Any, dalian_editor: Any
) -> None:
    start = now()
    end = start + dt.timedelta(hours=1)
    facts = MeetingDraft(pairing, "work", "coordination", "园区专题会", "first", start, end, place="沈阳")
    meeting = meeting_plan(actor=shenyang_editor.actor, draft=facts)
    client = client_for(shenyang_editor)
    chosen = {"links": [f"projects.project|{project.pk}"], "revision": meeting.revision}
    assert client.post(reverse("meetings:links", args=[meeting.pk]), chosen).status_code == 302
    page = reverse("projects:project", args=[project.pk])
    assert "园区专题会" in client.get(page).content.decode()
    assert "园区专题会" not in client_for(dalian_editor).get(page).content.decode()
    assert "共建产业园" in client.get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()
