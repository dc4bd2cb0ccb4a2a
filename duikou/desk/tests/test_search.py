"""One search over everything: found by code, words, pinyin and initials; nobody finds what they may not know of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from duikou.access.models import Organisation
from duikou.kernel import search
from duikou.kernel.actor import Actor
from duikou.plans.services.demonstration import plans_demonstrate
from duikou.programme.models import Pairing, Region
from duikou.projects.models import Project
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.projects.states import ProjectState, Side

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")


def groups(client: Client, query: str, **headers: str) -> dict[str, list[str]]:
    answer = client.get("/search/", {"q": query}, headers=headers)
    assert answer.status_code == 200
    return {group.name: [hit.title for hit in group.hits] for group in answer.context["groups"]}


def a_project(name: str) -> Project:
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(
        programme=pairing.programme,
        pairing=pairing,
        clause=clause,
        name=name,
        first_region=pairing.first_region,
        second_region=pairing.second_region,
        state=ProjectState.LEAD,
    )
    return project_create(actor=COMMAND, draft=draft, reported_by=Side.FIRST)


@pytest.mark.parametrize(
    ("query", "kind", "title"),
    [
        ("3.2.2", "clauses", "3.2.2 新兴产业"),
        ("三（二）2", "clauses", "3.2.2 新兴产业"),
        ("新兴产业", "clauses", "3.2.2 新兴产业"),
        ("哈尔滨 深圳", "pairings", "哈尔滨市—深圳市"),
        ("sys", "pairings", "沈阳市—北京市"),
        ("szs", "regions", "深圳市"),
        ("shenzhen", "regions", "深圳市"),
        ("440300", "regions", "深圳市"),
    ],
)
def test_what_is_public_is_found_by_code_words_pinyin_and_initials(
    client: Client, query: str, kind: str, title: str
) -> None:
    found = groups(client, query)
    assert title in found[kind]
    assert not {"projects", "plans", "organisations"} & set(found)


def test_projects_plans_and_organisations_are_found_by_who_may_know_of_them(
    client_for: Callable[[Any], Client], shenyang_editor: Any, dalian_editor: Any, member: Any
) -> None:
    a_project("浑南机器人产业园")
    plans_demonstrate(actor=COMMAND)
    mine, stranger = client_for(shenyang_editor), client_for(dalian_editor)
    assert groups(mine, "机器人产业园")["projects"] == ["浑南机器人产业园"]
    assert "projects" not in groups(stranger, "机器人产业园")
    assert any("计划" in title or "方案" in title for title in groups(mine, "对口合作")["plans"])
    assert "plans" not in groups(client_for(member), "对口合作")
    own = Organisation.objects.get(pk=member.organisation.pk)
    assert own.name in groups(client_for(member), own.name)["organisations"]
    assert own.name in groups(client_for(member), own.initials)["organisations"]


def test_the_search_asks_as_often_whatever_it_finds(
    client_for: Callable[[Any], Client], coordinator: Any, query_counts: Any
) -> None:
    browser = client_for(coordinator)
    a_project("沈阳一号")
    with query_counts("desk.search"):
        assert groups(browser, "沈阳")["projects"] == ["沈阳一号"]
    for number in range(30):
        a_project(f"沈阳又一个{number}")
    with query_counts("desk.search"):
        answer = browser.get("/search/", {"q": "沈阳"})
    assert "查看全部" in answer.content.decode()
    with query_counts("desk.search"):
        assert groups(browser, "没有这样的东西") == {}


def test_below_the_field_only_the_best_are_shown_and_the_rest_is_a_link(client: Client) -> None:
    answer = client.get("/search/", {"q": "合作"}, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert "<html" not in words
    assert max(len(group.hits) for group in answer.context["groups"]) <= 4
    assert "/search/?q=%E5%90%88%E4%BD%9C" in words


@pytest.mark.parametrize("query", ["", "   ", "“”", "\x00", "%", "'\"<script>", "🙂", "a" * 5000, "９９．９．９"])
def test_nothing_and_nonsense_leave_a_page_that_says_what_to_do(client: Client, query: str) -> None:
    answer = client.get("/search/", {"q": query})
    assert answer.status_code in (200, 400)
    words = answer.content.decode()
    assert "<script>alert" not in words
    if answer.status_code == 200 and not answer.context["groups"]:
        assert "dk-empty" in words


def test_every_page_has_the_search_and_works_without_a_script(client: Client) -> None:
    words = client.get("/programmes/").content.decode()
    assert 'action="/search/"' in words
    assert "hx-get" in words


def test_a_room_takes_part_by_registering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_finders", {})
    hit = search.Hit("甲", "/a/")
    search.register(search.Finder("one", "一", "search", 1, lambda _actor, _query, limit: [hit] * limit))
    (group,) = search.found(Actor.anonymous(), "甲", limit=3)
    assert (len(group.hits), group.more) == (3, True)
    assert search.found(Actor.anonymous(), "", limit=3) == []


def test_a_place_has_a_page_with_its_pairings_and_history(client: Client, query_counts: Any) -> None:
    with query_counts("programme.region"):
        words = client.get("/programmes/regions/440300/").content.decode()
    assert "哈尔滨市—深圳市" in words
    assert client.get("/programmes/regions/000000/").status_code == 404
    past = Region.objects.filter(valid_to__isnull=False).order_by("adcode").first()
    assert past is not None
    assert "已经撤销或改名" in client.get(f"/programmes/regions/{past.adcode}/").content.decode()
