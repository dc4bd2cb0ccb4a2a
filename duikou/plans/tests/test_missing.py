"""What a draft lacks stands beside it while it is written, and is asked again without the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from duikou.plans.models import PlanVersion
from duikou.plans.services.entries import EntryDraft, UnitDraft, entry_add
from duikou.plans.tests.conftest import promise
from duikou.plans.tests.test_life import complete

BOTH = (UnitDraft("first", "甲", True), UnitDraft("second", "乙", True))
LACKS: list[tuple[EntryDraft, str]] = [
    (promise("缺条款", clauses=()), "缺条款"),
    (promise("缺甲侧", units=BOTH[1:]), "没有沈阳市"),
    (promise("缺乙侧", units=BOTH[:1]), "没有北京市"),
    (promise("缺期限", due_on=None), "缺期限"),
    (promise("缺目标", target=""), "没有目标"),
    (promise("超出时段", due_on=dt.date(2030, 1, 1)), "超出时段"),
    (promise("缺指标", target_value=Decimal(3), target_unit="个"), "缺指标"),
]


@pytest.mark.parametrize(("draft", "words"), LACKS, ids=[draft.title for draft, _words in LACKS])
def test_each_thing_an_entry_lacks_shows_while_writing_and_holds_signing_back(
    draft_version: PlanVersion, shenyang_editor: Any, client_for: Any, draft: EntryDraft, words: str
) -> None:
    version, browser = complete(draft_version, shenyang_editor.actor), client_for(shenyang_editor)
    fragment = reverse("plans:missing", args=[version.pk])
    before = browser.get(fragment).content.decode()
    assert words not in before
    assert "可以送签" in before
    version.refresh_from_db()
    entry_add(actor=shenyang_editor.actor, version_id=version.pk, draft=draft)
    for address in (fragment, reverse("plans:plan", args=[version.plan_id])):
        page = browser.get(address).content.decode()
        assert words in page
        assert "<small>0处" not in page
    version.refresh_from_db()
    sent = browser.post(reverse("plans:submit", args=[version.pk]), {"revision": version.revision})
    assert sent.status_code == 409
    assert words in sent.content.decode()


def test_the_fragment_is_quiet_while_nobody_saves_and_no_page(
    draft_version: PlanVersion, shenyang_editor: Any, dalian_editor: Any, client_for: Any
) -> None:
    browser, where = client_for(shenyang_editor), reverse("plans:missing", args=[draft_version.pk])
    draft_version.refresh_from_db()
    assert browser.get(where, {"revision": draft_version.revision}).status_code == 204
    page = browser.get(where, {"revision": draft_version.revision - 1}).content.decode()
    assert "合作目标" in page
    assert "<html" not in page
    assert f"?revision={draft_version.revision}" in page
    assert client_for(dalian_editor).get(where).status_code == 404
    PlanVersion.objects.filter(pk=draft_version.pk).update(state="in_cosign")
    closed = browser.get(where, {"revision": draft_version.revision})
    assert closed.status_code == 286  # htmx: this, and do not ask again
    assert "正在会签" in closed.content.decode()
    assert "hx-get" not in closed.content.decode()
