"""Writing in a browser: saves by a script, both writings beside each other, who is here - and no word is lost."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.money import Money
from duikou.kernel.rich_text import as_written, editable, safe_html
from duikou.plans.forms import money_line, money_text
from duikou.plans.models import PlanVersion, RefusedText, Revision
from duikou.plans.selectors import content_of
from duikou.plans.services.entries import entry_add, entry_content
from duikou.plans.services.sections import SectionDraft, section_remove, section_save
from duikou.plans.services.signing import version_close
from duikou.plans.tests.conftest import promise
from duikou.plans.tests.test_life import complete

JSON = {"Accept": "application/json"}
BASE = "<p>一</p><p>中</p><p>二</p>"


class Desk:
    """One person's browser at one section."""

    def __init__(self, client: Any, version: PlanVersion, uid: str) -> None:
        self.client, self.version, self.uid = client, version, uid
        self.url = reverse("plans:section", args=[version.pk, uid])

    def save(self, body: str, revision: int, **more: Any) -> Any:
        words = {"heading": "合作目标", "part": "goal", "level": "1", "body": body, "revision": revision, **more}
        return self.client.post(self.url, words, headers=JSON)


@pytest.fixture
def desks(client_for: Any, shenyang_editor: Any, beijing_editor: Any, draft_version: PlanVersion) -> tuple[Desk, Desk]:
    """沈阳's and 北京's, at the first section, which says three paragraphs (revision 2)."""
    uid = content_of(draft_version).sections[0].uid
    both = [Desk(client_for(person), draft_version, uid) for person in (shenyang_editor, beijing_editor)]
    assert both[0].save(BASE, 1).json()["revision"] == 2
    return both[0], both[1]


def body_of(desk: Desk) -> str:
    return content_of(desk.version).sections[0].body


