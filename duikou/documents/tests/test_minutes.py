"""Minutes as a paper: what stands on it, who may have it, and whether a file is what both sides signed."""

# ruff: noqa: F811
from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from dataclasses import replace
from typing import Any

import docx as word
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from duikou.documents.services.checking import paper_compare
from duikou.documents.services.compose import Dress
from duikou.documents.services.compose_minutes import MinutesDress, minutes_paper
from duikou.documents.services.minutes_papers import minutes_paper_make
from duikou.documents.services.templates import template_add, template_use
from duikou.documents.services.typesetter import pdf
from duikou.documents.services.word import docx
from duikou.documents.services.word_styles import built_in
from duikou.documents.states import PaperForm, TemplateKind
from duikou.documents.tests.test_checking import resaved
from duikou.kernel.errors import Invalid, NotFound
from duikou.meetings.models import Decision, MinutesVersion
from duikou.meetings.selectors import minutes_of
from duikou.meetings.services.minutes import DecisionDraft, decision_save, minutes_save
from duikou.meetings.tests.conftest import drafted, held, pairing, planned, signed  # noqa: F401 - fixtures
from duikou.records.models import AuditEvent

ADDRESS = "https://duikou.example.cn/papers/check/"
DRESS = MinutesDress(Dress(date=dt.date(2018, 3, 9)), "沈阳北京对口合作会议纪要", "〔2018〕3号", ("赵局长",))


