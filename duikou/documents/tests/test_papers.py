"""Papers of a plan, opened as their readers open them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from dataclasses import replace

import docx as word
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from duikou.documents.rules.paper import Paper, heading, opening, paragraph
from duikou.documents.services.compose import Dress, notice_paper, plan_paper
from duikou.documents.services.papers import workbook
from duikou.documents.services.typesetter import pdf
from duikou.documents.services.word import docx
from duikou.documents.tests.conftest import promise
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import version_visible
from duikou.plans.services.entries import entry_add
from duikou.plans.services.text import Block, Run
from duikou.plans.states import VersionState
from duikou.records.models import AuditEvent

MM = 72 / 25.4
CHECK = "https://duikou.example.cn/plans/check/"
DRESS = Dress(("沈阳市人民政府", "北京市人民政府"), "各区县人民政府：", ("沈阳市人民政府",), dt.date(2018, 3, 9))


def words(data: bytes) -> str:
    """The text of a PDF without blanks and line ends."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def test_the_pdf_says_everything_in_order_with_both_lists_of_units(version):
    done = pdf(plan_paper(version, DRESS, check_address=CHECK))
    text, reader = words(done.data), pypdf.PdfReader(io.BytesIO(done.data))
    for part in (
        "各区县人民政府：",
        "一、合作目标",
        "（一）总体安排",
        "优势互补",
        "#不是标记*_也不是_$x$\\合作",
        "2018年3月9日",
    ):
        assert part in text, part
    assert "责任单位：沈阳方：沈阳市发展改革委（牵头）；北京方：北京市发展改革委（牵头）。" in text
    assert "沈阳方地方财政资金1,234.56789万元" in text
    assert "第1版草案" in text
    first, last = reader.pages[0], reader.pages[-1]
    assert (round(first.mediabox.width / MM), round(first.mediabox.height / MM)) == (210, 297)
    assert (round(last.mediabox.width / MM), round(last.mediabox.height / MM)) == (297, 210)


def test_every_font_stands_in_the_file(version):
    fonts = [
        font.get_object()
        for page in pypdf.PdfReader(io.BytesIO(pdf(plan_paper(version, DRESS, check_address=CHECK)).data)).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def test_rare_characters_are_drawn_and_unknown_ones_are_named(version):
    done = pdf(plan_paper(version, DRESS, check_address=CHECK))
    assert "𠮷" in words(done.data)
    assert all(f"〔U+{ord(sign):04X}〕" in words(done.data) for sign in done.missing)
    private = pdf(Paper("标题", (paragraph("甲\U000ffff0乙"),)))
    assert private.missing == ("\U000ffff0",)
    assert "甲〔U+FFFF0〕乙" in words(private.data)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="gb2312", exclude_categories=["Zs", "Cc"]), min_size=1, max_size=60))
def test_nothing_that_is_written_is_read_as_markup(text):
    assert words(pdf(Paper(text, (paragraph(text),))).data).count(re.sub(r"\s", "", text)) >= 2


def test_a_signed_version_carries_its_digest_and_where_to_check_it(version):
    digest = hashlib.sha256(b"x").hexdigest()
    version.state, version.digest = VersionState.IN_FORCE.value, digest
    text = words(pdf(plan_paper(version, Dress(), check_address=CHECK)).data)
    assert digest in text
    assert CHECK in text
    assert "草案" not in text


def test_word_has_real_styles_tables_fields_and_pages(version):
    made = word.Document(io.BytesIO(docx(plan_paper(version, DRESS, check_address=CHECK))))
    shown = {paragraph.text: paragraph.style.name for paragraph in made.paragraphs}
    assert shown["沈阳与北京对口合作实施方案"] == "公文标题"
    assert shown["一、合作目标"] == "Heading 1"
    assert shown["（一）总体安排"] == "Heading 2"
    assert shown["各区县人民政府："] == "主送机关"
    assert "{{" not in "".join(shown)
    assert "{%" not in "".join(shown)
    assert [round(section.page_width.mm) for section in made.sections] == [210, 297]
    table = made.tables[-1]
    assert [cell.text for cell in table.rows[0].cells][4:6] == ["沈阳方责任单位", "北京方责任单位"]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert "PAGE" in made.sections[0].footer._element.xml
    head, written = made.tables[0], made.tables[1]
    assert [row.cells[0].text for row in head.rows] == list(DRESS.issuers)
    assert written.cell(0, 0)._tc is written.cell(0, 1)._tc


def test_a_paper_without_head_addressee_and_signers_has_no_empty_fields(version):
    made = word.Document(io.BytesIO(docx(notice_paper(version, Dress(), check_address=CHECK))))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "关于印发《沈阳与北京\n对口合作实施方案》的通知"
    assert "附件：沈阳与北京对口合作实施方案" in texts


def test_a_draft_in_word_is_marked_across_every_page_and_a_signed_text_is_not(version):
    made = word.Document(io.BytesIO(docx(plan_paper(version, DRESS, check_address=CHECK))))
    for header in (made.sections[0].header, made.sections[0].even_page_header):
        assert 'string="草案"' in header._element.xml
        assert "rotation:315" in header._element.xml
    assert all(section.header.is_linked_to_previous for section in list(made.sections)[1:])
    odd = docx(replace(plan_paper(version, DRESS, check_address=CHECK), mark='<"&草案'))
    assert "&lt;" in word.Document(io.BytesIO(odd)).sections[0].header._element.xml
    version.state, version.digest = VersionState.IN_FORCE.value, hashlib.sha256(b"x").hexdigest()
    signed = word.Document(io.BytesIO(docx(plan_paper(version, DRESS, check_address=CHECK))))
    assert "textpath" not in signed.sections[0].header._element.xml


