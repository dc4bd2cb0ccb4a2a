"""What last year left undone is carried for as long as a plan of this year carries it, and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from duikou.plans.models import EntryProgress, PlanVersion
from duikou.plans.services.decomposition import entries_carry_over
from duikou.plans.services.entries import EntryDraft, entry_add, entry_content, entry_remove
from duikou.plans.services.plans import PlanDraft, amendment_open, plan_create, version_abandon
from duikou.plans.tests.conftest import promise
from duikou.records.models import AuditEvent


def _carried(pairing: Any, actor: Any, said: str = "") -> tuple[Any, PlanVersion, Any]:
    """Last year's promise, this year's draft that carries it on, and its entry there."""
    last = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2018年工作计划", year=2018))
    entry = entry_add(actor=actor, version_id=last.pk, draft=promise("未完事项"))
    if said:
        stamp = {"changed_at": last.created_at, "changed_by": "x"}
        EntryProgress.objects.create(plan=last.plan, entry_uid=entry.uid, state=said, note="缺地", **stamp)
    this = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2019年工作计划", year=2019))
    [carried] = entries_carry_over(actor=actor, version_id=this.pk)
    return entry, this, carried


def _state(entry: Any) -> str:
    return EntryProgress.objects.get(entry_uid=entry.uid).state


@pytest.mark.parametrize(("said", "after"), [("", "pending"), ("unfinished", "unfinished"), ("doing", "doing")])
def test_a_draft_given_up_carries_nothing_and_one_taken_up_again_does(
    pairing: Any, shenyang_editor: Any, said: str, after: str
) -> None:
    actor = shenyang_editor.actor
    entry, this, _ = _carried(pairing, actor, said)
    version_abandon(actor=actor, version_id=this.pk, reason="今年不单独编制")
    assert _state(entry) == after
    assert AuditEvent.objects.get(action="plans.progress.let_go").after["entry"] == ["未完事项"]
    amendment_open(actor=actor, version_id=this.pk, reason="还是要编")
    assert _state(entry) == "carried"


def test_a_promise_taken_out_of_the_draft_is_carried_no_more_until_it_is_brought_back(
    pairing: Any, shenyang_editor: Any
) -> None:
    actor = shenyang_editor.actor
    entry, this, carried = _carried(pairing, actor, "unfinished")
    content, revision = entry_content(version=this, uid=carried.uid)
    entry_remove(actor=actor, version_id=this.pk, uid=carried.uid, revision=revision)
    assert _state(entry) == "unfinished"
    entry_add(actor=actor, version_id=this.pk, draft=EntryDraft.of(content), uid=carried.uid)
    assert _state(entry) == "carried"


def test_what_was_said_since_it_was_carried_stands_when_the_draft_is_given_up(
    pairing: Any, shenyang_editor: Any
) -> None:
    actor = shenyang_editor.actor
    entry, this, _ = _carried(pairing, actor)
    EntryProgress.objects.filter(entry_uid=entry.uid).update(state="done")
    version_abandon(actor=actor, version_id=this.pk, reason="今年不单独编制")
    assert _state(entry) == "done"
    amendment_open(actor=actor, version_id=this.pk, reason="还是要编")
    assert _state(entry) == "done"
