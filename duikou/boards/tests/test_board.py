"""The board by state and the map: counted, scoped, and a dropped card is a step with its gates."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from duikou.kernel.money import Money
from duikou.projects.models import Project
from duikou.schedule.tests.conftest import make_project

BOARD, MOVE, MAP = "/boards/board/", "/boards/board/move/", "/boards/map/"


def dropped(client: Any, project: Project, state: str, **given: Any) -> Any:
    data = {"project": project.pk, "version": project.version, "state": state, **given}
    return client.post(MOVE, data)


def test_cards_stand_in_their_columns_with_their_steps(
    client_for: Any, shenyang_editor: Any, auditor: Any, dalian_editor: Any, project: Project
) -> None:
    page = client_for(shenyang_editor).get(BOARD).content.decode()
    assert project.name in page
    assert 'draggable="true"' in page
    assert reverse("projects:project-step", args=[project.pk, "sign"]) in page
    watched = client_for(auditor).get(BOARD).content.decode()
    assert project.name in watched
    assert 'draggable="true"' not in watched
    assert project.name not in client_for(dalian_editor).get(BOARD).content.decode()


def test_a_dropped_card_takes_the_step_that_asks_for_nothing(
    client_for: Any, shenyang_editor: Any, project: Project
) -> None:
    answer = dropped(client_for(shenyang_editor), project, "negotiating")
    assert answer.json() == {"done": True}
    project.refresh_from_db()
    assert project.state == "negotiating"


def test_a_step_that_asks_for_more_opens_its_form(client_for: Any, shenyang_editor: Any, project: Project) -> None:
    answer = dropped(client_for(shenyang_editor), project, "signed")
    assert answer.json() == {"form": reverse("projects:project-step", args=[project.pk, "sign"])}
    project.refresh_from_db()
    assert project.state == "lead"


def test_what_a_gate_or_the_table_refuses_says_why(
    client_for: Any, shenyang_editor: Any, beijing_editor: Any, project: Project
) -> None:
    client, bare = client_for(shenyang_editor), make_project("没有合作单位的项目")
    refused = dropped(client, bare, "signed")
    assert refused.status_code == 409
    assert "合作单位" in refused.json()["refused"]
    assert "没有直接到那一列" in dropped(client, project, "closed").json()["refused"]
    assert "没有直接到那一列" in dropped(client, project, "nonsense").json()["refused"]
    assert dropped(client_for(beijing_editor), project, "negotiating", version=99).status_code == 409


def test_who_may_not_move_cards_is_told_and_strangers_learn_nothing(
    client_for: Any, auditor: Any, unit: Any, dalian_editor: Any, project: Project
) -> None:
    assert dropped(client_for(auditor), project, "negotiating").status_code == 403
    assert dropped(client_for(unit), project, "negotiating").status_code == 403
    assert dropped(client_for(dalian_editor), project, "negotiating").status_code == 404
    assert client_for(dalian_editor).post(MOVE, {"project": "x"}).status_code == 404


def test_columns_are_counted_paged_and_narrowed(
    client_for: Any, coordinator: Any, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    monkeypatch.setattr("duikou.boards.selectors.cards.SIZE", 2)
    for number in range(3):
        make_project(f"沪连项目{number}", pairing="dalian-shanghai", signed_amount=Money(10_000))
    client = client_for(coordinator)
    columns = {one.state: one for one in client.get(BOARD).context["columns"]}
    assert columns["lead"].totals.count == 4
    assert len(columns["lead"].cards) == 2
    following = client.get(BOARD, {"at_lead": columns["lead"].page.next}).context["columns"]
    assert [len(one.cards) for one in following if one.state == "lead"] == [2]
    narrowed = client.get(f"{BOARD}?pairing=dalian-shanghai").context["columns"]
    assert next(one.totals.count for one in narrowed if one.state == "lead") == 3
    searched = client.get(f"{BOARD}?q=沪连项目1").context["columns"]
    assert [card.project.name for one in searched for card in one.cards] == ["沪连项目1"]
    assert all(one.totals is None for one in searched)
    assert client.get(f"{BOARD}?at_lead=forged").status_code == 200
    assert client.get(f"{BOARD}?pairing=none").status_code == 400
    assert "没有符合条件" in client.get(f"{BOARD}?q=无此项目").content.decode()


def test_the_map_counts_both_sides_and_leads_to_the_list(
    client_for: Any, coordinator: Any, dalian_editor: Any, project: Project
) -> None:
    make_project("京沈项目二", signed_amount=Money(20_000))
    client = client_for(coordinator)
    rows = {place.region.name: (place, url) for place, url in client.get(MAP).context["rows"]}
    assert {name: place.count for name, (place, _url) in rows.items()} == {"沈阳市": 2, "北京市": 2}
    place, url = rows["沈阳市"]
    assert (place.signed, place.completed) == (Money(20_000), None)
    assert client.get(url).context["count"].number == 2
    by_province = client.get(f"{MAP}?level=province").context["rows"]
    assert sorted(place.region.name for place, _url in by_province) == ["北京市", "辽宁省"]
    assert client_for(dalian_editor).get(MAP).context["rows"] == []
    assert client.get(f"{MAP}?region=无此地").status_code == 400


def test_board_and_map_ask_no_more_for_more_projects(
    client_for: Any, shenyang_editor: Any, project: Project, query_counts: Any
) -> None:
    client = client_for(shenyang_editor)
    client.get(BOARD)
    for _size in range(2):
        for name, address in (("board", BOARD), ("map", MAP)):
            with query_counts(f"boards.{name}"):
                client.get(address)
        for number in range(5):
            make_project(f"京沈项目{_size}{number}")
