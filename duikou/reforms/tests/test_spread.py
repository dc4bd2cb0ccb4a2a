"""What spread where and how fast, and the numbers beside what somebody stated: all from rows."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.programme.models import Pairing, Programme
from duikou.projects.models import Measure
from duikou.projects.services.statistics import StatisticDraft, statistic_record
from duikou.reforms.models import CountStatement
from duikou.reforms.rules import Difference, cumulative, days_to_adoption, months_between, spread
from duikou.reforms.selectors import counts
from duikou.reforms.selectors import spread as pictures
from duikou.reforms.selectors.counts import Question
from duikou.reforms.selectors.lists import Wanted
from duikou.reforms.services.counts import CountDraft, count_state, count_withdraw
from duikou.reforms.services.demonstration import reforms_demonstrate
from duikou.reforms.services.measures import measure_supersede
from duikou.reforms.tests.conftest import BEIJING, CODE, DALIAN, SHENYANG, adopt, days_ago, place, publish, step

Browser = Callable[[Any], Client]


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_quartiles_are_those_of_the_days_one_by_one(days: list[int]):
    found = spread(Counter(days))
    assert found.count == len(days)
    assert found.median == Fraction(statistics.median([Fraction(day) for day in days]))
    if len(days) > 1:
        first, _median, third = statistics.quantiles([Fraction(day) for day in days], n=4, method="inclusive")
        assert (found.first, found.third) == (first, third)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 5000))
def test_days_and_months_run_forward(day: dt.date, later: int):
    end = day + dt.timedelta(days=later)
    assert days_to_adoption(day, end) == later
    assert days_to_adoption(end + dt.timedelta(days=1), day) is None
    months = months_between(day, end)
    assert months[0] == day.replace(day=1)
    assert months[-1] == end.replace(day=1)
    assert cumulative({months[0]: 2, months[-1]: -1}, months)[-1] == (1 if len(months) > 1 else -1)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 50), st.integers(0, 50))
def test_a_difference_is_explained_no_further_than_it_goes(stated: int, counted: int, later: int, ended: int):
    found = Difference(stated, counted, later, ended)
    assert found.rest == stated - counted
    assert 0 <= found.unregistered <= max(0, found.rest)


pytest_db = pytest.mark.django_db


def wanted(**given: Any) -> Wanted:
    return Wanted(Programme.objects.get(code=CODE), **given)


def asked(day: dt.date, **given: Any) -> Question:
    return Question(Programme.objects.get(code=CODE), day, **given)


@pytest_db
def test_totals_days_and_curve_follow_the_rows(beijing_editor: Any, shenyang_editor: Any, dalian_editor: Any):
    one = publish(beijing_editor.actor, on=days_ago(100), title="甲")
    two = publish(beijing_editor.actor, on=days_ago(90), title="乙", document_number="")
    adopt(shenyang_editor.actor, one, adopted_on=days_ago(80))
    adopt(shenyang_editor.actor, two, adopted_on=days_ago(50))
    adopt(dalian_editor.actor, one, DALIAN, adopted_on=days_ago(10))
    actor = shenyang_editor.actor
    totals = pictures.totals(actor=actor, wanted=wanted())
    assert (totals.measures, totals.adopted, totals.adoptions, totals.regions) == (2, 2, 3, 2)
    overall, before = pictures.overall(actor=actor, wanted=wanted())
    assert (overall.median, before) == (Fraction(40), 0)
    lines = {
        grouping.name: pictures.groups(actor=actor, wanted=wanted(), grouping=grouping)
        for grouping in pictures.GROUPINGS
    }
    assert [(line.address, line.adoptions, line.days.median) for line in lines["region"]] == [
        (SHENYANG, 2, Fraction(30)),
        (DALIAN, 1, Fraction(90)),
    ]
    assert sum(line.adoptions for line in lines["pairing"]) == 3
    curve = pictures.curve(actor=actor, wanted=wanted())
    assert (curve.measures[-1], curve.adoptions[-1]) == (2, 3)


@pytest_db
def test_what_a_stranger_cannot_see_is_in_no_cell_and_no_sum(measure: Any, shenyang_editor: Any, dalian_editor: Any):
    step(shenyang_editor.actor, measure, SHENYANG, "follow")
    regions = (place(SHENYANG), place(DALIAN))
    for person, state, sums in ((shenyang_editor, "following", 1), (dalian_editor, "", 0)):
        ((_row, cells),) = pictures.cells_of(actor=person.actor, measures=[measure], regions=regions)
        assert cells[0].state == state
        assert len(pictures.sums_by_region(actor=person.actor, wanted=wanted())) == sums


@pytest_db
def test_a_count_for_a_day_knows_what_came_later_and_what_had_ended(
    beijing_editor: Any, shenyang_editor: Any, dalian_editor: Any
):
    rows = [publish(beijing_editor.actor, on=days_ago(400), title=f"经验{n}", document_number="") for n in range(4)]
    for number, day in enumerate((300, 200, 100, 20)):
        adopt(shenyang_editor.actor, rows[number], adopted_on=days_ago(day))
    adopt(dalian_editor.actor, rows[0], DALIAN, adopted_on=days_ago(90))
    step(shenyang_editor.actor, rows[1], SHENYANG, "end", reason="废止", ended_on=days_ago(150))
    found = counts.answer(actor=shenyang_editor.actor, question=asked(days_ago(60), region=place(SHENYANG)))
    assert (found.measures, found.adoptions, found.later, found.ended) == (2, 2, 1, 1)
    assert counts.answer(actor=shenyang_editor.actor, question=asked(days_ago(60))).adoptions == 3
    assert counts.answer(actor=shenyang_editor.actor, question=asked(days_ago(180))).measures == 2
    told = found.beside(10)
    assert (told.rest, told.unregistered) == (8, 6)


@pytest_db
def test_a_practice_and_its_successor_count_once(beijing_editor: Any, shenyang_editor: Any):
    old = publish(beijing_editor.actor, on=days_ago(300), title="旧版")
    new = publish(beijing_editor.actor, on=days_ago(100), title="新版", document_number="")
    adopt(shenyang_editor.actor, old, adopted_on=days_ago(200))
    measure_supersede(actor=beijing_editor.actor, measure_id=old.pk, successor_id=new.pk)
    adopt(shenyang_editor.actor, new, adopted_on=days_ago(50))
    found = counts.answer(actor=shenyang_editor.actor, question=asked(today()))
    assert (found.measures, found.adoptions) == (1, 1)
    assert pictures.totals(actor=shenyang_editor.actor, wanted=wanted()).adoptions == 1


def stated(**given: Any) -> CountDraft:
    facts = {"region": place(SHENYANG), "value": 192, "as_of": days_ago(60), "source_name": "市政府网站", **given}
    return CountDraft(programme=Programme.objects.get(code=CODE), **facts)


@pytest_db
def test_an_office_states_a_number_once_and_withdraws_it_with_a_reason(shenyang_editor: Any, beijing_editor: Any):
    actor = shenyang_editor.actor
    row = count_state(actor=actor, draft=stated())
    assert count_state(actor=actor, draft=stated()) == row
    with pytest.raises(Conflict):
        count_state(actor=actor, draft=stated(value=200))
    with pytest.raises(Forbidden):
        count_state(actor=beijing_editor.actor, draft=stated())
    for bad in ({"as_of": days_ago(-1)}, {"source_name": " "}, {"origin": place(DALIAN)}, {"value": -1}):
        with pytest.raises(Invalid):
            count_state(actor=actor, draft=stated(**bad))
    count_withdraw(actor=actor, statement_id=row.pk, reason="口径有误")
    count_state(actor=actor, draft=stated(value=200))
    assert CountStatement.objects.count() == 2


@pytest_db
def test_stated_numbers_stand_beside_counted_ones(
    client_for: Browser, query_counts: Any, measure: Any, shenyang_editor: Any
):
    pairing = Pairing.objects.select_related("programme").get(code="shenyang-beijing", programme__code=CODE)
    adopt(shenyang_editor.actor, measure, adopted_on=days_ago(80))
    for number in range(2):
        statistic_record(
            actor=Actor.command("tests"),
            draft=StatisticDraft(
                pairing.programme,
                f"政策{number}",
                pairing,
                measure=Measure.POLICIES,
                value=Decimal(129),
                year=today().year,
                source_name="报道",
            ),
        )
    row = count_state(actor=shenyang_editor.actor, draft=stated())
    office = client_for(shenyang_editor)
    page = office.get("/reforms/counts/")
    assert [(one.counted, rest) for one, rest in page.context["statements"]] == [(1, 191)]
    assert [rest for _one, rest in page.context["reported"]] == [128, 128]
    for where in (f"/reforms/counts/{row.pk}/", f"/reforms/counts/reported/{page.context['reported'][0][0].pk}/"):
        text = office.get(where).content.decode()
        assert "企业投资项目承诺制" in text
        assert "没有登记" in text
    assert office.get(f"/reforms/counts/?as_of={days_ago(90)}").context["answer"].measures == 0
    assert office.get("/reforms/counts/?as_of=nonsense").status_code == 400


@pytest_db
def test_pages_of_figures_ask_the_same_however_much_there_is(
    client_for: Browser, query_counts: Any, measure: Any, shenyang_editor: Any, beijing_editor: Any
):
    office = client_for(shenyang_editor)
    adopt(shenyang_editor.actor, measure)
    first = count_state(actor=shenyang_editor.actor, draft=stated())
    for turn in range(2):
        for name, where in (
            ("reforms.spread", "/reforms/spread/"),
            ("reforms.matrix", "/reforms/matrix/"),
            ("reforms.counts", "/reforms/counts/"),
            ("reforms.count", f"/reforms/counts/{first.pk}/"),
        ):
            office.get(where)
            with query_counts(name):
                assert office.get(where).status_code == 200
        if turn == 0:
            for number in range(6):
                more = publish(
                    beijing_editor.actor, title=f"经验{number}", document_number="", on=days_ago(50 + number)
                )
                adopt(shenyang_editor.actor, more, adopted_on=days_ago(number))
                count_state(actor=shenyang_editor.actor, draft=stated(label=f"口径{number}"))


@pytest_db
def test_everything_shown_goes_into_a_workbook(client_for: Browser, measure: Any, adopted: Any, shenyang_editor: Any):
    office = client_for(shenyang_editor)
    for where in ("spread", "matrix", "counts"):
        answer = office.get(
            f"/reforms/{where}/export/?clause=3.1.1" if where != "counts" else "/reforms/counts/export/"
        )
        assert b"".join(answer.streaming_content)[:2] == b"PK", where
    assert office.get("/reforms/spread/?topic=nonsense").status_code == 400
    assert office.get("/reforms/matrix/?side=third").status_code == 400


@pytest_db
def test_clause_and_place_show_their_practices(
    client_for: Browser, measure: Any, adopted: Any, shenyang_editor: Any, anonymous: Any
):
    """The title is one that the policy text does not hold itself."""
    measure.title = "先建后验一次承诺"
    measure.derive()
    measure.save()
    for where in (
        reverse("programme:clause-read", args=[CODE, "3.1.1"]),
        reverse("programme:region-read", args=[BEIJING]),
        reverse("programme:region-read", args=[SHENYANG]),
    ):
        page = client_for(shenyang_editor).get(where)
        if page.status_code == 404:
            pytest.fail(where)
        shown = page.content.decode()
        assert measure.title in shown or "本地区推广了" in shown, where
        assert measure.title not in client_for(anonymous).get(where).content.decode()
    found = client_for(shenyang_editor).get("/search/?q=先建后验").content.decode()
    assert measure.title in found


@pytest_db
def test_the_demonstration_is_made_once_and_marked(coordinator: Any):
    actor = Actor.command("tests")
    made = reforms_demonstrate(actor=actor)
    assert made > 3
    assert reforms_demonstrate(actor=actor) == 0
    from duikou.reforms.models import Adoption, ReformMeasure

    assert not ReformMeasure.objects.filter(is_demonstration=False).exists()
    assert not Adoption.objects.filter(is_demonstration=False).exists()
