"""The overview: every figure is the list behind it."""

from __future__ import annotations

import random

import pytest

from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft, checked
from duikou.projects.services.projects import projects_create_many
from duikou.projects.services.statistics import StatisticDraft, statistic_record
from duikou.projects.states import ProjectState, Visibility

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")


@pytest.fixture
def many(db):
    """Registers projects all over the programme."""
    pairings = list(
        Pairing.objects.filter(programme__code="northeast-east-2017", second_region__isnull=False).select_related(
            "programme", "first_region", "second_region"
        )
    )
    programme = pairings[0].programme
    clauses = [*programme.clause_set.filter(is_task=True), programme.clause_set.get(code="4.3")]

    def register(count, seed=1):
        chance = random.Random(seed)
        drafts = []
        for number in range(count):
            pairing = chance.choice(pairings)
            drafts.append(
                checked(
                    ProjectDraft(
                        programme,
                        f"项目{seed}-{number}",
                        pairing,
                        chance.choice(clauses),
                        pairing.first_region,
                        state=chance.choice(list(ProjectState)),
                        visibility=chance.choice(list(Visibility)),
                        year=chance.choice([None, 2018, 2019, 2020]),
                        signed_amount=chance.choice([None, Money(chance.randrange(10**9))]),
                        completed_amount=chance.choice([None, Money(chance.randrange(10**8))]),
                    )
                )
            )
        return projects_create_many(actor=COMMAND, drafts=drafts)

    return register


@pytest.mark.parametrize("who", ["coordinator", "shenyang_editor", "cadre_officer", "member"])
def test_every_cell_counts_exactly_the_list_behind_it(request, client_for, many, who):
    many(120)
    client = client_for(request.getfixturevalue(who))
    context = client.get("/overview/").context
    matrix = context["matrix"]
    cells = [cell for row in matrix["rows"] for cell in row["cells"] if cell]
    assert sum(cell["count"] for cell in cells) == context["totals"].count
    assert matrix["totals"][-1] == context["totals"].count
    assert len(cells) > 10
    chosen = cells[:: max(1, len(cells) // 12)]
    for cell in chosen:
        page = client.get(cell["url"]).context
        assert page["count"].number == cell["count"]
        assert len(page["page"].rows) == cell["count"]
        assert cell["count"] == sum(cell[name] for name in ("planned", "moving", "done", "blocked"))
    for row in [*matrix["rows"], *matrix["columns"], *context["trend"]["rows"]]:
        number = client.get(row["url"]).context["count"].number
        assert number == (row.get("total", row.get("projects", number)))


def test_reported_statistics_stand_apart(client_for, coordinator, many):
    many(5)
    before = client_for(coordinator).get("/overview/").context["totals"]
    programme = Pairing.objects.get(programme__code="northeast-east-2017", code="harbin-shenzhen").programme
    statistic_record(
        actor=COMMAND, draft=StatisticDraft(programme, "深哈合作项目119个", amount=Money("113680000000"), year=2024)
    )
    answer = client_for(coordinator).get("/overview/")
    assert answer.context["totals"] == before
    assert "公开报道口径，不与项目合计" in answer.content.decode()
    assert "深哈合作项目119个" in answer.content.decode()


def test_an_operator_is_told_why_there_is_nothing(client_for, operator):
    answer = client_for(operator).get("/overview/")
    assert answer.status_code == 403
    assert "管理模式" in answer.content.decode()


def test_queries_do_not_grow_with_projects(client_for, coordinator, shenyang_editor, many, query_counts):
    for seed in (1, 2):
        many(60, seed)
        for name, person in (("desk.overview", coordinator), ("desk.overview.office", shenyang_editor)):
            client = client_for(person)
            client.get("/overview/")
            with query_counts(name):
                client.get("/overview/")


def test_an_empty_overview_says_why_to_each_reader(client_for, member, shenyang_editor):
    assert "贵单位列为合作单位" in client_for(member).get("/overview/").content.decode()
    assert "导入或登记之后" in client_for(shenyang_editor).get("/overview/").content.decode()
