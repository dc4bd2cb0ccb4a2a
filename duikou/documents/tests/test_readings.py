"""Plans in Word coming in: what is understood, what is said to be left out, what is refused."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx as word
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from duikou.documents import tasks
from duikou.documents.models import Reading
from duikou.documents.rules.reading import outline_of
from duikou.documents.services.compose import plan_paper
from duikou.documents.services.readings import (
    Choice,
    reading_commit,
    reading_start,
    understood,
)
from duikou.documents.services.readings_folder import folder_of_readings, path_of
from duikou.documents.services.readings_purge import readings_purge
from duikou.documents.services.word import docx
from duikou.documents.services.word_numbers import figure
from duikou.documents.services.word_read import word_read
from duikou.documents.tests.test_papers import CHECK, DRESS
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from duikou.plans.models import Plan, PlanVersion
from duikou.plans.selectors import content_of
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.services.text import plain
from duikou.plans.services.units import SideNames
from duikou.programme.models import Pairing
from duikou.records.models import AuditEvent, Evidence

NAMES = SideNames("沈阳市", "北京市")
Line = str | tuple[str, ...]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def pairing(db: None, shenyang_editor: Any) -> Pairing:
    return Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def written(lines: Iterable[Line]) -> bytes:
    """A file of plain paragraphs; a pair is bold words and what follows them."""
    document = word.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        first, *rest = (line,) if isinstance(line, str) else line
        paragraph.add_run(first).bold = bool(rest) or None
        for more in rest:
            paragraph.add_run(more)
    return saved(document)


def outline(data: bytes) -> list[tuple[int, str, bool]]:
    found = outline_of(word_read(data).parts, NAMES, lambda _headers: None)
    return [(item.level, item.title, item.is_entry) for item in found.items]


MEASURE = "学习北京经验，2020年6月底前出台方案，2020年底前建成平台。"
ANNUAL = (
    "为贯彻落实国务院部署，制定本计划。",
    "一、深化改革",
    (
        "1.推进“放管服”改革。",
        MEASURE + "（责任单位：北京市发展改革委（牵头）、市科委；沈阳市发展改革委、市营商局）",
    ),
    "2.国企合作",
    "开展混改。",
    "北京方：市国资委；沈阳方：市国资委（牵头）",
    "完成时限：2020年12月底前",
    "目标：完成3户",
    "资金：中央资金300万元；沈阳方财政资金约1.2亿元",
    "二、产业合作",
    "（一）装备制造业。推动企业对接，共建基地。",
    "三、保障措施",
    "1.加强领导；",
    "2.定期会商，及时报告。",
    "2020年3月9日",
)


def test_headings_are_told_by_their_numbers_and_promises_by_their_units():
    assert outline(written(ANNUAL)) == [
        (1, "前言", False),
        (1, "深化改革", False),
        (2, "推进“放管服”改革", True),
        (2, "国企合作", True),
        (1, "产业合作", False),
        (2, "装备制造业", False),
        (1, "保障措施", False),
    ]


def test_both_lists_dates_target_and_money_are_read_from_the_words(pairing):
    found = understood(written(ANNUAL), pairing, 2020)
    first, second = (one.said.draft for one in found.items if one.said)
    assert [(unit.side, unit.name, unit.is_lead) for unit in first.units] == [
        ("first", "沈阳市发展改革委", False),
        ("first", "市营商局", False),
        ("second", "北京市发展改革委", True),
        ("second", "市科委", False),
    ]
    assert first.due_on == dt.date(2020, 12, 31)
    assert "责任单位" not in first.measure
    assert [(unit.side, unit.is_lead) for unit in second.units] == [("first", True), ("second", False)]
    assert (second.measure, second.target, second.due_on) == ("开展混改。", "完成3户", dt.date(2020, 12, 31))
    assert [(row.source, row.side, int(row.amount)) for row in second.money] == [
        ("central", "", 3_000_000),
        ("local", "first", 120_000_000),
    ]
    assert any("成文日期" in line for line in found.left_out)


def test_heading_styles_and_automatic_numbers_are_read_as_word_shows_them():
    document = word.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(
            (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
        )
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in ((0, "总体要求"), (1, "指导思想"), (1, "主要目标"), (0, "重点任务"), (1, "改革"), (2, "放管服")):
        paragraph = document.add_paragraph(text)
        properties = OxmlElement("w:numPr")
        for name, value in (("w:ilvl", level), ("w:numId", 77)):
            element = OxmlElement(name)
            element.set(qn("w:val"), str(value))
            properties.append(element)
        paragraph._p.get_or_add_pPr().append(properties)
    document.add_heading("只有样式的标题", 1)
    parts = word_read(saved(document)).parts
    assert [part.number for part in parts] == ["一、", "（一）", "（二）", "二、", "（一）", "1.", ""]
    assert outline(saved(document)) == [
        (1, "总体要求", False),
        (2, "指导思想", False),
        (2, "主要目标", False),
        (1, "重点任务", False),
        (2, "改革", False),
        (3, "放管服", False),
        (1, "只有样式的标题", False),
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (12, "chineseCounting", "十二"),
        (27, "lowerLetter", "aa"),
        (14, "upperRoman", "XIV"),
        (3, "decimalEnclosedCircle", "③"),
    ],
)
def test_numbers_are_written_in_words_forms(value, form, text):
    assert figure(value, form) == text


def test_a_table_of_promises_becomes_promises_and_any_other_stays_text(pairing):
    document = word.Document()
    document.add_paragraph("一、重点任务")
    for rows in (
        [
            ["序号", "重点任务", "责任单位", "完成时限"],
            ["1", "共建产业园", "北京方：市科委；沈阳方：市科技局（牵头）", "三季度"],
        ],
        [["年份", "数值"], ["2019", "5"]],
    ):
        table = document.add_table(rows=2, cols=len(rows[0]))
        for line, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                cell.text = text
    found = understood(saved(document), pairing, 2020)
    assert [(one.item.title, one.kind) for one in found.items] == [("重点任务", "section"), ("共建产业园", "entry")]
    assert found.items[1].said.draft.due_on == dt.date(2020, 9, 30)
    assert len(found.items[1].said.draft.units) == 2
    assert "数值" in found.items[0].item.html or "数值" in found.items[1].item.html


def test_what_is_not_taken_is_said(pairing):
    document = word.Document()
    paragraph = document.add_paragraph("一、改革")
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:t>创新</w:t></w:r></w:ins>'))
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="甲"><w:r><w:delText>旧词</w:delText></w:r></w:del>')
    )
    paragraph._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p></w:txbxContent>"
            "</w:pict></w:r>"
        )
    )
    document.add_paragraph("正文。").add_run("藏").font.hidden = True
    found = understood(saved(document), pairing, None)
    assert [one.item.title for one in found.items] == ["改革创新"]
    told = "\n".join(found.left_out)
    for words in ("框中字", "藏", "1处插入", "1处删除"):
        assert words in told
    assert "旧词" not in "".join(one.item.html for one in found.items)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * (70 << 20) + b"</a>")
    return out.getvalue()


def packed(document: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", document)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "另存为 .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7", "不是 Word"),
        (b"PK\x03\x04broken", "不是 Word"),
        (packed("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), "不是 Word"),
        (packed("<a>" * 5000 + "</a>" * 5000), "不是 Word"),
        (packed("<a"), "不是 Word"),
    ],
)
def test_files_that_are_no_plan_are_refused_in_words(data, words):
    with pytest.raises(Invalid, match=words):
        word_read(data)


def test_a_bomb_an_empty_file_and_a_file_without_headings_are_refused_in_words(pairing):
    with pytest.raises(Invalid, match="解压后过大"):
        word_read(bomb())
    with pytest.raises(Invalid, match="没有文字"):
        word_read(saved(word.Document()))
    with pytest.raises(Invalid, match="没有认出标题"):
        understood(written(["一段没有标题的话，", "又一段。"]), pairing, None)


def fresh(shenyang_editor: Any, pairing: Pairing) -> PlanVersion:
    draft = PlanDraft(pairing, "annual", "2020年重点工作计划", year=2020)
    return plan_create(actor=shenyang_editor.actor, draft=draft)


def test_nothing_is_written_before_a_person_says_so_and_then_all_of_it(pairing, shenyang_editor):
    version, actor = fresh(shenyang_editor, pairing), shenyang_editor.actor
    reading = reading_start(actor=actor, name="计划.docx", data=written(ANNUAL), pairing=pairing, version_id=version.pk)
    assert not content_of(version).entries
    chosen = {4: Choice("section", "tasks", "3.2.1"), 0: Choice("skip")}
    made = reading_commit(actor=actor, uid=reading.uid, choices=chosen)
    content = content_of(made)
    assert [(one.level, one.heading) for one in content.sections] == [
        (1, "深化改革"),
        (1, "产业合作"),
        (2, "装备制造业"),
        (1, "保障措施"),
    ]
    assert [clause.code for clause in content.sections[1].clauses] == ["3.2.1"]
    assert content.sections[3].part == "safeguards"
    assert "定期会商" in plain(content.sections[3].body)
    assert [entry.title for entry in content.entries_of(content.sections[0].uid)] == ["推进“放管服”改革", "国企合作"]
    file = Evidence.objects.get(subject_kind="documents.reading", subject_id=str(reading.pk))
    assert file.blob.digest == reading.digest
    assert AuditEvent.objects.filter(action="documents.reading.committed").count() == 1
    with pytest.raises(Conflict):
        reading_commit(actor=actor, uid=reading.uid, choices={})


def test_a_fault_names_its_item_and_nothing_at_all_is_written(pairing, shenyang_editor):
    actor = shenyang_editor.actor
    reading = reading_start(actor=actor, name="计划.docx", data=written(ANNUAL), pairing=pairing)
    draft = PlanDraft(pairing, "annual", "2020年重点工作计划", year=2020)
    with pytest.raises(Invalid, match=r"国企合作.*9\.9\.9"):
        reading_commit(actor=actor, uid=reading.uid, choices={3: Choice("entry", "", "9.9.9")}, draft=draft)
    assert not Plan.objects.filter(title="2020年重点工作计划").exists()
    assert not Evidence.objects.filter(subject_kind="documents.reading").exists()
    version = reading_commit(actor=actor, uid=reading.uid, choices={}, draft=draft)
    assert len(content_of(version).entries) == 2


def test_a_draft_that_somebody_has_written_in_is_left_alone(version, shenyang_editor):
    with pytest.raises(Conflict):
        reading_start(
            actor=shenyang_editor.actor,
            name="计划.docx",
            data=written(ANNUAL),
            pairing=version.plan.pairing,
            version_id=version.pk,
        )


def test_strangers_and_other_posts_bring_nothing(pairing, dalian_lead, unit, shenyang_editor, beijing_editor):
    with pytest.raises(Forbidden):
        reading_start(actor=dalian_lead.actor, name="a.docx", data=written(ANNUAL), pairing=pairing)
    with pytest.raises(Forbidden):
        reading_start(actor=unit.actor, name="a.docx", data=written(ANNUAL), pairing=pairing)
    mine = reading_start(actor=shenyang_editor.actor, name="a.docx", data=written(ANNUAL), pairing=pairing)
    with pytest.raises(NotFound):
        reading_commit(actor=beijing_editor.actor, uid=mine.uid, choices={})


def test_our_own_paper_is_read_back(version, shenyang_editor):
    content = content_of(version)
    data = docx(plan_paper(version, DRESS, check_address=CHECK))
    actor, pairing = shenyang_editor.actor, version.plan.pairing
    reading = reading_start(actor=actor, name="方案.docx", data=data, pairing=pairing)
    draft = PlanDraft(pairing, "phase", "读回的方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    back = content_of(reading_commit(actor=actor, uid=reading.uid, choices={}, draft=draft))
    headings = [one.heading for one in back.sections]
    assert [heading for heading in headings if heading in {one.heading for one in content.sections}] == [
        one.heading for one in content.sections
    ]
    for mine, other in zip(content.entries, back.entries, strict=True):
        assert (other.title, other.measure, other.target, other.due_on) == (
            mine.title,
            mine.measure,
            mine.target,
            mine.due_on,
        )
        assert [(u.side, u.name, u.is_lead) for u in other.units] == [(u.side, u.name, u.is_lead) for u in mine.units]
        assert [(m.source, m.side, m.amount) for m in other.money] == [(m.source, m.side, m.amount) for m in mine.money]
    assert "优势互补" in plain("".join(one.body for one in back.sections))


def test_the_pages_bring_show_and_write(pairing, client_for, shenyang_editor, query_counts):
    client: Any = client_for(shenyang_editor)
    file: Callable[[], SimpleUploadedFile] = lambda: SimpleUploadedFile("计划.docx", written(ANNUAL))  # noqa: E731
    target = f"pairing-{pairing.pk}"
    bad = client.post("/papers/read/", {"target": target, "file": SimpleUploadedFile("计划.doc", b"abc")})
    assert bad.status_code == 400
    assert "不是 Word" in bad.content.decode()
    answer = client.post("/papers/read/", {"target": target, "file": file()})
    assert answer.status_code == 302
    with query_counts("documents:reading"):
        page = client.get(answer["Location"])
    text = page.content.decode()
    assert page.status_code == 200
    assert "推进“放管服”改革" in text
    assert "成文日期" in text
    refused = client.post(answer["Location"], {"title": "2020年计划", "kind": "annual", "c-2": "9.9.9", "k-2": "entry"})
    assert refused.status_code == 400
    filled = {"title": "2020年计划", "kind": "annual", "year": "2020"}
    faulty = client.post(answer["Location"], {**filled, "c-2": "9.9.9", "k-2": "entry"})
    assert faulty.status_code == 400
    assert "9.9.9" in faulty.content.decode()
    done = client.post(answer["Location"], filled)
    assert done.status_code == 302
    plan = client.get(done["Location"]).content.decode()
    assert "国企合作" in plan
    assert "计划.docx" in plan
    assert Reading.objects.get().state == "done"
    assert client.post(answer["Location"], filled).status_code == 409


def test_a_file_can_be_given_up(pairing, client_for, shenyang_editor, tmp_path):
    reading = reading_start(actor=shenyang_editor.actor, name="a.docx", data=written(ANNUAL), pairing=pairing)
    client = client_for(shenyang_editor)
    assert client.post(f"/papers/read/{reading.uid}/drop/").status_code == 302
    assert not list((tmp_path / "readings").iterdir())
    assert client.get(f"/papers/read/{reading.uid}/").status_code == 200


def test_three_hundred_pages_are_read_in_seconds(pairing):
    lines = []
    for chapter in range(1, 31):
        lines.append(f"（{'一二三四五六七八九十'[chapter % 10]}）第{chapter}章")
        for number in range(1, 11):
            lines.append(
                (
                    f"{number}.第{chapter}-{number}项。",
                    "推动双方合作，形成机制。" * 20 + "（责任单位：北京市科委；沈阳市科技局）",
                )
            )
    found = understood(written(lines), pairing, 2020)
    assert found.count("entry") == 300


@pytest.mark.parametrize("line", ["一、" * 50, "（" * 200, "1." + "（责任单位：" * 100, "①" * 30, "第一章" * 20])
def test_odd_lines_never_break_reading(line, pairing):
    try:
        understood(written(["一、标题", line, "（责任单位：", f"责任单位：{line}"]), pairing, None)
    except DomainError as refused:
        assert refused.message  # noqa: PT017 - either outcome is fine, an error of the server is not


def test_a_file_that_nobody_confirmed_goes_after_the_days_of_the_setting_and_the_trail_says_so(
    pairing: Pairing, shenyang_editor: Any, client_for: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    actor = shenyang_editor.actor
    given = {"name": "计划.docx", "data": written(["一、合作目标"]), "pairing": pairing}
    old, new = reading_start(actor=actor, **given), reading_start(actor=actor, **given)
    stray = folder_of_readings() / "left-by-a-crash.docx"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    settings.READING_DAYS = 10
    Reading.objects.filter(pk=old.pk).update(created_at=now() - dt.timedelta(days=11))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.purge_readings.call()
    assert not path_of(old).exists()
    assert path_of(new).exists()
    assert not stray.exists()
    old.refresh_from_db()
    assert old.state == "lapsed"
    event = AuditEvent.objects.get(action="documents.reading.lapsed")
    assert (event.subject_id, old.digest in str(event.after)) == (str(old.pk), True)
    assert readings_purge(actor=Actor.job("again")) == 0
    with pytest.raises(Conflict):
        reading_commit(actor=actor, uid=old.uid, choices={})
    client = client_for(shenyang_editor)
    assert "逾期未确认" in client.get(reverse("documents:reading", args=[old.uid])).content.decode()
    assert "10天内" in client.get(reverse("documents:bring")).content.decode()
    assert client.get(reverse("documents:reading", args=[new.uid])).status_code == 200


def test_a_file_that_was_confirmed_is_not_purged(pairing: Pairing, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    data = written(["一、合作目标"])
    reading = reading_start(actor=actor, name="计划.docx", data=data, pairing=pairing)
    draft = PlanDraft(pairing, "phase", "方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    reading_commit(actor=actor, uid=reading.uid, choices={}, draft=draft)
    Reading.objects.filter(pk=reading.pk).update(created_at=now() - dt.timedelta(days=999))
    assert readings_purge(actor=Actor.job("documents.purge")) == 0
    assert Reading.objects.get(pk=reading.pk).state == "done"
    assert Evidence.objects.filter(subject_kind="documents.reading", subject_id=str(reading.pk)).exists()
