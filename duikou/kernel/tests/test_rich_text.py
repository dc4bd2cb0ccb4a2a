"""Rich text: nothing unsafe gets through, nothing readable is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duikou.kernel.rich_text import TAGS, blocks, from_plain, plain, safe_html

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg onload=x>",
        "<a href='javascript:x'>", "</a>", "<table><tr><td colspan=2>", "</td></tr></table>", "<td>", "<li>", "<ol>",
        "</ol>", "<ul>", "</ul>", "<h1>", "</h1>", "<style>", "</style>", "<!--", "-->", "&lt;script&gt;", "&amp;",
        "合作目标", "𠮷", "\x00", "\u202e", "<p style='color:red' onclick=x>", "<math><mi>", "<br>", "<blockquote>",
        "</blockquote>", "\n", " ", "<div>", "<iframe src=x>", "<noscript>", "<textarea>", "]]>", "<?x?>", '"', "'",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join))
def test_only_the_allowed_elements_come_out_and_twice_changes_nothing(text: str) -> None:
    safe = safe_html(text)
    for slash, name, rest in re.findall(r"<(/?)([a-zA-Z0-9]*)([^>]*)>", safe):
        assert name in TAGS
        assert rest == "" or (not slash and re.fullmatch(r'(?: (?:colspan|rowspan)="\d{1,2}")+', rest))
    assert safe_html(safe) == safe
    blocks(safe)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=80))
def test_plain_words_come_back_as_they_were_written(text: str) -> None:
    words = " ".join(text.split())
    assert " ".join(plain(from_plain(words)).split()) == words


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<script>alert(1)</script>合作", "合作"),
        ("<b>合作</b><i>目标</i>", "<strong>合作</strong><em>目标</em>"),
        ("<p onclick='x' style='y'>目标</p>", "<p>目标</p>"),
        ("<p></p><br>  ", ""),
        ("<h2>目标</h2>", "<h3>目标</h3>"),
    ],
)
def test_what_editors_paste_is_taken_in_its_safe_form(html: str, safe: str) -> None:
    assert safe_html(html) == safe


def test_blocks_know_lists_headings_quotes_and_tables() -> None:
    found = blocks(
        "<h3>一</h3><p>甲<strong>乙</strong></p><ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
        "<blockquote>q</blockquote><table><tr><th>头</th><td colspan=2>x<br>y</td></tr></table>"
    )
    assert [(block.kind, block.level, block.number, block.text) for block in found] == [
        ("head", 3, None, "一"),
        ("p", 0, None, "甲乙"),
        ("item", 1, 1, "a"),
        ("item", 2, None, "b"),
        ("item", 1, 2, "c"),
        ("quote", 0, None, "q"),
        ("table", 0, None, "头\tx y"),
    ]
    assert found[1].runs[1].dress == {"strong"}
    assert found[-1].rows[0][1].colspan == 2
