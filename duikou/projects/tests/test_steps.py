"""The dates of each step."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from duikou.projects.models import Project, ProjectStep
from duikou.projects.services.draft import PartyDraft
from duikou.projects.services.steps import project_state_correct, project_step
from duikou.projects.states import ProjectState
from duikou.projects.tests.conftest import office

SHENYANG = office("210000/210100/")


def told(project: Project) -> list[tuple[str, str, str, dt.date | None]]:
    rows = ProjectStep.objects.filter(project=project)
    return [(row.verb, row.from_state, row.to_state, row.taken_on) for row in rows]


def test_every_step_leaves_its_date_and_a_correction_too(world):
    project = world.project(parties=(PartyDraft("甲公司"),))
    assert told(project) == []
    day = dt.date(2024, 5, 6)
    project_step(actor=SHENYANG, project_id=project.pk, version=1, verb="sign", on=day)
    project_step(actor=SHENYANG, project_id=project.pk, version=2, verb="suspend", reason="资金未到位")
    project_state_correct(
        actor=SHENYANG, project_id=project.pk, version=3, state=ProjectState.SIGNED, reason="记错了", on=day
    )
    assert told(project) == [
        ("sign", "lead", "signed", day),
        ("suspend", "signed", "suspended", None),
        ("correct", "suspended", "signed", day),
    ]
    assert ProjectStep.objects.filter(project=project, verb="suspend").get().reason == "资金未到位"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, []),
        (
            {"state": ProjectState.STARTED, "state_as_of": dt.date(2020, 1, 2)},
            [("register", "", "started", dt.date(2020, 1, 2))],
        ),
        ({"state": ProjectState.SIGNED}, [("register", "", "signed", None)]),
        ({"state_as_of": dt.date(2020, 1, 2)}, [("register", "", "lead", dt.date(2020, 1, 2))]),
    ],
)
def test_a_project_registered_in_a_later_state_says_what_is_known(world, given, kept):
    assert told(world.project(**given)) == kept


def test_the_page_lists_the_dates(client_for, shenyang_editor, world):
    project = world.project(state=ProjectState.SIGNED, state_as_of=dt.date(2019, 3, 4))
    page = client_for(shenyang_editor).get(reverse("projects:project", args=[project.pk])).content.decode()
    assert "登记时的状态" in page
    assert "2019-03-04" in page
