"""What the kind of a project asks for before its steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Money
from duikou.projects.models import Project
from duikou.projects.selectors.gates import gates_lacking, gates_of, gates_open
from duikou.projects.services.draft import PartyDraft, draft_of
from duikou.projects.services.projects import project_update
from duikou.projects.services.steps import project_state_correct, project_step
from duikou.projects.states import PartyRole, ProjectState, Side
from duikou.projects.tests.conftest import office
from duikou.records.services.evidence import evidence_add

SHENYANG = office("210000/210100/")
DAY = dt.date(2024, 5, 6)
GATES = [
    {"verb": "sign", "field": "", "file": "合作协议", "file_en": "Agreement", "words": ["协议", "合同"]},
    {"verb": "sign", "field": "signed_amount", "file": "", "file_en": "", "words": []},
    {"verb": "sign", "field": "lead_first", "file": "", "file_en": "", "words": []},
    {"verb": "start", "field": "planned_finish", "file": "", "file_en": "", "words": []},
    {"verb": "start", "field": "residents", "file": "", "file_en": "", "words": []},
]


@pytest.fixture
def project(world):
    kind = world.kinds["park"]
    kind.gates = GATES
    kind.save()
    return world.project(kind=kind, parties=(PartyDraft("甲公司"),))


def fill(project: Project, **facts) -> Project:
    project.refresh_from_db()
    draft = replace(draft_of(project), **facts)
    return project_update(actor=SHENYANG, project_id=project.pk, version=project.version, draft=draft, partial=True)


def test_a_step_is_refused_until_all_that_its_kind_asks_for_is_there(project):
    with pytest.raises(Invalid) as bad:
        project_step(actor=SHENYANG, project_id=project.pk, version=1, verb="sign", on=DAY)
    said = str(bad.value.fields[""][0])
    assert "签约金额" in said
    assert "合作协议" in said
    assert "牵头单位" in said
    fill(project, signed_amount=Money("5"), parties=(PartyDraft("甲公司", Side.FIRST, PartyRole.LEAD),))
    evidence_add(actor=SHENYANG, subject=project, file=SimpleUploadedFile("照片.txt", b"1"), note="现场")
    assert [gate.text[:7] for gate in gates_open(Project.objects.get(pk=project.pk), "sign")] == ["附件：合作协议"]
    evidence_add(actor=SHENYANG, subject=project, file=SimpleUploadedFile("扫描件.txt", b"2"), note="双方合同")
    project_step(actor=SHENYANG, project_id=project.pk, version=2, verb="sign", on=DAY)
    with pytest.raises(Invalid):
        project_step(actor=SHENYANG, project_id=project.pk, version=3, verb="start", on=DAY)
    fill(project, planned_finish=DAY, extra={"residents": 3})
    project_step(actor=SHENYANG, project_id=project.pk, version=4, verb="start", on=DAY)


def test_records_of_the_past_and_corrections_pass_and_the_page_says_what_they_lack(
    project, client_for, shenyang_editor
):
    project_state_correct(
        actor=SHENYANG, project_id=project.pk, version=1, state=ProjectState.SIGNED, reason="早已签约"
    )
    project.refresh_from_db()
    assert len(gates_lacking(project, gates_of(project))) == 3
    page = client_for(shenyang_editor).get(reverse("projects:project", args=[project.pk])).content.decode()
    assert "已到达的状态，记录缺少" in page
    assert f"{reverse('projects:project-edit', args=[project.pk])}#id_signed_amount" in page


def test_the_refused_step_says_what_is_missing_with_links(project, client_for, shenyang_editor):
    address = reverse("projects:project-step", args=[project.pk, "sign"])
    client = client_for(shenyang_editor)
    assert "#id_signed_amount" in client.get(address).content.decode()
    answer = client.post(address, {"version": 1, "state_as_of": "2024-05-06"})
    assert answer.status_code == 400
    assert "这一步之前还要补齐：" in answer.content.decode()


def test_a_project_without_a_kind_asks_for_no_more_than_the_lifecycle(world, django_assert_num_queries):
    project = Project.objects.select_related("kind").get(pk=world.project().pk)
    with django_assert_num_queries(0):
        assert gates_of(project) == []
