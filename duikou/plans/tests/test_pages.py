"""The pages: every form works, what is refused says why, and the plan's page costs the same at any size."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from duikou.plans.models import Comment, Plan, PlanVersion, RefusedText
from duikou.plans.selectors import content_of
from duikou.plans.services.entries import entry_add
from duikou.plans.tests.conftest import promise
from duikou.plans.tests.test_life import complete, in_force


def test_a_plan_is_begun_written_and_refused_with_the_list(client_for: Any, shenyang_editor: Any, pairing: Any) -> None:
    client = client_for(shenyang_editor)
    assert client.get(reverse("plans:plan-new")).status_code == 200
    facts = {
        "pairing": pairing.pk,
        "kind": "phase",
        "title": "实施方案",
        "starts_on": "2017-03-07",
        "ends_on": "2020-12-31",
    }
    assert client.post(reverse("plans:plan-new"), {**facts, "ends_on": ""}).status_code == 400
    client.post(reverse("plans:plan-new"), facts)
    version = PlanVersion.objects.get(plan__title="实施方案")
    section = content_of(version).sections[2]
    where = reverse("plans:section", args=[version.pk, section.uid])
    assert client.get(where).status_code == 200
    words = {"heading": "重点任务", "part": "tasks", "level": "1", "body": "第一段\n第二段", "clauses": ["3.1.1"]}
    assert client.post(where, {**words, "revision": 1}).status_code == 302
    assert "<p>第一段</p><p>第二段</p>" in content_of(version).sections[2].body
    stale = client.post(where, {**words, "body": "我的话", "revision": 1})
    assert stale.status_code == 409
    assert [kept.content["body"] for kept in RefusedText.objects.all()] == ["<p>我的话</p>"]
    assert "我的话" in stale.content.decode()
    assert "第一段" in stale.content.decode()
    new = reverse("plans:entry-new", args=[version.pk])
    assert client.get(new).status_code == 200
    entry = {
        "title": "共建园区",
        "clauses": ["3.4.2"],
        "first_units": "沈阳市发改委\n沈阳市工信局",
        "second_units": "北京市发改委",
        "money": "中央资金 3000万元\n地方财政资金（甲侧） 约1.2亿元",
        "due_on": "2019-12-31",
        "target": "建成",
    }
    assert client.post(new, {**entry, "money": "不明 3"}).status_code == 400
    assert client.post(new, entry).status_code == 302
    found = content_of(version).entries[0]
    assert [(row.source, row.side, str(row.amount), row.bound) for row in found.money] == [
        ("central", "", "30000000.00", "exact"),
        ("local", "first", "120000000.00", "about"),
    ]
    edit = reverse("plans:entry", args=[version.pk, found.uid])
    assert "约1.2亿元" in client.get(edit).content.decode()
    version.refresh_from_db()
    refused = client.post(reverse("plans:submit", args=[version.pk]), {"revision": version.revision})
    assert refused.status_code == 409
    assert f"#section-{content_of(version).sections[0].uid}" in refused.content.decode()
    for verb in ("up", "down", "remove"):
        revision = {"revision": content_of(version).entries[0].revision}
        assert client.post(reverse(f"plans:entry-{verb}", args=[version.pk, found.uid]), revision).status_code == 302
    assert content_of(version).entries == ()


def test_an_empty_list_says_what_to_do_next(client_for: Any, shenyang_editor: Any, cadre_officer: Any) -> None:
    page = client_for(shenyang_editor).get(reverse("plans:list")).content.decode()
    assert "还没有您可见的计划" in page
    assert page.count(f'href="{reverse("plans:plan-new")}"') == 2
    narrowed = client_for(shenyang_editor).get(reverse("plans:list"), {"q": "没有"}).content.decode()
    assert "没有符合条件的计划" in narrowed
    page = client_for(cadre_officer).get(reverse("plans:list")).content.decode()
    assert f'href="{reverse("plans:plan-new")}"' not in page


def test_the_plan_page_takes_the_same_queries_at_any_size(
    client_for: Any, shenyang_editor: Any, draft_version: PlanVersion, query_counts: Any
) -> None:
    client, actor = client_for(shenyang_editor), shenyang_editor.actor
    url = reverse("plans:plan", args=[draft_version.plan_id])
    counts = []
    for many in (2, 25):
        for number in range(many):
            entry = entry_add(actor=actor, version_id=draft_version.pk, draft=promise(f"{many}-{number}"))
            Comment.objects.bulk_create(
                Comment(version=draft_version, uid=entry.uid, text="意见", author_name="x", at=draft_version.created_at)
                for _each in range(4)
            )
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    with query_counts("plans.plan"):
        client.get(url)
    with query_counts("plans.list"):
        client.get(reverse("plans:list"))


def test_a_paper_is_checked_against_its_digest(
    client_for: Any, shenyang_editor: Any, dalian_editor: Any, member: Any, draft_version: PlanVersion
) -> None:
    version = in_force(complete(draft_version, shenyang_editor.actor), shenyang_editor.actor)
    for person in (shenyang_editor, dalian_editor):
        page = client_for(person).get(reverse("plans:check"), {"digest": version.digest.upper()}, follow=True)
        assert page.status_code == 200
        assert "摘要相符" in page.content.decode()
    assert client_for(member).get(reverse("plans:check-digest", args=[version.digest])).status_code == 404
    assert client_for(dalian_editor).get(reverse("plans:check-digest", args=["0" * 64])).status_code == 404


def test_progress_and_amendment_have_their_pages(
    client_for: Any, shenyang_editor: Any, draft_version: PlanVersion
) -> None:
    version = in_force(complete(draft_version, shenyang_editor.actor), shenyang_editor.actor)
    client = client_for(shenyang_editor)
    entry = content_of(version).entries[0]
    where = reverse("plans:progress", args=[version.plan_id, entry.uid])
    assert client.get(where).status_code == 200
    assert client.post(where, {"state": "unfinished", "revision": 0}).status_code == 400
    assert client.post(where, {"state": "doing", "note": "已开工", "revision": 0}).status_code == 302
    assert client.get(reverse("plans:task-new", args=[version.plan_id, entry.uid])).status_code == 200
    page = client.get(reverse("plans:plan", args=[version.plan_id])).content.decode()
    assert "已开工" in page
    assert client.post(reverse("plans:amend", args=[version.pk]), {"reason": "修订"}).status_code == 302
    assert PlanVersion.objects.filter(plan=version.plan, number=2, state="draft").exists()
    assert client.get(reverse("plans:export")).status_code == 200
    assert client.get(reverse("plans:list"), {"year": "x"}).status_code == 400
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("name", ["member", "operator", "anonymous"])
def test_who_has_no_business_here_is_turned_away(request: pytest.FixtureRequest, name: str, client_for: Any) -> None:
    answer = client_for(request.getfixturevalue(name)).get(reverse("plans:list"))
    assert answer.status_code == {"member": 404, "operator": 403, "anonymous": 302}[name]


def test_a_stranger_finds_nothing(client_for: Any, dalian_editor: Any, draft_version: PlanVersion) -> None:
    client = client_for(dalian_editor)
    assert client.get(reverse("plans:plan", args=[draft_version.plan_id])).status_code == 404
    assert client.get(reverse("plans:entry", args=[draft_version.pk, uuid.uuid4()])).status_code == 404