def words(data: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def paper_of(person: Any, version: MinutesVersion, given: MinutesDress = DRESS) -> Any:
    return minutes_paper(minutes_of(actor=person.actor, version_id=version.pk), given, check_address=ADDRESS)


def made(person: Any, version: MinutesVersion, form: PaperForm, given: MinutesDress = DRESS) -> bytes:
    return minutes_paper_make(
        actor=person.actor, version_id=version.pk, form=form, given=given, check_address=ADDRESS
    ).data


@pytest.fixture
def told(drafted: MinutesVersion, shenyang_editor: Any) -> MinutesVersion:
    """A draft whose text has a heading, a table, and what looks like markup."""
    drafted.refresh_from_db()
    body = "<p>会议{{ 7*7 }}听取了&lt;w:p/&gt;汇报。</p><h3>关于园区</h3><table><tr><td>𠮷林</td></tr></table>"
    return minutes_save(actor=shenyang_editor.actor, version_id=drafted.pk, revision=drafted.revision, body=body)


def test_the_pdf_has_banner_number_date_text_decisions_and_who_attended(
    told: MinutesVersion, shenyang_editor: Any
) -> None:
    done = pdf(paper_of(shenyang_editor, told))
    text = words(done.data)
    for part in (
        *("沈阳北京对口合作会议纪要", "〔2018〕3号", "2018年3月9日", "年度工作会纪要", "地点：沈阳市政府会议室"),
        *("一、会议议程", "通报进展", "二、会议内容", "会议{{7*7}}听取了<w:p/>汇报。", "（一）关于园区", "𠮷林"),
        *("三、议定事项", "建成产业园", "选派干部", "完成期限", "第1版草案"),
        *("出席：沈阳市：王市长（沈阳市政府市长）、沈阳市有关部门12人", "北京市：李主任（北京市发展改革委主任）"),
        "请假：赵局长",
    ):
        assert part in text, part
    assert text.index("三、议定事项") < text.index("出席：") < text.index("请假：")
    assert all(round(page.mediabox.width * 25.4 / 72) == 210 for page in pypdf.PdfReader(io.BytesIO(done.data)).pages)


def test_word_has_the_same_with_real_styles_and_a_table(told: MinutesVersion, shenyang_editor: Any) -> None:
    letter = word.Document(io.BytesIO(docx(paper_of(shenyang_editor, told))))
    shown = {line.text: line.style.name for line in letter.paragraphs}
    assert shown["沈阳北京对口合作会议纪要"] == "发文机关标志"
    assert shown["〔2018〕3号"] == "纪要编号"
    assert shown["年度工作会纪要"] == "公文标题"
    assert shown["二、会议内容"] == "Heading 1"
    assert shown["请假：赵局长"] == "出席人员"
    rows = [[cell.text for cell in row.cells] for row in letter.tables[-1].rows]
    assert rows[0] == ["序号", "议定事项", "责任方", "责任单位（人）", "完成期限"]
    assert [row[1] for row in rows[1:]] == ["建成产业园", "选派干部"]
    assert len(letter.sections) == 1
    assert 'string="草案"' in letter.sections[0].header._element.xml


def test_signed_minutes_bear_their_digest_and_no_mark(signed: MinutesVersion, shenyang_editor: Any) -> None:
    text = words(made(shenyang_editor, signed, PaperForm.PDF))
    assert signed.digest in text
    assert ADDRESS in text
    assert "草案" not in text


@pytest.mark.parametrize("form", [PaperForm.PDF, PaperForm.WORD])
def test_a_file_is_compared_with_the_minutes_that_both_signed(
    signed: MinutesVersion,
    shenyang_editor: Any,
    beijing_lead: Any,
    unit: Any,
    form: PaperForm,
) -> None:
    data = made(shenyang_editor, signed, form)
    found = paper_compare(actor=beijing_lead.actor, data=data)
    assert (found.version, found.is_intact) == (signed, True)
    assert found.made_at is not None
    assert paper_compare(actor=unit.actor, data=data).version is None


def test_a_changed_word_in_the_minutes_is_found(signed: MinutesVersion, shenyang_editor: Any) -> None:
    data = made(shenyang_editor, signed, PaperForm.WORD)
    same = paper_compare(actor=shenyang_editor.actor, data=resaved(data))
    assert (same.version, same.made_at, same.missing) == (signed, None, ())
    other = paper_compare(actor=shenyang_editor.actor, data=resaved(data, "会议议定如下", "会议否定如下"))
    assert any("会议议定如下" in text for text in other.missing)
    absent = paper_compare(actor=shenyang_editor.actor, data=resaved(data, "王市长", "张市长"))
    assert any("王市长" in text for text in absent.missing)


def test_what_is_signed_does_not_follow_the_rows(signed: MinutesVersion, shenyang_editor: Any) -> None:
    Decision.objects.filter(version=signed).update(text="别的")
    assert "建成产业园" in words(made(shenyang_editor, signed, PaperForm.PDF))


def test_the_digest_of_the_foot_leads_to_its_minutes(
    signed: MinutesVersion,
    client_for: Any,
    beijing_editor: Any,
    unit: Any,
    member: Any,
) -> None:
    where = reverse("documents:check-digest", args=[signed.digest])
    page = client_for(beijing_editor).get(where)
    assert page.status_code == 200
    assert "没有被新版取代" in page.content.decode()
    assert client_for(unit).get(where).status_code == 404
    assert client_for(member).get(where).status_code == 404
    assert client_for(beijing_editor).get(reverse("documents:check-digest", args=["0" * 64])).status_code == 404


def test_whoever_may_read_the_minutes_may_have_them_and_the_trail_notes_it(
    signed: MinutesVersion,
    client_for: Any,
    beijing_editor: Any,
    dalian_lead: Any,
    unit: Any,
) -> None:
    where = reverse("documents:minutes-file", args=[signed.pk, "pdf"])
    answer = client_for(beijing_editor).get(where)
    data = b"".join(answer.streaming_content)
    event = AuditEvent.objects.filter(action="documents.paper.made").latest("id")
    assert hashlib.sha256(data).hexdigest() in str(event.after)
    assert (event.subject_kind, event.subject_id) == ("meetings.minutesversion", str(signed.pk))
    for person in (dalian_lead, unit):
        assert client_for(person).get(where).status_code == 404
        assert client_for(person).get(reverse("documents:minutes-paper", args=[signed.pk])).status_code == 404


def test_drafts_are_for_the_two_offices_only(
    told: MinutesVersion, client_for: Any, ministry: Any, beijing_lead: Any
) -> None:
    where = reverse("documents:minutes-paper", args=[told.pk])
    assert client_for(beijing_lead).get(where).status_code == 200
    assert client_for(ministry).get(where).status_code == 404
    with pytest.raises(NotFound):
        made(ministry, told, PaperForm.PDF)


def test_the_page_of_the_minutes_leads_to_the_paper_and_the_paper_is_shown(
    told: MinutesVersion, client_for: Any, shenyang_editor: Any
) -> None:
    client, where = client_for(shenyang_editor), reverse("documents:minutes-paper", args=[told.pk])
    minutes = client.get(reverse("meetings:minutes", args=[told.meeting_id, told.number])).content.decode()
    assert where in minutes
    page = client.get(where)
    assert b"data:image/png;base64," in page.content
    assert client.get(where, {"banner": ""}).status_code == 400
    assert client.get(where, {"banner": "纪要", "date": "明天"}).status_code == 400
    assert client.get(where, {"banner": "纪\x01要", "absent": "甲\n乙"}).status_code in {200, 400}
    assert client.get(reverse("documents:minutes-file", args=[told.pk, "exe"])).status_code == 404
    assert client.get(reverse("documents:minutes-file", args=[told.pk, "xlsx"])).status_code == 400


def test_minutes_do_not_come_as_a_workbook(told: MinutesVersion, shenyang_editor: Any) -> None:
    with pytest.raises(Invalid):
        made(shenyang_editor, told, PaperForm.EXCEL)


def test_an_office_has_its_own_template_for_minutes(
    signed: MinutesVersion, client_for: Any, shenyang_lead: Any, beijing_editor: Any
) -> None:
    letter, out = word.Document(io.BytesIO(built_in("minutes"))), io.BytesIO()
    table = next(line for line in letter.paragraphs if line.text == "{{ table }}")
    table.text = "{% for row in decisions %}{{ row.number }}.{{ row.text }}（{{ row.owner }}）{% endfor %}"
    letter.save(out)
    row = template_add(actor=shenyang_lead.actor, kind=TemplateKind.MINUTES, name="纪要.docx", data=out.getvalue())
    template_use(actor=shenyang_lead.actor, template_id=row.pk)
    where = reverse("documents:minutes-file", args=[signed.pk, "docx"])
    own = word.Document(io.BytesIO(b"".join(client_for(shenyang_lead).get(where).streaming_content)))
    assert any(line.text.startswith("1.建成产业园（") for line in own.paragraphs)
    assert own.tables == []
    event = AuditEvent.objects.filter(action="documents.paper.made").latest("id")
    assert row.digest in str(event.after)
    other = word.Document(io.BytesIO(b"".join(client_for(beijing_editor).get(where).streaming_content)))
    assert len(other.tables) == 1
    page = client_for(shenyang_lead).get(reverse("documents:minutes-paper", args=[signed.pk])).content.decode()
    assert "沈阳市的模板第1版" in page


def test_minutes_without_text_number_or_decisions_are_a_paper(held: Any, shenyang_editor: Any) -> None:
    from duikou.meetings.services.minutes import minutes_begin

    empty = minutes_begin(actor=shenyang_editor.actor, meeting_id=held.pk)
    paper = paper_of(shenyang_editor, empty, replace(DRESS, number="", absent=(), dress=Dress()))
    assert "会议纪要" in words(pdf(paper).data)
    letter = word.Document(io.BytesIO(docx(paper)))
    assert "{{" not in "".join(line.text for line in letter.paragraphs)
    assert letter.tables == []


def test_the_check_page_answers_for_minutes(
    signed: MinutesVersion,
    client_for: Any,
    shenyang_editor: Any,
) -> None:
    data = made(shenyang_editor, signed, PaperForm.WORD)
    file = SimpleUploadedFile("纪要.docx", data)
    page = client_for(shenyang_editor).post(reverse("documents:check"), {"file": file}).content.decode()
    assert "完全一致" in page
    assert "年度工作会" in page


def test_more_decisions_ask_no_more_queries(
    drafted: MinutesVersion,
    shenyang_editor: Any,
    django_assert_num_queries: Any,
) -> None:
    with CaptureQueriesContext(connection) as few:
        paper_of(shenyang_editor, drafted)
    for number in range(8):
        drafted.refresh_from_db()
        draft = DecisionDraft(f"第{number}项", "first", dt.date(2030, 1, 1))
        decision_save(actor=shenyang_editor.actor, version_id=drafted.pk, revision=drafted.revision, draft=draft)
    with django_assert_num_queries(len(few)):
        assert len(paper_of(shenyang_editor, drafted).annexes[0].rows) == 10
