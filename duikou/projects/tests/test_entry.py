"""What is typed for one project: figures in bounds, names that can be read, states that ask for what steps ask for."""

from __future__ import annotations

import datetime as dt

import pytest

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, BoundedMoney, Money
from duikou.programme.models import ProjectKind
from duikou.projects.forms import extra_text, parties_of
from duikou.projects.models import Project
from duikou.projects.rules import Doubt, ValueFault, doubts, money_value, typed_values, value_range
from duikou.projects.services.draft import PartyDraft, checked
from duikou.projects.services.projects import project_create
from duikou.projects.states import ProjectState

FIELDS = [
    {"key": "jobs", "type": "int", "unit": "人", "max": 10_000_000},
    {"key": "share", "type": "decimal", "unit": "%", "min": 0, "max": 100},
    {"key": "change", "type": "decimal", "min": -100},
    {"key": "land", "type": "area", "unit": "亩"},
    {"key": "output", "type": "money", "unit": "元"},
]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("jobs", "-3"),
        ("jobs", "1e9"),
        ("jobs", "-1e-9"),
        ("share", "100.5"),
        ("land", "-0.5"),
        ("land", "1e20"),
        ("output", "-5万元"),
        ("change", "-101"),
    ],
)
def test_a_number_outside_its_bounds_is_refused(key, value):
    fault = typed_values(FIELDS, {key: value}).faults[key]
    assert fault is ValueFault.RANGE or (key == "output" and fault is ValueFault.TYPE)


def test_a_pack_may_allow_negative_numbers():
    assert typed_values(FIELDS, {"change": "-12.5"}).values == {"change": "-12.5"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("约3亿元", {"amount": "300000000", "bound": "about"}),
        ("超5000万元", {"amount": "50000000", "bound": "at_least"}),
        ("1200", "1200"),
        ("3.10", "3.10"),
    ],
)
def test_money_of_a_kind_reads_as_the_main_amounts_do_and_comes_back_as_typed(text, kept):
    values = typed_values(FIELDS, {"output": text}).values
    assert values == {"output": kept}
    assert typed_values(FIELDS, values).values == values
    assert typed_values(FIELDS, {"output": extra_text(kept)}).values == values


def test_a_kept_amount_shows_with_its_bound():
    assert money_value({"amount": "300000000", "bound": "about"}) == BoundedMoney(Money("300000000"), Bound.ABOUT)


def test_bounds_have_sensible_defaults():
    assert value_range({"type": "int"})[0] == 0
    assert value_range({"type": "money", "unit": "万元"}) == (0, 10**8)


def test_completed_money_above_planned_or_signed_raises_a_doubt_unless_a_bound_allows_it():
    ten, nine = BoundedMoney(Money(10)), BoundedMoney(Money(9))
    assert doubts(ten, planned=nine, signed=nine) == (Doubt.OVER_PLANNED, Doubt.OVER_SIGNED)
    assert doubts(nine, planned=nine, signed=None) == ()
    assert doubts(ten, planned=BoundedMoney(Money(9), Bound.AT_LEAST), signed=None) == ()
    assert doubts(BoundedMoney(Money(10), Bound.AT_MOST), planned=nine, signed=nine) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (ProjectState.SIGNED, {"parties", "state_as_of"}),
        (ProjectState.CLOSED, {"parties", "state_as_of"}),
        (ProjectState.TERMINATED, {"description"}),
        (ProjectState.LEAD, set()),
    ],
)
def test_registering_in_a_state_asks_for_what_the_steps_there_ask_for(world, state, fields):
    draft = world.draft(state=state)
    if not fields:
        assert project_create(actor=Actor.command("tests"), draft=draft).state == state
        return
    with pytest.raises(Invalid) as bad:
        project_create(actor=Actor.command("tests"), draft=draft)
    assert set(bad.value.fields) == fields
    full = world.draft(
        state=state, parties=(PartyDraft("东软"),), state_as_of=dt.date(2020, 1, 1), description="市场变化"
    )
    assert project_create(actor=Actor.command("tests"), draft=full).state == state


@pytest.mark.django_db
def test_invisible_characters_do_not_stay_in_a_name(world):
    name = "深\u200b哈\u202e产\x00业\u2066园\x85\t一\n期\u00ad"
    assert checked(world.draft(name)).name == "深哈产业园 一 期"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["😀😀", "！！！", "—"])
def test_a_name_without_a_word_is_told_so(world, name):
    with pytest.raises(Invalid) as bad:
        checked(world.draft(name))
    assert "不能只有符号或表情" in str(bad.value.fields["name"][0])


@pytest.mark.django_db
def test_the_same_party_counts_once_and_too_many_are_refused(world):
    same = tuple(PartyDraft("东软集团") for _ in range(300))
    assert len(checked(world.draft(parties=same)).parties) == 1
    with pytest.raises(Invalid) as bad:
        checked(world.draft(parties=tuple(PartyDraft(f"单位{n}") for n in range(101))))
    assert "100" in str(bad.value.fields["parties"][0])


def test_a_party_written_twice_is_named():
    with pytest.raises(Exception, match="东软集团"):
        parties_of("东软集团 | 甲\n东软集团|甲")


@pytest.fixture
def registering(client_for, shenyang_editor):
    kind = ProjectKind.objects.get(programme__code="northeast-east-2017", code="investment_equipment")
    client = client_for(shenyang_editor)

    def post(**given):
        data = {
            "name": "机器人产业园",
            "pairing": "shenyang-beijing",
            "clause": "3.2.1",
            "state": "lead",
            "visibility": "pairing",
            **given,
        }
        return client.post(f"/projects/new/?kind={kind.code}", data)

    return post


@pytest.mark.django_db
def test_money_beyond_what_was_planned_is_asked_about_once(registering):
    figures = {"planned_amount": "1亿元", "completed_amount": "2亿元"}
    asked = registering(**figures)
    assert asked.status_code == 409
    assert "完成投资大于计划投资" in asked.content.decode()
    assert registering(**figures, figures_right="1").status_code == 302
    page = Project.objects.get(name="机器人产业园")
    assert page.completed_amount == Money("200000000")


@pytest.mark.django_db
def test_faults_of_a_kinds_own_fields_stand_at_them_with_the_limits(registering):
    text = registering(extra_jobs="-3", extra_annual_output="约3亿元", industry="C34").content.decode()
    assert "应在0至10,000,000人之间" in text
    assert 'data-label="34 通用设备制造业"' in text
    assert registering(extra_jobs="30", extra_annual_output="约3亿元").status_code == 302
    project = Project.objects.get(name="机器人产业园")
    assert project.extra == {"jobs": 30, "annual_output": {"amount": "300000000", "bound": "about"}}


@pytest.mark.django_db
def test_a_text_with_a_nul_is_told_what_to_do(registering):
    assert "看不见的控制字符" in registering(name="机器人\x00").content.decode()


@pytest.mark.django_db
def test_a_clause_named_as_a_further_one_is_counted_on_its_page_and_listed(client_for, coordinator, world):
    further = Project.objects.first() or world.project(further_clauses=(world.clauses["4.2"],))
    client = client_for(coordinator)
    listed = client.get("/projects/", {"programme": "small", "clause": "4.2", "further": "on"})
    assert [project.pk for project, _cells in listed.context["rows"]] == [further.pk]
    assert client.get("/projects/", {"programme": "small", "clause": "4.2"}).context["count"].number == 0
    assert "全部1个" in client.get("/programmes/small/clauses/4.2/").content.decode()
