"""Numbers of headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.documents.rules.numbering import Numbering, chinese, read_number, value_of, written
from duikou.documents.rules.tables import fitted, width_of
from duikou.plans.services.text import Cell, Run


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (100, "一百"),
        (103, "一百零三"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_chinese_figures_are_those_people_write(number, text):
    assert chinese(number) == text


@given(st.integers(1, 999))
def test_chinese_figures_are_read_back(number):
    assert value_of(chinese(number)) == number


@given(st.integers(1, 4), st.integers(1, 300), st.text("合作园区共建", min_size=1))
def test_a_written_number_is_read_back_with_its_level(level, value, words):
    found = read_number(written(level, value) + words)
    assert found is not None
    assert (found.level, found.value, found.rest) == (level, value, words)


@pytest.mark.parametrize("text", ["2017年工作", "3.5亿元项目", "一带一路", "（试行）", "1.2万人", ""])
def test_words_that_only_begin_like_a_number_are_not_numbered(text):
    assert read_number(text) is None


def test_headings_count_on_their_level_and_keep_their_own_numbers():
    numbering = Numbering()
    wanted = [
        ("目标", 1, "一、目标"),
        ("总体", 2, "（一）总体"),
        ("园区", 3, "1.园区"),
        ("人才", 3, "2.人才"),
        ("五、任务", 1, "五、任务"),
        ("改革", 2, "（一）改革"),
        ("保障", 1, "六、保障"),
    ]
    assert [numbering.next(text, level) for text, level, _shown in wanted] == [shown for _t, _l, shown in wanted]


cells = st.builds(
    lambda text, across, down: Cell((Run(text),), colspan=across, rowspan=down),
    st.text("甲乙", max_size=2),
    st.integers(1, 4),
    st.integers(1, 4),
)


@given(st.lists(st.lists(cells, max_size=4), min_size=1, max_size=5))
def test_every_place_of_a_table_is_taken_once_and_no_word_is_lost(rows):
    width, taken = width_of(rows), {}
    for down, row in enumerate(fitted(rows)):
        across = 0
        for cell in row:
            while (down, across) in taken:
                across += 1
            for d in range(cell.rowspan):
                for a in range(cell.colspan):
                    assert (down + d, across + a) not in taken
                    taken[down + d, across + a] = cell
    assert set(taken) == {(down, across) for down in range(len(rows)) for across in range(width)}
    assert [c.text for row in fitted(rows) for c in row if c.text] == [c.text for row in rows for c in row if c.text]
