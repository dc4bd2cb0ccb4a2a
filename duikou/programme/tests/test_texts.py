"""Comparing and searching texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duikou.programme.rules.compare import compare, sentences
from duikou.programme.rules.hits import marked, snippet, words_of

TEXT = st.text(alphabet="东西部合作。；，ab 1\n", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_of_a_comparison_rebuild_both_texts(old, new):
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


@given(TEXT)
def test_sentences_joined_are_the_text(text):
    assert "".join(sentences(text)) == text


@given(st.text(max_size=80), st.text(max_size=10))
def test_marking_never_changes_the_text(text, query):
    assert "".join(part.text for part in marked(text, words_of(query))) == text


def test_a_hit_is_found_in_any_width_and_case():
    parts = marked("通过政府和社会资本合作（ＰＰＰ）等模式", words_of("ppp"))
    assert [part.text for part in parts if part.is_hit] == ["ＰＰＰ"]


def test_a_snippet_needs_every_word_and_shows_each():
    text = "飞" + "空" * 200 + "园"
    shown = "".join(part.text for part in snippet(text, words_of("飞 园")))
    assert "飞" in shown
    assert "园" in shown
    assert snippet(text, words_of("飞 无")) == []
