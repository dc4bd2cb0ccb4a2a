"""Two people at one project at once: nobody's words are lost, nothing is refused without a way on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duikou.kernel.actor import Actor
from duikou.programme.models import Clause, Pairing
from duikou.projects.models import Project
from duikou.projects.services.draft import ProjectDraft, draft_of
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.states import Side

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")


@pytest.fixture
def project(db):
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    draft = ProjectDraft(
        pair.programme, "两人同改的项目", pair, pair.programme.clause_set.get(code="3.2.2"), pair.first_region
    )
    return project_create(actor=COMMAND, draft=draft, reported_by=Side.FIRST)


def opened(client, project):
    """What the edit form posts when nothing is touched."""
    page = client.get(f"/projects/{project.pk}/edit/")
    form = page.context["form"]
    data = {field.name: field.value() for field in form if field.value() not in (None, "", [])}
    return {**data, "base": page.context["base"]}


def meanwhile(project, **changes):
    """Somebody else saves."""
    now = Project.objects.get(pk=project.pk)
    project_update(
        actor=COMMAND, project_id=now.pk, version=now.version, draft=replace(draft_of(now), **changes), partial=True
    )


def test_a_stale_save_keeps_what_the_other_wrote_where_this_person_wrote_nothing(client_for, shenyang_editor, project):
    client = client_for(shenyang_editor)
    data = opened(client, project)
    meanwhile(project, description="对方写的话", year=2019)
    answer = client.post(
        f"/projects/{project.pk}/edit/",
        {**data, "description": "我写的话", "source_note": "我的备注", "reason": "理由"},
    )
    assert answer.status_code == 409
    both = {str(label): (theirs, mine) for label, theirs, mine in answer.context["both"]}
    assert both == {"说明": ("对方写的话", "我写的话"), "来源备注": ("", "我的备注")}
    form = answer.context["form"]
    assert form["description"].value() == "我写的话"
    assert str(form["year"].value()) == "2019"
    assert 'value="理由"' in answer.content.decode()
    again = {field.name: field.value() for field in form if field.value() not in (None, "", [])}
    saved = client.post(f"/projects/{project.pk}/edit/", {**again, "base": answer.context["base"]})
    assert saved.status_code == 302
    project.refresh_from_db()
    assert (project.description, project.source_note, project.year) == ("我写的话", "我的备注", 2019)


def test_a_stale_save_shows_other_clauses_and_choices_in_words(client_for, shenyang_editor, project):
    client = client_for(shenyang_editor)
    data = opened(client, project)
    further = Clause.objects.get(programme=project.programme, code="3.4.2")
    meanwhile(project, further_clauses=(further,))
    answer = client.post(f"/projects/{project.pk}/edit/", {**data, "further_clauses": ["3.2.1"], "clause": "3.2.4"})
    both = {str(label): (theirs, mine) for label, theirs, mine in answer.context["both"]}
    assert both["其他相关条款"][0] == str(further)
    assert both["其他相关条款"][1].startswith("3.2.1 ")
    assert both["任务条款"][0].startswith("3.2.2 ")


def test_a_fault_in_the_form_does_not_lose_the_reason(client_for, shenyang_editor, project):
    client = client_for(shenyang_editor)
    data = opened(client, project)
    answer = client.post(f"/projects/{project.pk}/edit/", {**data, "name": "", "reason": "理由一二三"})
    assert answer.status_code == 400
    assert 'value="理由一二三"' in answer.content.decode()
    assert answer.context["base"] == data["base"]


def test_moving_it_to_a_pairing_of_others_is_refused_at_the_field(client_for, shenyang_editor, project):
    client = client_for(shenyang_editor)
    data = opened(client, project)
    data = {**data, "pairing": "dalian-shanghai", "first_region": "210200", "second_region": "310000", "note": "x"}
    answer = client.post(f"/projects/{project.pk}/edit/", data)
    assert answer.status_code == 400
    assert answer.context["form"].errors["pairing"]


def test_an_objection_to_what_changed_meanwhile_is_not_lost(client_for, beijing_editor, project):
    client = client_for(beijing_editor)
    client.get(f"/projects/{project.pk}/")
    meanwhile(project, year=2019)
    said = {"version": 1, "answer": "contest", "note": "金额应为3.5亿元"}
    answer = client.post(f"/projects/{project.pk}/opinion/", said)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'value="金额应为3.5亿元"' in text
    assert "刚刚被他人修改过" in text
    again = client.post(f"/projects/{project.pk}/opinion/", {**said, "version": answer.context["project"].version})
    assert again.status_code == 302
    project.refresh_from_db()
    assert project.opinion == "contested"


def test_an_empty_objection_is_refused_at_its_field(client_for, beijing_editor, project):
    said = {"version": 1, "answer": "contest", "note": " "}
    answer = client_for(beijing_editor).post(f"/projects/{project.pk}/opinion/", said)
    assert answer.status_code == 400
    assert "请写明异议的内容。" in answer.content.decode()
    assert "<h1>两人同改的项目</h1>" in answer.content.decode()


@pytest.mark.parametrize("step", ["step/negotiate", "correct"])
def test_a_step_on_what_changed_meanwhile_keeps_its_words_and_can_be_taken_again(
    client_for, shenyang_editor, project, step
):
    client = client_for(shenyang_editor)
    meanwhile(project, year=2019)
    data = {"version": 1, "reason": "说明文字", "state": "negotiating"}
    answer = client.post(f"/projects/{project.pk}/{step}/", data)
    assert answer.status_code == 409
    assert "说明文字" in answer.content.decode()
    assert answer.context["form"]["version"].value() == "2"
    assert client.post(f"/projects/{project.pk}/{step}/", {**data, "version": 2}).status_code == 302


@pytest.mark.parametrize("kept", ["self", "XM999999", "不是编号"])
def test_a_merge_that_cannot_be_is_refused_where_it_was_asked_for(client_for, shenyang_editor, project, kept):
    kept = project.number if kept == "self" else kept
    answer = client_for(shenyang_editor).post(f"/projects/{project.pk}/merge/", {"version": 1, "kept": kept})
    assert answer.status_code == 400
    assert answer.context["merge_form"].errors["kept"]
    assert '<details class="dk-card" open>' in answer.content.decode()
