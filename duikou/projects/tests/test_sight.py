"""What a viewer may not know of, no list, search, count, export, sum or matrix reveals: all agree with one oracle."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.access.models import Organisation
from duikou.access.states import OrganisationKind
from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.keyset import Order, rows_walk
from duikou.kernel.money import Money
from duikou.projects import selectors
from duikou.projects.models import Project
from duikou.projects.selectors import ListFilter, Totals, total
from duikou.projects.services.draft import PartyDraft
from duikou.projects.states import ProjectState, StateGroup, Visibility, states_of
from duikou.projects.tests.conftest import World, build, office

PLACES = {
    "heilongjiang-guangdong": [("230000", "440000"), ("230600", "440000"), ("230200", "440100")],
    "daqing-huizhou": [("230600", "441300")],
    "qiqihar-guangzhou": [("230200", "440100")],
    "shenyang-beijing": [("210100", "110000")],
}
projects = st.lists(
    st.fixed_dictionaries(
        {
            "where": st.sampled_from([(code, sides) for code, many in PLACES.items() for sides in many]),
            "clause": st.sampled_from(["3.2.1", "3.2.2", "4.2"]),
            "visibility": st.sampled_from(list(Visibility)),
            "state": st.sampled_from([ProjectState.LEAD, ProjectState.STARTED, ProjectState.CLOSED]),
            "year": st.none() | st.integers(2018, 2020),
            "signed_amount": st.none() | st.integers(0, 10**9).map(Money.from_cents),
            "party": st.booleans(),
        }
    ),
    max_size=12,
)


def viewers(organisation: Organisation) -> dict[str, Actor]:
    def person(role: Role, **more: Any) -> Actor:
        return Actor(kind=ActorKind.PERSON, role=role, name="某人", account_id=1, **more)

    return {
        "coordinator": person(Role.COORDINATOR),
        "auditor": person(Role.AUDITOR),
        "heilongjiang": office("230000/"),
        "daqing": office("230000/230600/"),
        "guangdong": office("440000/", Role.CADRE_OFFICER),
        "guangzhou": office("440000/440100/", Role.OFFICE_LEAD),
        "beijing": office("110000/"),
        "shenyang district": office("210000/210100/210102/"),
        "member": person(Role.MEMBER, organisation_id=organisation.pk),
        "unit without organisation": person(Role.UNIT),
        "operator": person(Role.OPERATOR),
        "operator in admin mode": person(Role.OPERATOR, admin_mode_id=1),
        "anonymous": Actor.anonymous(),
        "job": Actor.job("测试"),
    }


def may_see(actor: Actor, project: Project, organisation: Organisation) -> bool:
    """The oracle: plain Python over one project."""
    if actor.sees_all or actor.kind is ActorKind.JOB:
        return True
    if actor.role in {Role.OPERATOR, Role.PUBLIC}:
        return False
    if project.visibility == Visibility.PUBLIC:
        return True
    if actor.region_path:
        places = [project.first_region, project.second_region]
        sides = [project.pairing.first_region, project.pairing.second_region, *places]
        return any(side is not None and side.path.startswith(actor.region_path) for side in sides)
    return bool(actor.organisation_id) and any(
        party.organisation_id == actor.organisation_id for party in project.parties.all()
    )


def totals_of(many: list[Project]) -> tuple[int, int, int]:
    known = [project.signed_amount.cents for project in many if project.signed_amount is not None]
    return len(many), sum(known), len(many) - len(known)


def shape(sums: Totals) -> tuple[int, int, int]:
    return sums.count, sums.signed_sum, sums.signed_unknown


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=projects)
def test_lists_counts_search_export_sums_and_matrix_agree_with_the_oracle(db: None, made: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        world = build()
        organisation = Organisation.objects.create(
            name="可见性测试企业", kind=OrganisationKind.choices[0][0], region=world.regions["110000"]
        )
        for number, facts in enumerate(made):
            _register(world, organisation, number, dict(facts))
        rows = list(
            Project.objects.select_related(
                "pairing__first_region", "pairing__second_region", "first_region", "second_region", "clause"
            ).prefetch_related("parties")
        )
        for name, actor in viewers(organisation).items():
            _agrees(world, name, actor, [row for row in rows if may_see(actor, row, organisation)])
        transaction.set_rollback(True)


def _register(world: World, organisation: Organisation, number: int, facts: dict[str, Any]) -> None:
    (pairing, (first, second)), party = facts.pop("where"), facts.pop("party")
    world.project(
        f"项目{number}",
        pairing,
        first_region=world.regions[first],
        second_region=world.regions[second],
        parties=(PartyDraft(organisation.name, organisation_id=organisation.pk),) if party else (),
        **facts,
    )


def _agrees(world: World, name: str, actor: Actor, truth: list[Project]) -> None:
    pairings = selectors.pairings_of(world.programme)
    about: dict[str, Any] = {"actor": actor, "programme": world.programme, "pairings": pairings}
    for wanted, kept in (
        (ListFilter(), truth),
        (ListFilter(text="项目"), truth),
        (ListFilter(visibility="pairing"), [p for p in truth if p.visibility == "pairing"]),
        (ListFilter(year_from=2019), [p for p in truth if p.year and p.year >= 2019]),
        (ListFilter(year_unknown=True), [p for p in truth if p.year is None]),
        (ListFilter(clause=world.clauses["3.2"]), [p for p in truth if p.clause.code.startswith("3.2")]),
        (ListFilter(other_clauses=True), [p for p in truth if p.clause.code == "4.2"]),
        (ListFilter(groups=(StateGroup.MOVING,)), [p for p in truth if p.state == "started"]),
        (
            ListFilter(pairing=world.pairings["daqing-huizhou"], states=("lead",), year_to=2019),
            [
                p
                for p in truth
                if p.pairing.code == "daqing-huizhou" and p.state == "lead" and p.year and p.year <= 2019
            ],
        ),
    ):
        query = selectors.list_query(wanted=wanted, **about)
        walked = [row.pk for chunk in rows_walk(query, Order("signed_sort", descending=True), size=3) for row in chunk]
        assert sorted(walked) == sorted(p.pk for p in kept), name
        assert selectors.list_count(wanted=wanted, query=query, **about).number == len(kept), (name, wanted)
    visible = selectors.projects_visible(actor=actor).filter(programme=world.programme)
    assert set(visible.values_list("pk", flat=True)) == {project.pk for project in truth}, name
    cells = selectors.cells(**about)
    assert shape(total(cell.totals for cell in cells)) == totals_of(truth), name
    for cell in cells:
        root = {p.pk for p in pairings if p.pk == cell.pairing_id or p.parent_id == cell.pairing_id}
        states = {state.value for state in states_of([cell.group])}
        inside = [p for p in truth if p.pairing_id in root and p.clause_id == cell.clause_id and p.state in states]
        assert shape(cell.totals) == totals_of(inside), name
    assert {year: shape(sums) for year, sums in selectors.years(**about).items()} == {
        year: totals_of([p for p in truth if p.year == year]) for year in {p.year for p in truth}
    }, name


@pytest.mark.parametrize("role", [Role.UNIT, Role.MEMBER])
def test_an_organisation_sees_what_it_takes_part_in_and_no_more(world: World, role: Role) -> None:
    organisation = Organisation.objects.create(
        name="参与企业", kind=OrganisationKind.choices[0][0], region=world.regions["110000"]
    )
    own = world.project("自己的", parties=(PartyDraft("参与企业", organisation_id=organisation.pk),))
    world.project("别人的")
    public = world.project("公开的", visibility=Visibility.PUBLIC)
    actor = Actor(kind=ActorKind.PERSON, role=role, name="某人", organisation_id=organisation.pk)
    assert set(selectors.projects_visible(actor=actor).filter(programme=world.programme)) == {own, public}
