"""Projects that are parts of others: what may be whose part, and that nothing counts twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.money import Money
from duikou.programme.models import Programme
from duikou.projects.models import Project
from duikou.projects.selectors import pairings_of, project_visible, years
from duikou.projects.selectors.parts import family_of
from duikou.projects.selectors.sums import total
from duikou.projects.services.draft import draft_of
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.services.steps import project_merge
from duikou.projects.services.summaries import summary_verify
from duikou.projects.tests.conftest import office
from duikou.records.models import AuditEvent

SHENYANG, BEIJING, DALIAN = office("210000/210100/"), office("110000/"), office("210000/210200/")
COMMAND = Actor.command("tests")


def lay(child: Project, parent: Project | None, actor: Actor = COMMAND) -> Project:
    """Say that `child` is a part of `parent`."""
    child = Project.objects.get(pk=child.pk)
    draft = replace(draft_of(child), parent=parent)
    return project_update(actor=actor, project_id=child.pk, version=child.version, draft=draft, partial=True)


def test_planned_days_stand_in_their_order(world):
    with pytest.raises(Invalid) as bad:
        world.project(planned_start=dt.date(2026, 5, 1), planned_finish=dt.date(2026, 4, 30))
    assert set(bad.value.fields) == {"planned_finish"}
    project = world.project(planned_start=dt.date(2026, 5, 1), planned_finish=dt.date(2026, 5, 1))
    event = AuditEvent.objects.get(subject_kind="projects.project", subject_id=str(project.pk))
    assert event.after["planned_finish"] == "2026-05-01"


def test_a_project_is_not_a_part_of_itself_nor_of_its_own_parts(world):
    top, middle, low = (world.project(name) for name in ("总体工程", "一标段桥梁", "桥墩浇筑工程"))
    lay(middle, top)
    lay(low, middle)
    for child, parent in ((top, top), (top, middle), (top, low), (middle, low)):
        with pytest.raises(Invalid) as bad:
            lay(child, parent)
        assert set(bad.value.fields) == {"parent"}


def test_a_parent_must_be_of_the_same_programme_and_visible(world):
    other = world.project("大连的项目", "dalian-shanghai")
    mine = world.project()
    with pytest.raises(Invalid) as bad:
        lay(mine, other, SHENYANG)
    assert set(bad.value.fields) == {"parent"}
    with pytest.raises(Invalid):
        project_create(actor=SHENYANG, draft=world.draft("另一个", parent=other))
    foreign = Programme.objects.exclude(pk=world.programme.pk).first()
    Project.objects.filter(pk=other.pk).update(programme=foreign)
    with pytest.raises(Invalid):
        lay(mine, Project.objects.get(pk=other.pk))


def test_parents_and_parts_count_once_each_with_their_own_figures(world):
    top = world.project("总体工程", planned_amount=Money("100"), year=2020)
    for number, amount in enumerate(("30", "70.01")):
        world.project(f"第{number}个子项目", planned_amount=Money(amount), year=2020, parent=top)
    pairings = pairings_of(world.programme)
    sums = total(years(actor=COMMAND, programme=world.programme, pairings=pairings).values())
    assert (sums.count, sums.planned_sum) == (3, 20001)
    family = family_of(actor=COMMAND, project=top, pairings=pairings)
    assert [part.name for part in family.parts] == ["第0个子项目", "第1个子项目"]
    assert family.together is not None
    assert (family.together.count, family.together.planned_sum) == (3, 20001)
    assert not family.doubled
    assert not summary_verify().wrong


def test_a_parent_that_states_the_sum_of_its_parts_is_asked_about(world):
    top = world.project("总体工程", planned_amount=Money("100"))
    for number in (1, 2):
        world.project(f"第{number}个子项目", planned_amount=Money("50"), parent=top)
    assert family_of(actor=COMMAND, project=top, pairings=pairings_of(world.programme)).doubled


def test_parts_and_parents_that_a_viewer_may_not_know_of_are_not_told(world):
    public = world.project("公开的总体工程", visibility="public")
    hidden = world.project("只有两侧知道的子项目", parent=public, planned_amount=Money("5"))
    pairings = pairings_of(world.programme)
    assert family_of(actor=DALIAN, project=public, pairings=pairings).together is None
    Project.objects.filter(pk=hidden.pk).update(visibility="public")
    Project.objects.filter(pk=public.pk).update(visibility="pairing")
    seen = project_visible(actor=DALIAN, project_id=hidden.pk)
    assert family_of(actor=DALIAN, project=seen, pairings=pairings).parent is None


def test_an_editor_who_may_not_know_of_the_parent_leaves_it_as_it_is(world):
    parent = world.project("全省的总体工程", "heilongjiang-guangdong")
    child = world.project("大庆的子项目", "daqing-huizhou", parent=parent)
    draft = replace(draft_of(child), description="补充说明")
    saved = project_update(actor=office("230000/230600/"), project_id=child.pk, version=1, draft=draft)
    assert saved.parent_id == parent.pk


def test_merging_moves_the_parts_and_refuses_a_ring(world):
    kept, duplicate = world.project("启迪科技城"), world.project("清华启迪科技城")
    part = world.project("科技城一标段", parent=duplicate)
    project_merge(actor=COMMAND, kept_id=kept.pk, duplicate_id=duplicate.pk, version=1, reason="重复")
    part.refresh_from_db()
    assert part.parent_id == kept.pk
    with pytest.raises(Conflict):
        project_merge(actor=COMMAND, kept_id=part.pk, duplicate_id=kept.pk, version=2, reason="重复")


def test_the_form_takes_the_number_and_the_page_shows_the_kin(client_for, shenyang_editor, world):
    top = world.project("总体工程")
    child = world.project("子项目", kind=world.kinds["plain"])
    client = client_for(shenyang_editor)
    address = reverse("projects:project-edit", args=[child.pk])
    form = client.get(address).context["form"]
    data = {field.name: field.value() for field in form if field.value() is not None}
    answer = client.post(address, {**data, "parent": "XM999999"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["parent"]
    answer = client.post(address, {**data, "parent": f"{top.number} {top.name}", "planned_finish": "2027-12-31"})
    assert answer.status_code == 302, answer.context["form"].errors
    child.refresh_from_db()
    assert (child.parent_id, child.planned_finish) == (top.pk, dt.date(2027, 12, 31))
    assert "子项目" in client.get(reverse("projects:project", args=[top.pk])).content.decode()
    page = client.get(reverse("projects:project", args=[child.pk])).content.decode()
    assert "总体工程" in page
    assert "2027-12-31" in page


def test_the_type_ahead_offers_what_one_may_know_of(client_for, shenyang_editor, dalian_editor, world):
    project = world.project("启迪科技城")
    address = reverse("projects:project-search")
    assert client_for(shenyang_editor).get(address, {"q": "启迪", "by": "number"}).json()[0]["value"] == project.number
    assert client_for(dalian_editor).get(address, {"q": "启迪"}).json() == []
    assert client_for(shenyang_editor).get(address, {"q": "\x00"}).json() == []
