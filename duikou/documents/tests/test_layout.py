"""The sizes of GB/T 9704-2012, measured on the pages that were made; and where titles part."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import docx as word
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from duikou.documents.rules.paper import Paper, paragraph
from duikou.documents.rules.titles import MOST, balanced
from duikou.documents.services.typesetter import pdf
from duikou.documents.services.word import docx
from duikou.documents.services.word_close import width_of_words

MM = 25.4 / 72
CELL = 156 / 28
LINE = 225 / 22
NEAR = 0.15
"""Millimetres that a measure may be off."""


@dataclass(frozen=True)
class Words:
    """Words on a page: `x` of their left edge, `top` of their characters from the upper edge of the sheet, in mm."""

    page: int
    text: str
    x: float
    top: float
    size: float


def measured(paper: Paper) -> list[Words]:
    found: list[Words] = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(pdf(paper).data)).pages, start=1):
        high = float(page.mediabox.height)

        def seen(text: str, cm: list[float], tm: list[float], _font: object, size: float, *, at=(number, high)) -> None:
            if not text.strip():
                return
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            size = size * abs(cm[0] * tm[0])
            top = (at[1] - y - 0.8 * size) * MM
            found.append(Words(at[0], text.strip(), x * MM, top, round(size, 2)))

        page.extract_text(visitor_text=seen)
    return found


def one(found: list[Words], text: str) -> Words:
    return next(words for words in found if words.text.startswith(text))


FULL = Paper(
    "关于合作的通知",
    (paragraph("国" * 28 * 60),),
    issuers=("沈阳市人民政府",),
    number="沈政发〔2018〕6号",
    addressee="各市：",
    attachments=("甲", "乙"),
    signers=("沈阳市人民政府",),
    date=dt.date(2018, 3, 9),
    foot=("第1版",),
)


@pytest.fixture(scope="module")
def pages() -> list[Words]:
    return measured(FULL)


def test_the_type_area_holds_22_lines_of_28_characters_of_size_3(pages: list[Words]) -> None:
    lines = [words for words in pages if words.page == 2 and words.text.startswith("国")]
    assert len(lines) == 22
    assert {len(words.text) for words in lines} == {28}
    assert {words.size for words in lines} == {16}
    assert lines[0].top == pytest.approx(37, abs=NEAR)
    assert {round(words.x, 1) for words in lines} == {28.0}
    assert lines[-1].top - lines[0].top == pytest.approx(21 * LINE, abs=NEAR)
    first = next(words for words in pages if words.text.startswith("国"))
    assert first.x - 28 == pytest.approx(2 * CELL, abs=NEAR)


def test_page_numbers_stand_outside_seven_millimetres_below_the_type_area(pages: list[Words]) -> None:
    numbers = [words for words in pages if words.text.startswith("—")]
    assert [words.text for words in numbers] == ["— 1 —", "— 2 —", "— 3 —", "— 4 —"]
    assert {words.size for words in numbers} == {14}
    assert all(words.top == pytest.approx(37 + 225 + 7, abs=NEAR) for words in numbers)
    even = [words.x for words in numbers if words.page % 2 == 0]
    assert even == pytest.approx([28 + 16 * MM] * 2, abs=NEAR)
    assert all(words.x > 150 for words in numbers if words.page % 2)


def test_the_head_stands_35_millimetres_below_the_upper_edge_and_the_rest_below_it(
    pages: list[Words],
) -> None:
    head, number = one(pages, "沈阳市人民政府文件"), one(pages, "沈政发")
    title, addressee = one(pages, "关于合作"), one(pages, "各市：")
    assert head.top - 37 == pytest.approx(35, abs=NEAR)
    assert number.top - (head.top + head.size * MM) == pytest.approx(2 * LINE, abs=NEAR)
    assert title.size == 22
    assert title.top - (number.top + number.size * MM) == pytest.approx(4 + 2 * LINE, abs=0.6)
    assert addressee.top - (title.top + title.size * MM) == pytest.approx(LINE, abs=NEAR)
    assert addressee.x == pytest.approx(28, abs=NEAR)


def test_attachments_stand_two_characters_in_one_line_below_the_text(pages: list[Words]) -> None:
    last = [words for words in pages if words.text.startswith("国")][-1]
    first, second = one(pages, "附件："), one(pages, "2.")
    assert first.top - last.top == pytest.approx(2 * LINE, abs=NEAR)
    assert first.x - 28 == pytest.approx(2 * CELL, abs=NEAR)
    assert second.x - first.x == pytest.approx(3 * CELL, abs=NEAR)
    assert second.top - first.top == pytest.approx(LINE, abs=NEAR)


def test_the_date_ends_four_characters_from_the_edge_and_the_signer_is_centred_on_it(pages: list[Words]) -> None:
    signer = next(words for words in pages if words.text == "沈阳市人民政府")
    date = one(pages, "2018年3月9日")
    assert date.top - signer.top == pytest.approx(LINE, abs=NEAR)
    centre = signer.x + 7 * CELL / 2
    assert centre == pytest.approx(date.x + (28 + 156 - 4 * CELL - date.x) / 2, abs=0.5)
    long = measured(Paper("标题", (paragraph("国"),), signers=("国" * 24,), date=dt.date(2018, 3, 9)))
    name = next(words for words in long if len(words.text) == 24)
    assert name.x + 24 * CELL == pytest.approx(28 + 156, abs=NEAR)


def test_minutes_have_their_banner_at_the_same_height() -> None:
    found = measured(Paper("工作会纪要", (paragraph("国"),), banner="会议纪要", number="3号", date=dt.date(2018, 3, 9)))
    assert one(found, "会议纪要").top - 37 == pytest.approx(35, abs=NEAR)


LONG = "关于印发《沈阳市与北京市对口合作2018年度工作计划》的通知"


def test_pdf_and_word_part_a_long_title_at_the_same_place() -> None:
    wanted = ["关于印发《沈阳市与北京市对口合作", "2018年度工作计划》的通知"]
    assert balanced(LONG) == wanted
    found = [words.text for words in measured(Paper(LONG, (paragraph("国"),))) if words.size == 22]
    assert "".join(found) == LONG
    tops = {round(words.top) for words in measured(Paper(LONG, (paragraph("国"),))) if words.size == 22}
    assert len(tops) == 2
    letter = word.Document(io.BytesIO(docx(Paper(LONG, (paragraph("国"),)))))
    assert next(line.text for line in letter.paragraphs if line.style.name == "公文标题") == "\n".join(wanted)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("沈阳市与北京市对口合作实施方案", ["沈阳市与北京市对口合作实施方案"]),
        (
            "吉林省人民政府浙江省人民政府关于印发吉林省与浙江省对口合作实施方案的通知",
            ["吉林省人民政府浙江省人民政府关于印发", "吉林省与浙江省对口合作实施方案的通知"],
        ),
        (
            "辽宁省与江苏省对口合作阶段性实施方案（2017—2020年）",
            ["辽宁省与江苏省对口合作阶段性", "实施方案（2017—2020年）"],
        ),
    ],
)
def test_titles_part_where_words_end(title: str, lines: list[str]) -> None:
    assert balanced(title) == lines


@given(st.text(st.characters(exclude_characters="\n"), max_size=120))
def test_a_title_in_lines_is_the_title(title: str) -> None:
    lines = balanced(title)
    assert "".join(lines) == title
    assert all(len(line) <= MOST for line in lines)
    if len(lines) > 1:
        assert min(map(len, lines)) > 1


def test_joint_papers_in_word_have_the_names_below_one_another_and_the_word_beside_them() -> None:
    issuers = ("沈阳市人民政府", "北京市人民政府", "国家发展和改革委员会")
    letter = word.Document(io.BytesIO(docx(Paper("通知", (paragraph("国"),), issuers=issuers, number="1号"))))
    table = letter.tables[0]
    assert [row.cells[0].text for row in table.rows] == list(issuers)
    assert len({row.cells[1]._tc for row in table.rows}) == 1
    assert table.cell(0, 1).text == "文件"
    assert table.cell(0, 1).vertical_alignment is not None
    assert "w:tblBorders" not in table._tbl.xml
    single = word.Document(io.BytesIO(docx(Paper("通知", (paragraph("国"),), issuers=issuers[:1], number="1号"))))
    assert single.tables == []
    assert single.paragraphs[0].text == "沈阳市人民政府文件"


def test_the_closing_in_word_stands_where_it_stands_in_the_pdf() -> None:
    letter = word.Document(io.BytesIO(docx(FULL)))
    shown = {line.text: line for line in letter.paragraphs if line.style.name == "落款"}

    def right(text: str) -> int:
        return int(shown[text]._p.pPr.ind.get(qn("w:rightChars")))

    assert right("2018年3月9日") == 400
    name, date = width_of_words("沈阳市人民政府"), width_of_words("2018年3月9日")
    assert right("沈阳市人民政府") * 2 / 100 + name / 2 == pytest.approx(8 + date / 2, abs=1)