def test_the_foot_of_the_last_page_says_who_gets_copies_and_who_printed_it(version):
    dress = replace(DRESS, copies=("市委办公室", "市人大办公室"), printer="市政府办公室", printed=dt.date(2018, 3, 12))
    paper = plan_paper(version, dress, check_address=CHECK)
    last = pypdf.PdfReader(io.BytesIO(pdf(paper).data)).pages[-1]
    text = re.sub(r"\s+", "", last.extract_text())
    assert "抄送：市委办公室，市人大办公室。" in text
    assert "市政府办公室2018年3月12日印发" in text
    assert round(last.mediabox.width / MM) == 210
    table = word.Document(io.BytesIO(docx(paper))).tables[-1]
    assert [cell.text for cell in table.rows[1].cells] == ["市政府办公室", "2018年3月12日印发"]
    assert table.rows[0].cells[0].text == "抄送：市委办公室，市人大办公室。"
    bare = word.Document(io.BytesIO(docx(plan_paper(version, DRESS, check_address=CHECK))))
    assert not any("抄送" in cell.text for table in bare.tables for row in table.rows for cell in row.cells)


def test_the_table_as_a_workbook_runs_no_formula(version):
    data = workbook(version)
    head, first, second = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert head[:2] == ["序号", "事项"]
    assert (first[0], first[1]) == (1, "共建中关村产业园")
    assert second[1] == "=1+1 干部挂职"


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_who_may_read_a_plan_may_have_its_paper_and_the_trail_notes_it(version, client_for, shenyang_editor, form):
    answer = client_for(shenyang_editor).get(f"/papers/plan/{version.pk}/file.{form}", {"addressee": "各区县人民政府"})
    data = b"".join(answer.streaming_content)
    event = AuditEvent.objects.filter(action="documents.paper.made").latest("id")
    assert answer.status_code == 200
    assert hashlib.sha256(data).hexdigest() in str(event.after)


def test_a_stranger_gets_no_paper(version, client_for, dalian_lead):
    client = client_for(dalian_lead)
    assert client.get(f"/papers/plan/{version.pk}/").status_code == 404
    assert client.get(f"/papers/plan/{version.pk}/file.pdf").status_code == 404


def test_the_page_shows_pages_and_says_what_is_wrong_with_the_dress(version, client_for, shenyang_editor):
    client = client_for(shenyang_editor)
    page = client.get(f"/papers/plan/{version.pk}/", {"kind": "notice"})
    assert page.status_code == 200
    assert page.content.count(b"data:image/png;base64,") == 1
    assert client.get(f"/papers/plan/{version.pk}/", {"kind": "text", "date": "明天"}).status_code == 400
    assert client.get(f"/papers/plan/{version.pk}/", {"kind": "elephant"}).status_code == 400
    assert client.get(f"/papers/plan/{version.pk}/file.exe").status_code == 404
    assert client.get(f"/papers/plan/{version.pk}/file.xlsx", {"kind": "text"}).status_code == 400


def test_a_longer_plan_asks_no_more_queries(version, shenyang_editor, django_assert_num_queries):
    def found() -> PlanVersion:
        return version_visible(actor=shenyang_editor.actor, version_id=version.pk)

    with CaptureQueriesContext(connection) as short:
        plan_paper(found(), Dress(), check_address=CHECK)
    for number in range(20):
        entry_add(actor=shenyang_editor.actor, version_id=version.pk, draft=promise(f"第{number}项"))
    longer = found()
    with django_assert_num_queries(len(short) - 1):
        assert len(plan_paper(longer, Dress(), check_address=CHECK).annexes[0].rows) == 22


@pytest.mark.parametrize("text", ["甲\x01乙", "甲\t乙", "\x7f", "甲\u200b乙", "\u202e乙", "👨\u200d👩", "ﷺ"])
@pytest.mark.parametrize("dress", ["", "strong", "em"])
def test_whatever_is_pasted_comes_out_as_a_paper(text, dress):
    block = Block("p", (Run(text, frozenset({dress} - {""})),))
    done = pdf(Paper(text, (block, heading(text, 1)), addressee=text))
    assert done.data.startswith(b"%PDF")
    assert ("\x01" in text) == ("\x01" in done.missing)


def test_the_preview_of_an_endless_plan_draws_its_beginning_only():
    endless = Paper("长", tuple(paragraph("推动双方合作。" * 20) for _ in range(3000)))
    shown, is_cut = opening(endless)
    assert is_cut
    assert len(shown.blocks) < 200
    short = Paper("短", (paragraph("一"),))
    assert opening(short) == (short, False)


def test_control_characters_in_the_address_are_no_error_of_the_server(version, client_for, shenyang_editor):
    client = client_for(shenyang_editor)
    given = {"kind": "text", "addressee": "甲\x01乙", "signers": "\x7f", "issuers": "\x0b"}
    assert client.get(f"/papers/plan/{version.pk}/", given).status_code in {200, 400}
    assert client.get(f"/papers/plan/{version.pk}/file.pdf", given).status_code in {200, 400}
    assert client.get(f"/papers/plan/{version.pk}/file.docx", given).status_code in {200, 400}


def test_a_paper_that_was_issued_bears_its_number_and_its_date(version):
    PlanVersion.objects.filter(pk=version.pk).update(
        document_number="发改振兴〔2018〕123号", document_date=dt.date(2018, 3, 17), signed_at=dt.datetime.now(dt.UTC)
    )
    version.refresh_from_db()
    text = words(pdf(plan_paper(version, Dress(issuers=("国家发展和改革委员会",)), check_address=CHECK)).data)
    assert "发改振兴〔2018〕123号" in text
    assert "2018年3月17日" in text
