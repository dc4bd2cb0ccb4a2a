"""The Gantt tells the truth twice: as a table and as a feed, both of what the viewer may know of."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from duikou.boards.rules import windows
from duikou.boards.states import SHEETS
from duikou.kernel.money import Money
from duikou.projects.models import Project
from duikou.schedule.models import Milestone
from duikou.schedule.services.baselines import baseline_set
from duikou.schedule.services.links import milestone_link
from duikou.schedule.services.milestones import milestone_done
from duikou.schedule.tests.conftest import ME, day, make_project

Add = Callable[..., Milestone]
PAGE, FEED = "/boards/gantt/", "/boards/gantt/feed/"


@pytest.fixture
def planned(project: Project, add: Add) -> Project:
    """Started, half built, with a promise."""
    start = add("开工", "2026-03-01", kind="start")
    finish = add("验收", "2027-03-01", kind="finish")
    milestone_link(actor=ME, before_id=start.pk, after_id=finish.pk, lag=380)
    baseline_set(actor=ME, project_id=project.pk, number=1, reason="开工会定")
    milestone_done(actor=ME, milestone_id=start.pk, version=1, on=day("2026-03-11"))
    Project.objects.filter(pk=project.pk).update(planned_amount=Money(1000), completed_amount=Money(500))
    return project


def test_a_bar_shows_plan_promise_and_how_it_goes(client_for: Any, beijing_editor: Any, planned: Project) -> None:
    answer = client_for(beijing_editor).get(FEED).json()
    row = next(one for one in answer["rows"] if one["name"] == planned.name)
    assert row["planned"] == row["baseline"] == ["2026-03-01", "2027-03-01"]
    assert row["going"] == ["2026-03-11", "2027-03-26"]
    assert (row["progress"], row["finished"], len(row["marks"])) == (50, False, 2)
    assert [lag for _before, _after, lag in answer["links"]] == [380]
    assert answer["next"] is None
    page = client_for(beijing_editor).get(PAGE).content.decode()
    for words in (planned.name, "2026-03-11 ～ 2027-03-26", "50%", "data-gantt"):
        assert words in page


def test_a_stranger_finds_no_bar(client_for: Any, dalian_editor: Any, member: Any, planned: Project) -> None:
    for person in (dalian_editor, member):
        client = client_for(person)
        assert client.get(FEED).json()["rows"] == []
        assert planned.name not in client.get(PAGE).content.decode()
        assert client.get(f"{FEED}?project={planned.pk}").status_code == 404
        assert client.get(f"{PAGE}?project={planned.pk}").status_code == 404


def test_one_project_shows_its_milestones_as_rows_and_its_parts(
    client_for: Any, shenyang_editor: Any, planned: Project
) -> None:
    part = make_project("一期厂房")
    Project.objects.filter(pk=part.pk).update(parent=planned)
    client = client_for(shenyang_editor)
    rows = client.get(f"{FEED}?project={planned.pk}").json()["rows"]
    assert [row["name"] for row in rows] == [planned.name, "开工", "验收", part.name]
    assert "一期厂房" in client.get(f"{PAGE}?project={planned.pk}").content.decode()
    assert f"?project={planned.pk}" in client.get(reverse("projects:project", args=[planned.pk])).content.decode()


@pytest.mark.parametrize("query", ["pairing=none", "state=flying", "year_from=1", "region=无此地", "q=%00", "kind=%27"])
def test_what_cannot_be_read_draws_nothing_and_says_so(client_for: Any, shenyang_editor: Any, query: str) -> None:
    client = client_for(shenyang_editor)
    assert client.get(f"{PAGE}?{query}").status_code == 400
    assert client.get(f"{FEED}?{query}").status_code == 400


@pytest.mark.parametrize("project", ["x", "-1", "9" * 30, "١"])
def test_an_unreadable_project_is_not_there(client_for: Any, shenyang_editor: Any, project: str) -> None:
    assert client_for(shenyang_editor).get(FEED, {"project": project}).status_code == 404


def test_filters_and_pages_hold_for_the_feed(
    client_for: Any, coordinator: Any, planned: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duikou.boards.selectors.bars.FEED", 2)
    for number in range(4):
        make_project(f"沪连项目{number}", pairing="dalian-shanghai")
    client, found, address = client_for(coordinator), [], f"{FEED}?pairing=dalian-shanghai"
    while address:
        answer = client.get(address).json()
        found += [row["name"] for row in answer["rows"]]
        address = answer["next"]
    assert sorted(found) == [f"沪连项目{number}" for number in range(4)]


def test_the_feed_asks_no_more_for_more_bars(
    client_for: Any, coordinator: Any, planned: Project, add: Add, query_counts: Any
) -> None:
    client = client_for(coordinator)
    client.get(FEED)
    for _size in range(2):
        with query_counts("boards.gantt.feed"):
            client.get(FEED)
        with query_counts("boards.gantt"):
            client.get(PAGE)
        for number in range(5):
            other = make_project(f"项目{_size}{number}")
            row = add("环评", (dt.date(2026, 5, 1) + dt.timedelta(days=number)).isoformat(), other)
            milestone_link(actor=ME, before_id=row.pk, after_id=add("用地", "2026-07-01", other).pk)


def pages_of(answer: Any) -> int:
    assert answer.status_code == 200, answer.content[:300]
    return len(PdfReader(io.BytesIO(answer.content)).pages)


def test_the_print_pages_rows_and_years(
    client_for: Any, shenyang_editor: Any, planned: Project, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(shenyang_editor)
    assert pages_of(client.get(f"{PAGE}print/?project={planned.pk}")) == 1
    for number in range(3):
        add("环评", f"20{number + 1}0-05-01", make_project(f"厂房🏭{number}"))
    monkeypatch.setitem(SHEETS, "a4", SHEETS["a4"]._replace(rows=2, years=8))
    assert pages_of(client.get(f"{PAGE}print/?paper=a4")) == 6
    assert pages_of(client.get(f"{PAGE}print/?paper=a3")) == 2


def test_what_cannot_be_printed_says_why(
    client_for: Any, shenyang_editor: Any, dalian_editor: Any, planned: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(shenyang_editor)
    assert client.get(f"{PAGE}print/?paper=b5").status_code == 400
    assert client.get(f"{PAGE}print/?pairing=none").status_code == 400
    assert client_for(dalian_editor).get(f"{PAGE}print/?project={planned.pk}").status_code == 404
    assert client_for(dalian_editor).get(f"{PAGE}print/").status_code == 400
    make_project("另一个")
    monkeypatch.setitem(SHEETS, "a4", SHEETS["a4"]._replace(rows=1))
    monkeypatch.setattr("duikou.boards.services.printing.PAGES", 1)
    assert client.get(f"{PAGE}print/").status_code == 413


@given(st.lists(st.dates(dt.date(1995, 1, 1), dt.date(2060, 1, 1)), min_size=1, max_size=20), st.integers(1, 14))
def test_every_day_stands_in_exactly_one_window(days: list[dt.date], years: int) -> None:
    found = windows(days, years)
    for one in days:
        assert sum(0 <= window.share(one) < 1 for window in found) == 1
    assert all(window.last - window.first < years for window in found)
