"""The text of the 2017 instrument is whole: proved from the data in the repository."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml
from django.conf import settings

from duikou.programme import selectors
from duikou.programme.services.pack_export import programme_export

FOLDER = settings.PACKS / "northeast-east-2017"


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _pieces():
    clauses = yaml.safe_load((FOLDER / "clauses.yaml").read_text(encoding="utf-8"))["clauses"]
    return [
        (piece["at"], clause["code"], piece["text"])
        for clause in clauses
        for part in ("heading", "body")
        for piece in clause.get(part, [])
    ]


def test_the_pieces_in_source_order_are_the_source_character_by_character():
    joined = "".join(_bare(text) for _, _, text in sorted(_pieces()))
    assert joined == _bare((FOLDER / "source.txt").read_text(encoding="utf-8"))


def test_each_piece_has_its_own_place_in_the_source():
    places = sorted(at for at, _, _ in _pieces())
    assert places == list(range(1, len(places) + 1))


@pytest.mark.django_db
def test_every_sentence_of_the_source_stands_in_exactly_one_clause_of_the_export():
    export = programme_export(selectors.programme_at("northeast-east-2017"))
    texts = [_bare(clause["text"]) for clause in export["clauses"]]
    source = (FOLDER / "source.txt").read_text(encoding="utf-8")
    sentences = [_bare(part) for part in re.split(r"(?<=[。：])|\n", source) if len(_bare(part)) > 4]
    assert len(sentences) > 120
    whole = _bare(source)
    found = {sentence: sum(text.count(sentence) for text in texts) for sentence in sentences}
    assert found == {sentence: whole.count(sentence) for sentence in sentences}


@pytest.mark.django_db
def test_the_export_loses_no_character_and_doubles_none():
    export = programme_export(selectors.programme_at("northeast-east-2017"))
    exported = Counter(_bare("".join(clause["text"] for clause in export["clauses"])))
    assert exported == Counter(_bare((FOLDER / "source.txt").read_text(encoding="utf-8")))


@pytest.mark.django_db
def test_a_heading_stands_before_its_paragraph_in_reading_order():
    export = {row["code"]: row for row in programme_export(selectors.programme_at("northeast-east-2017"))["clauses"]}
    assert export["3.1.1"]["text"].startswith("1.行政管理体制改革。\n推动东北地区借鉴")
    assert "——政府引导、市场运作。积极发挥政府" in export["1.2"]["text"]
    assert export["2.1"]["text"].startswith("——东北三省与东部三省：辽宁省与江苏省")


@pytest.mark.django_db
def test_the_codes_are_those_of_the_domain():
    codes = [clause.code for clause in selectors.clauses_of(selectors.programme_at("northeast-east-2017"))]
    tasks = [f"3.{section}.{item}" for section, last in ((1, 5), (2, 5), (3, 4), (4, 4)) for item in range(1, last + 1)]
    assert [code for code in codes if code.count(".") == 2] == tasks
    assert len(tasks) == 18
    for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", *(f"4.{n}" for n in range(1, 7))):
        assert code in codes
    assert selectors.tasks_of(selectors.programme_at("northeast-east-2017")).count() == 18


@pytest.mark.django_db
def test_the_export_speaks_of_seven_results_eight_top_pairings_and_english_everywhere():
    export = programme_export(selectors.programme_at("northeast-east-2017"))
    assert len(export["targets"]) == 7
    assert Counter(row["level"] for row in export["pairings"]) == {
        "provincial": 3,
        "city": 4,
        "exploratory": 1,
        "sub": 14,
    }
    for key in ("clauses", "targets", "duties", "indicators", "kinds"):
        for row in export[key]:
            assert row["title_en"], (key, row["code"])
            assert row["title_en"].isprintable()
            assert not re.search(r"[\u4e00-\u9fff]", row["title_en"])
    assert all(field["label_en"] for kind in export["kinds"] for field in kind["fields"])
