"""Figures on which the two sides differ: said, listed, settled, and never counted twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from duikou.flow.models import InboxItem
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.kernel.money import Bound, Money
from duikou.projects.models import ContestedFigure, Project, ProjectStep
from duikou.projects.selectors import pairings_of
from duikou.projects.selectors.differences import differences_visible
from duikou.projects.services.contested import figure_contest, figure_propose, figure_settle
from duikou.projects.services.draft import draft_of
from duikou.projects.services.figures import figure_fields, figure_typed
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.services.steps import project_merge, project_step
from duikou.projects.services.summaries import summary_verify
from duikou.projects.states import FIGURES, Opinion, ProjectState, Settlement
from duikou.projects.tests.conftest import office
from duikou.records.models import AuditEvent

SHENYANG, BEIJING, DALIAN = office("210000/210100/"), office("110000/"), office("210000/210200/")


@pytest.fixture
def project(world):
    """Reported by 沈阳."""
    draft = world.draft("两地共建产业园", planned_amount=Money("300"), year=2019)
    return project_create(actor=SHENYANG, draft=draft)


def contest(
    project: Project, actor=BEIJING, figure="planned_amount", value="0.05", reason="合同如此"
) -> ContestedFigure:
    return figure_contest(actor=actor, project_id=project.pk, figure=figure, value=value, reason=reason)


def now(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def test_the_second_side_contests_and_the_standing_figure_goes_on_counting(project):
    found = contest(project)
    assert (found.standing, found.value, found.side) == ("300.00", "500.00", "second")
    after = now(project)
    assert after.planned_amount == Money("300")
    assert (after.contested, after.opinion, after.opinion_by) == ("planned_amount", Opinion.CONTESTED, "second")
    assert not summary_verify().wrong
    assert InboxItem.objects.filter(subject_id=str(found.pk), kind="projects.difference", state="open").count() == 2
    event = AuditEvent.objects.get(action="projects.figure.contested")
    assert (event.subject_id, event.reason) == (str(project.pk), "合同如此")


@pytest.mark.parametrize(
    ("outcome", "actor", "amount"),
    [(Settlement.ACCEPTED, SHENYANG, "500"), (Settlement.WITHDRAWN, BEIJING, "300")],
)
def test_one_side_takes_the_value_of_the_other(project, outcome, actor, amount):
    found = contest(project)
    wrong = BEIJING if actor is SHENYANG else SHENYANG
    with pytest.raises(Conflict):
        figure_settle(actor=wrong, difference_id=found.pk, outcome=outcome)
    figure_settle(actor=actor, difference_id=found.pk, outcome=outcome)
    after = now(project)
    assert (after.planned_amount, after.contested, after.opinion) == (Money(amount), "", Opinion.PENDING)
    assert not InboxItem.objects.filter(subject_id=str(found.pk), kind="projects.difference", state="open").exists()
    assert not summary_verify().wrong
    with pytest.raises((Conflict, Forbidden)):
        figure_settle(actor=actor, difference_id=found.pk, outcome=outcome)


def test_both_agree_on_a_third_value(project):
    found = contest(project)
    with pytest.raises(Conflict):
        figure_settle(actor=SHENYANG, difference_id=found.pk, outcome=Settlement.AGREED)
    figure_propose(actor=SHENYANG, difference_id=found.pk, value="约0.04")
    with pytest.raises(Conflict):
        figure_settle(actor=SHENYANG, difference_id=found.pk, outcome=Settlement.AGREED)
    figure_settle(actor=BEIJING, difference_id=found.pk, outcome=Settlement.AGREED)
    after = now(project)
    assert (after.planned_amount, after.planned_bound) == (Money("400"), Bound.ABOUT)
    for value in ("0.05", "0.04", ""):
        with pytest.raises((Invalid, Conflict, Forbidden)):
            figure_propose(actor=SHENYANG, difference_id=found.pk, value=value)


def test_who_may_not_contest(project, world):
    with pytest.raises(Forbidden):
        contest(project, SHENYANG)
    with pytest.raises(Forbidden):
        contest(project, DALIAN)
    for given in ({"value": "0.03"}, {"reason": " "}, {"value": "很多"}, {"figure": "name"}):
        with pytest.raises(Invalid):
            contest(project, **given)
    contest(project)
    with pytest.raises(Conflict):
        contest(project, SHENYANG, value="1")
    assert contest(project, value="2").value == "20000.00"
    assert ContestedFigure.objects.count() == 1


def test_a_contested_figure_changes_only_when_both_settle(project):
    contest(project)
    draft = replace(draft_of(now(project)), planned_amount=Money("500"))
    with pytest.raises(Invalid) as bad:
        project_update(actor=BEIJING, project_id=project.pk, version=now(project).version, draft=draft)
    assert set(bad.value.fields) == {"planned_amount"}
    other = replace(draft_of(now(project)), description="补充")
    project_update(actor=BEIJING, project_id=project.pk, version=now(project).version, draft=other)


def test_a_contested_state_stops_steps_and_is_settled_as_a_correction(project):
    found = contest(project, figure="state", value="已签约")
    with pytest.raises(Conflict):
        project_step(actor=SHENYANG, project_id=project.pk, version=now(project).version, verb="negotiate")
    figure_settle(actor=SHENYANG, difference_id=found.pk, outcome=Settlement.ACCEPTED)
    assert now(project).state == ProjectState.SIGNED
    assert ProjectStep.objects.get(project=project).verb == "correct"
    assert not summary_verify().wrong


def test_every_figure_can_be_kept_and_read_back():
    typed = {"year": "2020", "state": "已开工", "state_as_of": "2019/05/09"}
    for figure in FIGURES:
        text = typed.get(figure, "超3亿元" if figure.endswith("amount") else "2027-12-31")
        fields = figure_fields(figure, figure_typed(figure, text))
        assert fields[figure] not in (None, "")
    assert figure_fields("planned_amount", "") == {"planned_amount": None, "planned_bound": "exact"}
    for figure, text in (("year", "1800"), ("state_as_of", "2999-01-01"), ("state", ""), ("planned_start", "明年")):
        with pytest.raises(Invalid):
            figure_typed(figure, text)


def test_merging_keeps_what_the_other_side_reported_otherwise(project, world):
    draft = world.draft("两地共建的产业园区", planned_amount=Money("450"), year=2019)
    duplicate = project_create(actor=BEIJING, draft=draft)
    project_merge(actor=SHENYANG, kept_id=project.pk, duplicate_id=duplicate.pk, version=1, reason="同一项目")
    found = ContestedFigure.objects.get(project=project)
    assert (found.side, found.value) == ("second", "450.00")
    assert now(project).contested == "planned_amount"
    assert not summary_verify().wrong


def test_strangers_learn_of_no_difference_and_the_list_is_complete(project, world):
    contest(project)
    contest(project, figure="year", value="2020")
    pairings = pairings_of(world.programme)
    seen = {"programme": world.programme, "pairings": pairings}
    assert differences_visible(actor=SHENYANG, **seen).count() == 2
    assert not differences_visible(actor=DALIAN, **seen).exists()
    assert not differences_visible(actor=SHENYANG, **seen, is_open=False).exists()
    other = world.pairings["dalian-shanghai"]
    assert not differences_visible(actor=SHENYANG, **seen, pairing=other).exists()


def test_the_pages_say_mark_and_answer(client_for, project, world, shenyang_editor, beijing_editor, query_counts):
    theirs, ours = client_for(beijing_editor), client_for(shenyang_editor)
    say = reverse("projects:figure-contest", args=[project.pk])
    assert theirs.post(say, {"figure": "planned_amount", "value": "多", "reason": "合同"}).status_code == 400
    assert theirs.post(say, {"figure": "planned_amount", "value": "约0.05", "reason": "合同"}).status_code == 302
    page = ours.get(reverse("projects:project", args=[project.pk])).content.decode()
    assert "采用提出值" in page
    assert "撤回，维持登记值" not in page
    assert "双方不一" in ours.get(reverse("projects:list"), {"programme": "small"}).content.decode()
    listed = reverse("projects:differences")
    ours.get(listed, {"programme": "small"})
    with query_counts("projects.differences"):
        assert project.name in ours.get(listed, {"programme": "small"}).content.decode()
    contest(project, figure="year", value="2020")
    with query_counts("projects.differences"):
        ours.get(listed, {"programme": "small"})
    assert ours.get(listed, {"programme": "small", "pairing": "nowhere"}).status_code == 400
    assert ours.get(reverse("projects:differences-export"), {"programme": "small"}).status_code == 200
    found = ContestedFigure.objects.get(figure="planned_amount")
    answer = reverse("projects:figure-answer", args=[project.pk, found.pk])
    assert ours.post(answer, {"answer": "propose", "value": "?"}).status_code == 400
    assert ours.post(answer, {"answer": "withdrawn"}).status_code == 400
    assert ours.post(answer, {"answer": "accepted"}).status_code == 302
    assert now(project).planned_bound == Bound.ABOUT


def test_a_day_may_be_contested(project):
    found = contest(project, figure="planned_finish", value="2027-12-31")
    figure_settle(actor=SHENYANG, difference_id=found.pk, outcome=Settlement.ACCEPTED)
    assert now(project).planned_finish == dt.date(2027, 12, 31)
