"""Comparing and merging, for any two texts: nothing disappears, and what is shown is what is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.rich_text import plain, safe_html
from duikou.plans.rules.diff import IN, OUT, SAME, aligned, authors, paragraphs, pieces, rows, table
from duikou.plans.rules.merge import BOTH, CONFLICT, MINE, THEIRS, is_clean, merge, merge_fields, merge_html, result

words = st.text(alphabet="甲乙丙合作产业园ab1 ，。", max_size=30)
texts = st.lists(st.sampled_from([f"<p>{one}</p>" for one in "甲乙丙丁戊己"]), max_size=8)


@given(words, words)
def test_the_pieces_of_a_difference_give_back_both_texts(left: str, right: str) -> None:
    found = pieces(left, right)
    assert "".join(one.text for one in found if one.kind != IN) == left
    assert "".join(one.text for one in found if one.kind != OUT) == right


@given(texts, texts)
def test_two_columns_read_down_are_the_two_texts(left: list[str], right: list[str]) -> None:
    found = aligned(left, right)
    assert [one.left for one in found if one.left] == left
    assert [one.right for one in found if one.right] == right


@given(texts, texts)
def test_when_only_one_side_wrote_its_text_stands(base: list[str], text: list[str]) -> None:
    for mine, theirs in ((base, text), (text, base), (text, text)):
        chunks = merge(base, mine, theirs)
        assert is_clean(chunks)
        assert result(chunks) == "".join(text)


@given(texts, texts, texts)
def test_no_paragraph_of_either_side_disappears_from_a_merge(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    chunks = merge(base, mine, theirs)
    assert [one for chunk in chunks for one in chunk.mine] == mine
    assert [one for chunk in chunks for one in chunk.theirs] == theirs
    assert result(chunks, dict.fromkeys(range(len(chunks)), MINE)) == "".join(mine)
    assert result(chunks, dict.fromkeys(range(len(chunks)), THEIRS)) == "".join(theirs)
    offered, all_of_it = result(chunks), result(chunks, dict.fromkeys(range(len(chunks)), BOTH))
    for one in {*mine, *theirs}:
        assert one in all_of_it
        if one not in base:
            assert one in offered, "what somebody wrote newly is offered"


@given(texts, texts, texts)
def test_a_merge_is_the_same_seen_from_the_other_side(base: list[str], mine: list[str], theirs: list[str]) -> None:
    kinds = [chunk.kind for chunk in merge(base, mine, theirs)]
    swapped = {MINE: THEIRS, THEIRS: MINE}
    assert [swapped.get(chunk.kind, chunk.kind) for chunk in merge(base, theirs, mine)] == kinds


def test_paragraphs_that_do_not_touch_merge_by_themselves() -> None:
    base = "<p>一</p><p>二</p><p>三</p>"
    chunks = merge_html(base, "<p>一，改</p><p>二</p><p>三</p>", "<p>一</p><p>二</p><p>三，改</p><p>四</p>")
    assert is_clean(chunks)
    assert result(chunks) == "<p>一，改</p><p>二</p><p>三，改</p><p>四</p>"


def test_the_same_paragraph_changed_by_both_is_a_conflict_and_both_stand() -> None:
    chunks = merge_html("<p>一</p>", "<p>一甲</p>", "<p>一乙</p>")
    assert [chunk.kind for chunk in chunks] == [CONFLICT]
    assert result(chunks) == "<p>一乙</p><p>一甲</p>"


def test_a_text_falls_into_its_outermost_elements() -> None:
    html = safe_html("开头<strong>粗</strong><p>一</p><ul><li><p>二</p></li></ul><table><tr><td>三</td></tr></table>尾")
    found = paragraphs(html)
    assert [plain(one) for one in found] == ["开头粗", "一", "二", "三", "尾"]
    assert paragraphs("".join(found)) == found
    assert paragraphs("") == []


def test_a_changed_table_is_compared_cell_by_cell() -> None:
    left = "<table><tbody><tr><td>园区</td><td>3亿元</td></tr><tr><td>港口</td><td>1亿元</td></tr></tbody></table>"
    right = left.replace("3亿", "5亿")
    row = rows(left, right)[0]
    assert row.kind == "changed"
    assert [[piece.kind for piece in cell] for cell in row.table[0]] == [[SAME], [OUT, IN, SAME]]
    assert table(left, left)[1] == (pieces("港口", "港口"), pieces("1亿元", "1亿元"))


def test_each_paragraph_knows_who_wrote_it_last() -> None:
    history = [
        ("<p>一</p><p>二</p>", "沈阳"),
        ("<p>一</p><p>二，改</p><p>三</p>", "北京"),
        ("<p>三</p><p>一</p>", "沈阳"),
    ]
    assert authors(history[:2]) == [("<p>一</p>", "沈阳"), ("<p>二，改</p>", "北京"), ("<p>三</p>", "北京")]
    assert dict(authors(history))["<p>三</p>"] in {"沈阳", "北京"}


def test_a_very_long_text_without_anything_in_common_is_shown_whole() -> None:
    found = pieces("甲" * 20_000, "乙" * 20_000)
    assert [(one.kind, len(one.text)) for one in found] == [(OUT, 20_000), (IN, 20_000)]


def test_fields_that_only_one_side_changed_are_offered() -> None:
    base = {"title": "一", "target": "二", "measure": "三"}
    mine, theirs = {**base, "title": "一甲", "measure": "甲"}, {**base, "target": "二乙", "measure": "乙"}
    found = {one.name: (one.kind, one.offered) for one in merge_fields(base, mine, theirs, base)}
    assert found == {"title": (MINE, "一甲"), "target": (THEIRS, "二乙"), "measure": (CONFLICT, "甲")}
