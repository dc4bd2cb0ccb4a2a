"""The pages: every form works, what is refused says why, strangers learn nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from duikou.projects.models import Project
from duikou.projects.selectors import project_visible
from duikou.schedule.models import Milestone, MilestoneLink
from duikou.schedule.panels import of_project
from duikou.schedule.services.links import milestone_link
from duikou.schedule.tests.conftest import day

Add = Callable[..., Milestone]


def page_of(project: Project) -> str:
    return reverse("projects:project", args=[project.pk])


def test_the_project_shows_its_milestones_and_who_may_not_write_learns_why(
    client_for: Any, shenyang_editor: Any, auditor: Any, dalian_editor: Any, project: Project, add: Add
) -> None:
    assert "还没有里程碑" in client_for(shenyang_editor).get(page_of(project)).content.decode()
    assert "按常用节点编排" not in client_for(auditor).get(page_of(project)).content.decode()
    add("环评", "2020-05-01")
    shown = client_for(auditor).get(page_of(project)).content.decode()
    assert "环评" in shown
    assert "逾期" in shown
    assert "您的岗位可以查看，不能修改" in shown
    new = reverse("schedule:milestone-new", args=[project.pk])
    assert client_for(auditor).get(new).status_code == 403
    assert client_for(dalian_editor).get(new).status_code in (403, 404)


def test_a_milestone_is_added_changed_and_a_stale_save_shows_both(
    client_for: Any, shenyang_editor: Any, project: Project
) -> None:
    client = client_for(shenyang_editor)
    new = reverse("schedule:milestone-new", args=[project.pk])
    assert client.get(new).status_code == 200
    facts = {"title": "环评", "kind": "node", "planned_on": "2026-05-01", "side": "first"}
    for wrong in (
        {"title": ""},
        {"title": "a\x00b"},
        {"planned_on": "2026-13-01"},
        {"planned_on": ""},
        {"weight": "0"},
    ):
        refused = client.post(new, {**facts, **wrong})
        assert refused.status_code == 400, wrong
    assert client.post(new, facts).status_code == 302
    row = Milestone.objects.get()
    edit = reverse("schedule:milestone-edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {**facts, "version": 1, "note": "先到的话"}).status_code == 302
    stale = client.post(edit, {**facts, "version": 1, "note": "后到的话"})
    assert stale.status_code == 409
    assert "先到的话" in stale.content.decode()
    assert "后到的话" in stale.content.decode()
    assert 'value="2"' in stale.content.decode()


def test_steps_of_a_milestone_by_their_forms(
    client_for: Any, shenyang_editor: Any, shenyang_lead: Any, project: Project, add: Add
) -> None:
    client = client_for(shenyang_editor)
    row, other = add("环评", "2026-05-01"), add("用地", "2026-04-01")
    for name in ("", "-done", "-remove", "-link"):
        assert client.get(reverse(f"schedule:milestone{name}", args=[row.pk])).status_code == 200
    link = reverse("schedule:milestone-link", args=[row.pk])
    assert client.post(link, {"before": other.pk, "lag": "5", "version": 1}).status_code == 302
    assert client.post(link, {"before": "77", "lag": "-1"}).status_code == 400
    page = client.get(reverse("schedule:milestone", args=[row.pk])).content.decode()
    assert "用地" in page
    made = MilestoneLink.objects.get()
    assert client.post(reverse("schedule:milestone-unlink", args=[made.pk])).status_code == 302
    assert client.post(reverse("schedule:milestone-unlink", args=[made.pk])).status_code == 404
    done = reverse("schedule:milestone-done", args=[row.pk])
    assert client.post(done, {"on": "2999-01-01", "version": 1}).status_code == 400
    assert client.post(done, {"on": "2026-04-30", "version": 1}).status_code == 302
    assert client.post(done, {"on": "2026-04-29", "version": 1}).status_code == 409
    reopen = reverse("schedule:milestone-reopen", args=[row.pk])
    assert client.get(reopen).status_code == 200
    assert client.post(reopen, {"reason": "记错了", "version": 2}).status_code == 302
    remove = reverse("schedule:milestone-remove", args=[row.pk])
    assert client.post(remove, {"reason": "不要了", "version": 1}).status_code == 409
    assert client.post(remove, {"reason": "不要了", "version": 3}).status_code == 302


def test_typical_nodes_and_a_baseline(client_for: Any, shenyang_editor: Any, project: Project) -> None:
    client = client_for(shenyang_editor)
    typical = reverse("schedule:typical", args=[project.pk])
    assert client.get(typical).status_code == 200
    assert client.post(typical, {}).status_code == 400
    assert (
        client.post(typical, {"day_0": "2026-01-05", "day_4": "2026-06-01", "day_6": "2026-02-01"}).status_code == 400
    )
    assert not Milestone.objects.exists()
    assert client.post(typical, {"day_0": "2026-01-05", "day_4": "2026-06-01"}).status_code == 302
    assert set(Milestone.objects.values_list("title", "kind")) == {("立项", "node"), ("开工", "start")}
    baseline = reverse("schedule:baseline-set", args=[project.pk])
    assert client.get(baseline).status_code == 200
    assert client.post(baseline, {"reason": "", "number": 1}).status_code == 400
    assert client.post(baseline, {"reason": "双方商定", "number": 1}).status_code == 302
    assert "第1版基线" in client.get(baseline).content.decode()
    assert "第1版基线" in client.get(page_of(project)).content.decode()


def test_the_panel_asks_no_more_for_more_milestones(
    shenyang_editor: Any, project: Project, add: Add, query_counts: Any
) -> None:
    actor = shenyang_editor.actor
    rows = [add("甲", "2026-05-01"), add("乙", "2026-06-01")]
    milestone_link(actor=actor, before_id=rows[0].pk, after_id=rows[1].pk)
    for _size in range(2):
        with query_counts("schedule.panel"):
            assert of_project(actor, project_visible(actor=actor, project_id=project.pk))
        for number in range(10):
            row = add(f"节点{_size}{number}", (day("2026-07-01") + dt.timedelta(days=number)).isoformat())
            milestone_link(actor=actor, before_id=rows[1].pk, after_id=row.pk)
