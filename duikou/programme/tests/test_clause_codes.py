"""Clauses are understood however people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.programme.rules.clause_codes import from_han, han, numeral, read
from duikou.programme.selectors import clause_index, clause_resolve, programme_at

NUMBERS = st.integers(1, 99)
WIDE = str.maketrans("0123456789.()", "０１２３４５６７８９．（）")


@given(NUMBERS)
def test_chinese_numerals_go_there_and_back(number):
    assert from_han(han(number)) == number


@given(NUMBERS, NUMBERS, NUMBERS)
def test_every_form_of_a_code_is_read_as_the_same_code(chapter, section, item):
    code = f"{chapter}.{section}.{item}"
    forms = [
        code,
        code.translate(WIDE),
        numeral(code),
        f"{han(chapter)}({han(section)}){item}",
        f"{han(chapter)}、（{han(section)}）{item}",
        f"第{code}条",
        f" {han(chapter)} ( {han(section)} ) {item} ",
        f"{code} 新兴产业",
    ]
    assert {read(form).code for form in forms} == {code}


@given(NUMBERS, NUMBERS)
def test_sections_are_read_too(chapter, section):
    code = f"{chapter}.{section}"
    assert read(numeral(code)).code == code
    assert read(f"{han(chapter)}（{han(section)}）").code == code


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    read(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3.2.2", "3.2.2"),
        ("三(二)2", "3.2.2"),
        ("三（二）2", "3.2.2"),
        ("三、（二）2", "3.2.2"),
        ("３．２．２", "3.2.2"),
        ("三（二）２", "3.2.2"),
        ("新兴产业", "3.2.2"),
        ("3.2.2 新兴产业", "3.2.2"),
        ("四(三)", "4.3"),
        ("文化旅游和健康产业", "3.2.5"),
        ("文化、旅游、健康产业", "3.2.5"),
        ("科技研发和转化", "3.3.1"),
        ("Emerging industries", "3.2.2"),
        ("三", "3"),
    ],
)
def test_a_written_clause_is_found(text, code):
    programme = programme_at("northeast-east-2017")
    found = clause_resolve(programme, text)
    assert found.clause is not None, found
    assert found.clause.code == code
    assert clause_index(programme).resolve(text).clause == found.clause


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["汇总", "", "9.9.9", "三(九)9", "合作", "一带一路"])
def test_what_names_no_clause_or_several_is_not_guessed(text):
    assert clause_resolve(programme_at("northeast-east-2017"), text).clause is None


@pytest.mark.django_db
def test_several_like_names_are_offered():
    found = clause_resolve(programme_at("northeast-east-2017"), "产业")
    assert found.is_ambiguous
    assert len(found.candidates) >= 3
