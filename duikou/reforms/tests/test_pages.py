"""The pages as people meet them: what they show, refuse, keep and count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from duikou.kernel.clock import today
from duikou.reforms.models import Adoption, ReformMeasure, Talk
from duikou.reforms.tests.conftest import SHENYANG, adopt, days_ago, paper, publish

pytestmark = pytest.mark.django_db
Browser = Callable[[Any], Client]
HERE = {"origin": "110000", "clauses": ["3.1.1"], "topic": "investment_commitment", "reach": "offices"}


def test_an_office_writes_publishes_and_the_other_side_reads(
    client_for: Browser, beijing_editor: Any, shenyang_editor: Any
):
    office = client_for(beijing_editor)
    facts = {**HERE, "title": "市场准入负面清单", "document_title": "清单", "summary": "非禁即入。"}
    page = office.post("/reforms/new/", facts)
    row = ReformMeasure.objects.get()
    assert page["Location"] == f"/reforms/{row.pk}/"
    assert client_for(shenyang_editor).get(f"/reforms/{row.pk}/").status_code == 404
    office.post(f"/reforms/{row.pk}/publish/", {"published_on": today().isoformat()})
    shown = client_for(shenyang_editor).get(f"/reforms/{row.pk}/").content.decode()
    assert "非禁即入" in shown
    assert f"/reforms/{row.pk}/regions/{SHENYANG}/adapt/" in shown


def test_a_refused_form_keeps_what_was_typed_and_says_where(client_for: Browser, beijing_editor: Any):
    page = client_for(beijing_editor).post("/reforms/new/", {**HERE, "title": " ", "summary": "写好的做法"})
    assert page.status_code == 400
    assert "写好的做法" in page.content.decode()


def test_a_stale_save_shows_both_texts(
    client_for: Browser, drafted: ReformMeasure, beijing_editor: Any, beijing_lead: Any
):
    facts = {**HERE, "title": "甲的名称", "revision": drafted.revision, "summary": "甲"}
    client_for(beijing_editor).post(f"/reforms/{drafted.pk}/edit/", facts)
    page = client_for(beijing_lead).post(f"/reforms/{drafted.pk}/edit/", {**facts, "title": "乙的名称"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "甲的名称" in text
    assert "乙的名称" in text


def figures(*lines: tuple[str, str, str, str]) -> dict[str, str]:
    found = {"figures-TOTAL_FORMS": "3", "figures-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        for name, value in zip(("name", "unit", "before", "after"), line, strict=True):
            found[f"figures-{number}-{name}"] = value
    return found


def test_a_region_adopts_with_document_file_and_figures_in_one_form(
    client_for: Browser, measure: ReformMeasure, shenyang_editor: Any
):
    office = client_for(shenyang_editor)
    where = f"/reforms/{measure.pk}/regions/{SHENYANG}/adopt/"
    facts = {
        "adopted_on": days_ago(3).isoformat(),
        "document_title": "实施方案",
        "text": "审批提速",
        "revision": "0",
        **figures(("审批时限", "工作日", "20", "7.5")),
    }
    refused = office.post(where, facts)
    assert refused.status_code == 400
    assert "审批时限" in refused.content.decode()
    page = office.post(where, {**facts, "file": paper()})
    row = Adoption.objects.get()
    assert page["Location"] == f"/reforms/adoptions/{row.pk}/"
    shown = office.get(page["Location"]).content.decode()
    for words in ("实施方案", "审批提速", "审批时限", "7.5"):
        assert words in shown


def test_a_late_step_shows_what_stands_there_now(
    client_for: Browser, measure: ReformMeasure, shenyang_editor: Any, shenyang_lead: Any
):
    where = f"/reforms/{measure.pk}/regions/{SHENYANG}/adapt/"
    first = {"planned_on": days_ago(-30).isoformat(), "differences": "先到的", "revision": "0"}
    client_for(shenyang_lead).post(where, first)
    page = client_for(shenyang_editor).post(where, {**first, "differences": "后到的"})
    assert page.status_code == 409
    assert "先到的" in page.content.decode()
    assert "后到的" in page.content.decode()


def test_asking_answering_and_a_refused_answer(
    client_for: Browser, measure: ReformMeasure, shenyang_editor: Any, beijing_editor: Any
):
    asker, owner = client_for(shenyang_editor), client_for(beijing_editor)
    asker.post(f"/reforms/{measure.pk}/talks/", {"text": "怎么监管？"})
    talk = Talk.objects.get()
    refused = owner.post(f"/reforms/talks/{talk.pk}/", {"text": " "})
    assert refused.status_code == 400
    owner.post(f"/reforms/talks/{talk.pk}/", {"text": "事中事后监管。"})
    assert "事中事后监管" in asker.get(f"/reforms/{measure.pk}/").content.decode()


def test_the_contact_is_shown_in_full_only_on_asking(
    client_for: Browser, measure: ReformMeasure, beijing_editor: Any, shenyang_editor: Any
):
    client_for(beijing_editor).post(f"/reforms/{measure.pk}/contact/", {"name": "王小明", "phone": "010-55551234"})
    reader = client_for(shenyang_editor)
    assert "王小明" not in reader.get(f"/reforms/{measure.pk}/").content.decode()
    page = reader.post(f"/reforms/{measure.pk}/contact/reveal/")
    assert "王小明" in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_lists_are_narrowed_by_the_address_and_exported_as_shown(
    client_for: Browser, measure: ReformMeasure, adopted: Adoption, beijing_editor: Any, shenyang_editor: Any
):
    other = publish(
        beijing_editor.actor, title="国企混改", topic_code="soe_reform", codes=("3.1.2",), document_number=""
    )
    office = client_for(shenyang_editor)
    for query, known in (
        ("topic=soe_reform", other),
        ("clause=3.1.1", measure),
        ("q=京政发2018", measure),
        ("mine=open", other),
    ):
        page = office.get(f"/reforms/?{query}")
        assert [row.pk for row, _cells in page.context["rows"]] == [known.pk], query
    assert office.get("/reforms/?topic=nonsense").status_code == 400
    for query, count in (
        ("region=210100", 1),
        ("region=210200", 0),
        ("late=on", 0),
        ("unproved=on", 0),
        ("pairing=shenyang-beijing", 1),
    ):
        assert office.get(f"/reforms/adoptions/?{query}").context["count"] == count, query
    for where in ("/reforms/export/?clause=3.1", "/reforms/adoptions/export/?state=adopted"):
        answer = office.get(where)
        assert answer["Content-Type"].endswith("sheet")
        assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_pages_ask_the_same_however_much_there_is(
    client_for: Browser,
    query_counts: Any,
    measure: ReformMeasure,
    adopted: Adoption,
    beijing_editor: Any,
    shenyang_editor: Any,
):
    office = client_for(shenyang_editor)
    for turn in range(2):
        for name, where in (
            ("reforms.list", "/reforms/"),
            ("reforms.adoptions", "/reforms/adoptions/"),
            ("reforms.measure", f"/reforms/{measure.pk}/"),
            ("reforms.adoption", f"/reforms/adoptions/{adopted.pk}/"),
        ):
            office.get(where)
            with query_counts(name):
                assert office.get(where).status_code == 200
        if turn == 0:
            for number in range(6):
                more = publish(beijing_editor.actor, title=f"经验{number}", document_number="")
                adopt(shenyang_editor.actor, more)