def test_a_stale_autosave_is_kept_merged_by_choice_and_settled(desks: tuple[Desk, Desk]) -> None:
    mine, theirs = desks
    assert theirs.save("<p>一，北京</p><p>中</p><p>二，北京</p>", 2).status_code == 200
    refused = mine.save("<p>一，沈阳</p><p>中</p><p>二</p><p>三</p>", 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale")
    merge = refused.json()["merge"]
    plan = reverse("plans:plan", args=[mine.version.plan_id])
    page = mine.client.get(merge).content.decode()
    assert "，沈阳" in page
    assert "，北京" in page
    assert "因他人先作了修改" in mine.client.get(plan).content.decode()
    assert theirs.client.get(merge).status_code == 404
    choices = {"revision": 3, "chunk-0": "edit", "text-0": "一，双方", "chunk-2": "both"}
    assert mine.client.post(merge, choices).status_code == 302
    assert body_of(mine) == "<p>一，双方</p><p>中</p><p>二，北京</p><p>二</p><p>三</p>"
    assert RefusedText.objects.get().settled_at is not None
    assert (
        "因他人先作了修改" not in mine.client.get(reverse("plans:plan", args=[mine.version.plan_id])).content.decode()
    )


def test_words_written_while_a_refusal_was_on_its_way_take_its_place(desks: tuple[Desk, Desk]) -> None:
    mine, theirs = desks
    theirs.save("<p>北京</p>", 2)
    first = mine.save("<p>沈阳</p>", 2).json()["refused"]
    second = mine.save("<p>沈阳又写</p>", 2, refused=first).json()["refused"]
    waiting = RefusedText.objects.filter(settled_at=None)
    assert [row.pk for row in waiting] == [second]
    assert RefusedText.objects.get(pk=first).content["body"] == "<p>沈阳</p>"


def test_who_is_overtaken_while_merging_is_shown_both_again(desks: tuple[Desk, Desk]) -> None:
    mine, theirs = desks
    theirs.save("<p>一</p><p>中</p><p>二，北京</p>", 2)
    merge = mine.save("<p>一，沈阳</p><p>中</p><p>二</p>", 2).json()["merge"]
    theirs.save("<p>一</p><p>中</p><p>二，北京</p><p>三</p>", 3)
    again = mine.client.post(merge, {"revision": 3})
    assert again.status_code == 409
    kept = RefusedText.objects.get(settled_at=None)
    assert (kept.seen, kept.content["body"]) == (3, "<p>一，沈阳</p><p>中</p><p>二，北京</p>")
    last = mine.client.post(reverse("plans:refused", args=[mine.version.pk, kept.pk]), {"revision": 4})
    assert last.status_code == 302
    assert body_of(mine) == "<p>一，沈阳</p><p>中</p><p>二，北京</p><p>三</p>"


def test_words_for_a_section_that_is_gone_are_kept_and_bring_it_back(
    desks: tuple[Desk, Desk], beijing_editor: Any
) -> None:
    mine, _theirs = desks
    uid = uuid.UUID(mine.uid)
    section_remove(actor=beijing_editor.actor, version_id=mine.version.pk, uid=uid, revision=2)
    refused = mine.save("<p>还在写</p>", 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_found")
    assert "还在写" in mine.client.get(refused.json()["merge"]).content.decode()
    assert mine.client.post(refused.json()["merge"], {"revision": 0}).status_code == 302
    back = next(one for one in content_of(mine.version).sections if one.uid == mine.uid)
    assert (back.body, back.revision) == ("<p>还在写</p>", Revision.objects.filter(uid=uid).count())
    assert mine.save("<p>接着写</p>", back.revision).status_code == 200


def test_words_that_come_after_the_draft_was_closed_are_kept_with_the_reason(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    version = complete(draft_version, shenyang_editor.actor)
    section = content_of(version).sections[0]
    version_close(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)
    desk = Desk(client_for(shenyang_editor), version, section.uid)
    refused = desk.save("<p>来晚了</p>", section.revision)
    assert refused.status_code == 409
    assert "正在会签" in refused.json()["detail"]
    assert RefusedText.objects.get().content["body"] == "<p>来晚了</p>"
    page = desk.client.get(refused.json()["merge"]).content.decode()
    assert "来晚了" in page
    assert "保存合并结果" not in page


def test_a_browser_in_which_somebody_else_signed_in_saves_nothing(
    desks: tuple[Desk, Desk], shenyang_editor: Any
) -> None:
    _mine, theirs = desks
    refused = theirs.save("<p>别人的</p>", 2, account=shenyang_editor.account.pk)
    assert refused.status_code == 409
    assert "merge" not in refused.json()
    assert body_of(theirs) == BASE
    assert not RefusedText.objects.exists()


def test_a_script_learns_what_is_wrong_at_which_field(desks: tuple[Desk, Desk]) -> None:
    wrong = desks[0].save("<p>x</p>", 2, heading="。")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["heading"])


def test_an_entry_is_merged_field_by_field(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    entry = entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=promise())
    url = reverse("plans:entry", args=[draft_version.pk, entry.uid])
    words = {
        "title": "共建中关村产业园",
        "measure": "建立协同机制。",
        "clauses": ["3.4.2"],
        "target": "建成园区1个",
        "due_on": "2018-12-31",
        "first_units": "沈阳市发展改革委",
        "second_units": "北京市发展改革委",
        "money": "地方财政资金（甲侧） 100万元",
        "revision": 1,
    }
    theirs, mine = client_for(beijing_editor), client_for(shenyang_editor)
    assert theirs.post(url, {**words, "target": "建成园区2个", "due_on": "2019-06-30"}, headers=JSON).status_code == 200
    refused = mine.post(url, {**words, "target": "建成园区3个", "first_units": "沈阳市工信局"}, headers=JSON)
    assert refused.status_code == 409
    page = mine.get(refused.json()["merge"]).content.decode()
    for text in ("建成园区1个", "建成园区2个", "建成园区3个", "沈阳市工信局", "2019-06-30"):
        assert text in page
    choices = {"revision": 2, "choice-target": "edit", "target": "建成园区5个", "choice-due_on": "theirs"}
    assert mine.post(refused.json()["merge"], choices).status_code == 302
    content, revision = entry_content(version=draft_version, uid=entry.uid)
    assert (content["target"], content["due_on"], revision) == ("建成园区5个", "2019-06-30", 3)
    assert content["units"][0]["name"] == "沈阳市工信局"


def test_who_is_here_is_told_with_what_changed_in_few_statements(
    desks: tuple[Desk, Desk], coordinator: Any, dalian_editor: Any, unit: Any, client_for: Any
) -> None:
    mine, theirs = desks
    url = reverse("plans:presence", args=[mine.version.pk])
    theirs.client.post(url, {"uid": mine.uid, "editing": "1", "since": 7})
    theirs.save("<p>北京</p>", 2)
    found = mine.client.post(url, {"since": 7}).json()
    assert [(one["uid"], one["editing"]) for one in found["people"]] == [(mine.uid, True)]
    assert found["people"][0]["who"].startswith("北京")
    assert [(one["uid"], one["kind"], one["mine"]) for one in found["changes"]] == [(mine.uid, "section", False)]
    with CaptureQueriesContext(connection) as asked:
        quiet = mine.client.post(url, {"since": found["revision"]}).json()
    assert quiet["changes"] == []
    assert len([one for one in asked if "plans_" in one["sql"]]) == 2
    theirs.client.post(url, {"leave": "1"})
    assert mine.client.post(url, {"since": 99}).json()["people"] == []
    assert client_for(coordinator).post(url, {"since": 0}).status_code == 200
    assert client_for(dalian_editor).post(url, {"since": 0}).status_code == 404
    assert client_for(unit).post(url, {"since": 0}).status_code == 404


def test_a_part_is_shown_as_it_stands_now_and_not_when_it_is_gone(
    desks: tuple[Desk, Desk], shenyang_editor: Any
) -> None:
    mine, _theirs = desks
    url = reverse("plans:section-now", args=[mine.version.pk, mine.uid])
    assert "<p>中</p>" in mine.client.get(url).content.decode()
    where = {"version_id": mine.version.pk, "uid": uuid.UUID(mine.uid)}
    section_save(actor=shenyang_editor.actor, revision=2, draft=SectionDraft("目标", "<p>新</p>", "goal"), **where)
    assert "<p>新</p>" in mine.client.get(url).content.decode()
    section_remove(actor=shenyang_editor.actor, revision=3, **where)
    assert mine.client.get(url).status_code == 404


@given(st.text(max_size=80), st.sampled_from(["<p>{}</p><p>b</p>", "<ul><li>{}</li></ul>", "<p><em>{}</em></p>"]))
def test_what_a_plain_field_shows_is_read_back_as_the_same_text(words: str, shape: str) -> None:
    html = safe_html(shape.format(words))
    assert as_written(editable(html)) == html


def test_a_long_table_of_entries_is_told_in_short_until_it_is_seen(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    made = [
        entry_add(
            actor=shenyang_editor.actor,
            version_id=draft_version.pk,
            draft=promise(f"第{number}项", measure=f"举措{number}。"),
        )
        for number in range(60)
    ]
    client = client_for(shenyang_editor)
    page = client.get(reverse("plans:plan", args=[draft_version.plan_id])).content.decode()
    assert f'data-part="{made[49].uid}"' in page
    assert f'id="entry-{made[50].uid}"' in page
    assert f'data-part="{made[50].uid}"' not in page
    rest = reverse("plans:entry-rows", args=[draft_version.pk, 50])
    assert f'hx-get="{rest}"' in page
    rows = client.get(rest).content.decode()
    assert [f'data-part="{made[place].uid}"' in rows for place in (49, 50, 59)] == [False, True, True]
    assert "举措59。" in rows


@given(st.integers(min_value=1, max_value=10**14), st.sampled_from(["exact", "about", "at_least", "at_most"]))
def test_money_in_the_form_reads_back_as_it_was(cents: int, bound: str) -> None:
    amount = Money(Decimal(cents) / 100)
    row = {"source": "local", "side": "first", "amount": str(amount), "bound": bound}
    read = money_line(money_text(row))
    assert (read.source, read.side, read.amount, read.bound) == ("local", "first", amount, bound)


def test_money_in_the_form_is_written_as_people_write_it() -> None:
    row = {"source": "local", "side": "", "amount": "800000000.00", "bound": "about"}
    assert money_text(row) == "地方财政资金 约8亿元"
    assert money_text({**row, "amount": "123456.00"}) == "地方财政资金 约12.3456万元"
    assert money_text({**row, "amount": "1234567.89"}) == "地方财政资金 约1234567.89元"
