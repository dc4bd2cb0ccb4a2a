"""Figures in titles: every number with a counting unit is one statement of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.errors import Invalid
from duikou.kernel.money import parse_amount
from duikou.kernel.money_headers import unit_under
from duikou.kernel.sheets import text_of
from duikou.projects.imports import _amount
from duikou.projects.services.import_words import figures, invested, numbered

WORDS = st.sampled_from(
    ["挂职干部", "接收", "签约", "深哈互派任职交流", "重点任务完成", "(含省直、市直)", "共建", "", "两省"]
)
UNITS = st.sampled_from(["个", "项", "事项", "人次", "人", "名", "家", "批次", "期", "场", "件", "次", "方面"])
BREAKS = st.sampled_from(["、", "；", ";", "，", ""])
PIECES = st.lists(
    st.tuples(WORDS, st.integers(0, 9_999_999), st.sampled_from(["", "余", "多"]), UNITS, WORDS, BREAKS), max_size=6
)
TAGS = st.sampled_from(["", "汇总", "干部", "政策", "任务", "文旅"])


@given(PIECES, TAGS)
def test_every_counted_number_is_exactly_one_figure(
    pieces: list[tuple[str, int, str, str, str, str]], tag: str
) -> None:
    title = "".join(f"{before}{n}{more}{unit}{after}{end}" for before, n, more, unit, after, end in pieces)
    found = [f for f in figures(tag=tag, name=title, note="", amount=None, signed=False) if f.value is not None]
    assert [(f.value, f.unit) for f in found] == [(Decimal(n), unit) for _b, n, _m, unit, _a, _e in pieces]
    keys = [(f.measure, at) for at, f in numbered(found)]
    assert len(set(keys)) == len(keys)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_title_is_too_strange_to_read(title: str, note: str) -> None:
    assert figures(tag="汇总", name=title, note=note, amount=None, signed=False)
    invested(note)


@pytest.mark.parametrize(
    ("tag", "title", "told"),
    [
        (
            "干部",
            "深哈互派任职交流41人次、学习培训677人次",
            [(41, "人次", "深哈互派任职交流"), (677, "人次", "学习培训")],
        ),
        ("干部", "黑龙江赴粤挂职407人、接收30人", [(407, "人", "黑龙江赴粤挂职"), (30, "人", "接收")]),
        (
            "干部",
            "两省40名干部挂职;培训班51期2618人次",
            [(40, "名", "两省干部挂职"), (51, "期", "培训班"), (2618, "人次", "培训班")],
        ),
        ("任务", "2018年度30项重点任务完成29项", [(30, "项", "2018年度重点任务"), (29, "项", "完成")]),
        ("文旅", "千万游客互换行动 互送600万人次", [(6_000_000, "人次", "千万游客互换行动 互送")]),
        ("金融", "16家企业转板新三板(昌源、汇安等)", [(16, "家", "企业转板新三板")]),
        ("活动", "2019年第12届论坛3个月后举办", []),
    ],
)
def test_a_figure_stands_with_its_own_words(tag: str, title: str, told: list[tuple[int, str, str]]) -> None:
    found = figures(tag=tag, name=title, note="", amount=None, signed=False)
    assert [(f.value, f.unit, f.label) for f in found if f.value is not None] == told


def test_money_already_put_in_is_completed_money() -> None:
    assert invested("已投入4000多万元,达产年产值1.5亿元") == (4_000_000_000, "at_least")
    assert invested("计划投入4000万元") is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("计划投资(亿元)", "亿元"), ("总投资（万元）", "万元"), ("投资额", "万元"), ("投资/亿", "亿元"),
        ("投资（亿）", "亿元"),
        ("总投资(百万元)", "百万元"), ("亿达集团投资额", "万元"), ("Planned (CNY 100m)", "亿元"),
        ("RMB million", "百万元"),
        ("Investment, RMB100m", "亿元"), ("Amount (10k yuan)", "万元"), ("CNY 10,000", "万元"),
        ("RMB thousand", "千元"),
        ("Investment (CNY)", "元"), ("Hundred million yuan", "亿元"), ("Amount (CNY m)", "百万元"),
        ("Planned amount", "万元"), ("计划投资（千万元）", "千万元"), ("投资/千万", "千万元"),
    ],
)  # fmt: skip
def test_a_header_states_the_unit_in_either_language(header, unit):
    assert unit_under(header) == unit


@given(
    st.one_of(
        st.builds(
            "{}{}{}".format,
            st.sampled_from(["", "约", "近", "超", "超过", "逾", "不足"]),
            st.integers(0, 99_999_999),
            st.sampled_from(["", "元", "万", "万元", "亿", "亿元", "千元"]),
        ),
        st.floats(-1e9, 1e9).map(round).map(float),
        st.text(alphabet="约近0１2,.亿万元 ", max_size=8),
    ),
    st.sampled_from(["元", "万元", "亿元"]),
)
def test_usual_amounts_are_read_as_the_thorough_reading_reads_them(cell, unit):
    def thorough():
        found = parse_amount(Decimal(repr(cell)) if isinstance(cell, float) else text_of(cell), unit)
        return found and (found.amount.cents, found.bound.value)

    try:
        expected = thorough()
    except Invalid:
        with pytest.raises(Invalid):
            _amount(unit)(cell)
    else:
        assert _amount(unit)(cell) == expected
