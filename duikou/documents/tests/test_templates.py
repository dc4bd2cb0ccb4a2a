"""Templates of an office: who may replace them, what is kept, and what papers are made with."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import Any

import docx as word
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from duikou.access.models import Membership
from duikou.documents.models import PaperTemplate
from duikou.documents.selectors.templates import templates_usable
from duikou.documents.services import word_styles
from duikou.documents.services.template_examples import example
from duikou.documents.services.templates import (
    TemplateRefused,
    template_add,
    template_bytes,
    template_use,
    template_withdraw,
)
from duikou.documents.services.word import docx
from duikou.documents.states import TemplateKind
from duikou.documents.tests.test_template_check import with_line
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.plans.models import PlanVersion
from duikou.records.models import AuditEvent, Blob, Evidence

TEXT = TemplateKind.TEXT
OURS, THEIRS = "沈阳市对口合作办公室专用", "北京市对口合作办公室专用"


def brought(person: Any, line: str = OURS, kind: TemplateKind = TEXT) -> PaperTemplate:
    return template_add(actor=person.actor, kind=kind, name="模板.docx", data=with_line(line))


def used(person: Any, line: str = OURS, kind: TemplateKind = TEXT) -> PaperTemplate:
    return template_use(actor=person.actor, template_id=brought(person, line, kind).pk)


def paper(client: Any, version: PlanVersion, **asked: str) -> str:
    """The words of the Word paper."""
    answer = client.get(reverse("documents:file", args=[version.pk, "docx"]), {"kind": "text", **asked})
    assert answer.status_code == 200
    letter = word.Document(io.BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(line.text for line in letter.paragraphs)


def test_a_lead_brings_a_template_and_papers_of_the_office_are_made_with_it(
    version: PlanVersion, client_for: Any, shenyang_lead: Any, shenyang_editor: Any, coordinator: Any
) -> None:
    row = brought(shenyang_lead)
    assert not row.is_current
    assert OURS not in paper(client_for(shenyang_editor), version)
    template_use(actor=shenyang_lead.actor, template_id=row.pk)
    assert OURS in paper(client_for(shenyang_editor), version)
    event = AuditEvent.objects.filter(action="documents.paper.made").latest("id")
    assert row.digest in str(event.after)
    assert "沈阳市第1版" in str(event.after)
    assert OURS not in paper(client_for(shenyang_editor), version, template="shipped")
    event = AuditEvent.objects.filter(action="documents.paper.made").latest("id")
    assert "shipped" in str(event.after)
    assert OURS not in paper(client_for(coordinator), version)


def test_for_joint_papers_either_sides_template_can_be_chosen_and_a_strangers_cannot(
    version: PlanVersion, client_for: Any, shenyang_lead: Any, beijing_lead: Any, dalian_lead: Any
) -> None:
    used(shenyang_lead)
    other = used(beijing_lead, THEIRS)
    stranger = used(dalian_lead, "大连")
    client = client_for(shenyang_lead)
    assert OURS in paper(client, version)
    assert THEIRS in paper(client, version, template=str(other.region_id))
    answer = client.get(
        reverse("documents:file", args=[version.pk, "docx"]), {"kind": "text", "template": str(stranger.region_id)}
    )
    assert answer.status_code == 400
    pairing = version.plan.pairing
    assert (
        next(row.region_id for row in templates_usable(actor=shenyang_lead.actor, pairing=pairing)) != other.region_id
    )
    assert {row.pk for row in templates_usable(actor=dalian_lead.actor, pairing=pairing)} == {stranger.pk}


def test_the_page_says_whose_template_is_used_and_shows_the_word_paper(
    version: PlanVersion, client_for: Any, shenyang_lead: Any, beijing_editor: Any
) -> None:
    where = reverse("documents:paper", args=[version.pk])
    assert "Word文件使用的模板：平台模板" in client_for(shenyang_lead).get(where).content.decode()
    used(shenyang_lead)
    page = client_for(shenyang_lead).get(where).content.decode()
    assert "Word文件使用的模板：沈阳市的模板第1版" in page
    assert OURS in page
    other = client_for(beijing_editor).get(where).content.decode()
    assert "Word文件使用的模板：平台模板" in other
    assert "沈阳市的模板" in other


def test_every_version_stays_and_a_former_one_or_the_shipped_one_can_be_used_again(shenyang_lead: Any) -> None:
    first, second = used(shenyang_lead, "第一"), used(shenyang_lead, "第二")
    rows = PaperTemplate.objects.filter(region=first.region_id, kind="text")
    assert (second.number, rows.get(is_current=True).pk) == (2, second.pk)
    template_use(actor=shenyang_lead.actor, template_id=first.pk)
    template_use(actor=shenyang_lead.actor, template_id=first.pk)
    assert rows.get(is_current=True).pk == first.pk
    template_withdraw(actor=shenyang_lead.actor, kind=TEXT)
    template_withdraw(actor=shenyang_lead.actor, kind=TEXT)
    assert not rows.filter(is_current=True).exists()
    assert rows.count() == 2
    assert [hashlib.sha256(template_bytes(row)).hexdigest() for row in (first, second)] == [first.digest, second.digest]
    events = AuditEvent.objects.filter(action__startswith="documents.template.").order_by("id")
    assert [event.action.rsplit(".", 1)[1] for event in events] == [
        *("uploaded", "used", "uploaded", "used", "used", "withdrawn")
    ]
    assert len({event.subject_id for event in events}) == 1


def test_the_file_is_evidence_that_nobody_takes_away(client_for: Any, shenyang_lead: Any, beijing_lead: Any) -> None:
    row = brought(shenyang_lead)
    link = Evidence.objects.get(subject_kind="documents.papertemplate", subject_id=str(row.pk))
    assert link.blob.digest == row.digest
    client = client_for(shenyang_lead)
    assert client.get(reverse("records:evidence", args=[link.pk])).status_code == 200
    assert client_for(beijing_lead).get(reverse("records:evidence", args=[link.pk])).status_code == 404
    assert client.post(reverse("records:evidence-remove", args=[link.pk])).status_code == 403
    assert Evidence.objects.filter(pk=link.pk).exists()


def test_the_same_file_twice_is_said_and_not_kept(shenyang_lead: Any) -> None:
    data = with_line("同一份")
    template_add(actor=shenyang_lead.actor, kind=TEXT, name="a.docx", data=data)
    with pytest.raises(Invalid, match="第1版相同"):
        template_add(actor=shenyang_lead.actor, kind=TEXT, name="b.docx", data=data)


def test_what_is_refused_is_not_kept(client_for: Any, shenyang_lead: Any) -> None:
    where = reverse("documents:template", args=["text"])
    file = SimpleUploadedFile("模板.docx", with_line("文号{{ numbr }}", "{{ date.year }}"))
    answer = client_for(shenyang_lead).post(where, {"file": file})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "文号{{ numbr }}" in page
    assert "没有“numbr”这个字段" in page
    assert "“date”没有下级字段" in page
    assert not PaperTemplate.objects.exists()
    assert not AuditEvent.objects.filter(action="documents.template.uploaded").exists()


def test_from_the_page_a_template_is_brought_tried_and_used(client_for: Any, shenyang_lead: Any) -> None:
    client = client_for(shenyang_lead)
    shipped = client.get(reverse("documents:template-shipped", args=["notice"]))
    data = b"".join(shipped.streaming_content)
    file = SimpleUploadedFile("../通知.docx", data)
    answer = client.post(reverse("documents:template", args=["notice"]), {"file": file, "note": "初稿"}, follow=True)
    page = answer.content.decode()
    row = PaperTemplate.objects.get()
    assert (row.name, row.note, row.number) == ("通知.docx", "初稿", 1)
    assert "对口合作年度工作计划》的通知" in page
    trial = client.get(reverse("documents:template-trial", args=[row.pk]))
    assert b"".join(trial.streaming_content)[:2] == b"PK"
    page = client.post(reverse("documents:template-use", args=[row.pk]), follow=True).content.decode()
    assert "自有模板第1版" in page
    page = client.post(reverse("documents:template-withdraw", args=["notice"]), follow=True).content.decode()
    assert "现在使用平台模板" in page
    assert b"".join(client.get(reverse("documents:template-file", args=[row.pk])).streaming_content) == data


@pytest.mark.parametrize("file", [None, SimpleUploadedFile("a.docx", b""), SimpleUploadedFile("a.txt", b"x")])
def test_an_empty_or_other_file_gets_a_word_at_its_field(client_for: Any, shenyang_lead: Any, file: Any) -> None:
    answer = client_for(shenyang_lead).post(
        reverse("documents:template", args=["text"]), {"file": file} if file else {}
    )
    assert answer.status_code == 400
    assert b"invalid-feedback" in answer.content


def test_an_editor_looks_but_does_not_replace_and_an_administrator_of_the_office_may(
    client_for: Any, shenyang_lead: Any, shenyang_editor: Any
) -> None:
    row = brought(shenyang_lead)
    client = client_for(shenyang_editor)
    page = client.get(reverse("documents:template", args=["text"]))
    assert "负责人或本单位管理员" in page.content.decode()
    assert client.get(reverse("documents:template-version", args=[row.pk])).status_code == 200
    assert client.post(reverse("documents:template-use", args=[row.pk])).status_code == 403
    assert client.post(reverse("documents:template-withdraw", args=["text"])).status_code == 403
    with pytest.raises(Forbidden):
        brought(shenyang_editor)
    chief = replace(shenyang_editor.actor, is_organisation_admin=True)
    assert template_use(actor=chief, template_id=row.pk).is_current


def test_another_office_learns_nothing_and_other_posts_are_told_why(
    client_for: Any, shenyang_lead: Any, dalian_lead: Any, coordinator: Any, member: Any, unit: Any
) -> None:
    row = brought(shenyang_lead)
    for page in ("version", "file", "trial"):
        assert client_for(dalian_lead).get(reverse(f"documents:template-{page}", args=[row.pk])).status_code == 404
    assert client_for(dalian_lead).post(reverse("documents:template-use", args=[row.pk])).status_code == 404
    with pytest.raises(NotFound):
        template_use(actor=dalian_lead.actor, template_id=row.pk)
    for person in (coordinator, member, unit):
        assert client_for(person).get(reverse("documents:templates")).status_code == 403
    assert client_for(shenyang_lead).get("/papers/templates/elephant/").status_code == 404


def test_a_lead_of_the_province_does_not_hold_the_templates_of_its_cities(shenyang_lead: Any) -> None:
    row = brought(shenyang_lead)
    post = Membership.objects.select_related("region").get(pk=shenyang_lead.membership.pk)
    above = replace(shenyang_lead.actor, region_id=post.region.parent_id, region_path=post.region.parent.path)
    with pytest.raises(NotFound):
        template_use(actor=above, template_id=row.pk)


def test_a_file_that_is_gone_or_was_changed_makes_no_paper(
    version: PlanVersion, client_for: Any, shenyang_lead: Any
) -> None:
    row = used(shenyang_lead)
    path = Blob(digest=row.digest).path
    default_storage.delete(path)
    with pytest.raises(Conflict):
        template_bytes(row)
    client, where = client_for(shenyang_lead), reverse("documents:file", args=[version.pk, "docx"])
    answer = client.get(where, {"kind": "text"})
    assert answer.status_code == 409
    assert "请改用平台模板" in answer.content.decode()
    assert client.get(where, {"kind": "text", "template": "shipped"}).status_code == 200


def test_a_template_that_is_not_fit_any_more_is_not_put_to_use(shenyang_lead: Any) -> None:
    row = brought(shenyang_lead)
    PaperTemplate.objects.filter(pk=row.pk).update(kind="table")
    with pytest.raises(TemplateRefused) as refused:
        template_use(actor=shenyang_lead.actor, template_id=row.pk)
    assert any("issuers" in fault.reason for fault in refused.value.faults)


def test_the_fields_are_listed_and_can_be_taken_along(client_for: Any, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    page = client.get(reverse("documents:template-fields", args=["text"])).content.decode()
    assert "{{ addressee }}" in page
    assert "各区县人民政府，市政府各部门：" in page
    file = b"".join(client.get(reverse("documents:template-fields-file", args=["text"])).streaming_content)
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert ["{{ row.title }}", "事项", "共建产业园"] in rows


def test_more_versions_cost_no_more_queries(client_for: Any, shenyang_lead: Any, query_counts: Any) -> None:
    client = client_for(shenyang_lead)
    brought(shenyang_lead, "甲")
    where = reverse("documents:template", args=["text"])
    page, overview = reverse("documents:templates"), reverse("documents:template-fields", args=["text"])
    with query_counts("documents.template"):
        client.get(where)
    for number in range(5):
        used(shenyang_lead, str(number))
    with query_counts("documents.template"):
        client.get(where)
    with query_counts("documents.templates"):
        client.get(page)
    assert client.get(overview).status_code == 200


def test_a_template_keeps_the_mark_of_a_draft_and_the_digest_in_the_foot() -> None:
    paper_made = docx(replace(example(TEXT), mark="草案"), word_styles.built_in())
    letter = word.Document(io.BytesIO(paper_made))
    assert 'string="草案"' in letter.sections[0].header._element.xml
    assert "SHA-256" in "".join(line.text for line in letter.sections[0].footer.paragraphs)
