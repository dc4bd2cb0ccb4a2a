"""Two sides at one draft: nothing written is lost, remarks are settled, a proposal is decided by the other side."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.plans.models import PlanVersion, Presence, RefusedText, Revision
from duikou.plans.selectors import content_of
from duikou.plans.services.comments import comment_add, comment_reopen, comment_resolve
from duikou.plans.services.compare import authorship, compare, state_at
from duikou.plans.services.entries import entry_add
from duikou.plans.services.merge import refused_keep, refused_settle, restored, section_offer
from duikou.plans.services.presence import FORGOTTEN_AFTER, SAID_AGAIN_AFTER, presence_leave, presence_said, present
from duikou.plans.services.sections import SectionDraft, section_move, section_save
from duikou.plans.services.suggestions import (
    suggestion_accept,
    suggestion_decline,
    suggestion_make,
    suggestion_withdraw,
)
from duikou.plans.tests.conftest import promise

BASE = "<p>一</p><p>中</p><p>二</p>"
MINE, THEIRS = "<p>一，甲</p><p>中</p><p>二</p>", "<p>一</p><p>中</p><p>二，乙</p>"


def _goal(version: PlanVersion) -> uuid.UUID:
    return uuid.UUID(content_of(version).sections[0].uid)


def _write(person: Any, version: PlanVersion, uid: uuid.UUID, revision: int, body: str) -> None:
    draft = SectionDraft("合作目标", body, "goal")
    section_save(actor=person.actor, version_id=version.pk, uid=uid, revision=revision, draft=draft)


def test_a_refused_text_is_kept_and_both_go_together(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    uid = _goal(draft_version)
    _write(shenyang_editor, draft_version, uid, 1, BASE)
    _write(beijing_editor, draft_version, uid, 2, THEIRS)
    with pytest.raises(Stale) as refused:
        _write(shenyang_editor, draft_version, uid, 2, MINE)
    for _again in range(2):
        refused_keep(
            actor=shenyang_editor.actor,
            version=draft_version,
            subject="section",
            uid=uid,
            seen=2,
            content={"body": MINE},
        )
    assert [row.content["body"] for row in RefusedText.objects.all()] == [MINE]
    present_now: Any = refused.value.data["present"]
    offer = section_offer(version_id=draft_version.pk, uid=uid, seen=2, mine={"body": MINE}, present=present_now)
    assert offer.clean
    assert offer.body == "<p>一，甲</p><p>中</p><p>二，乙</p>"
    _write(shenyang_editor, draft_version, uid, 3, offer.body)
    kept = RefusedText.objects.get()
    assert refused_settle(actor=beijing_editor.actor, version_id=draft_version.pk, refused_id=kept.pk) == 0
    assert refused_settle(actor=shenyang_editor.actor, version_id=draft_version.pk, refused_id=kept.pk) == 1
    assert RefusedText.objects.count() == 1
    sides = {paragraph: side for paragraph, _name, side in authorship(version_id=draft_version.pk, uid=uid)}
    assert sides == {"<p>一，甲</p>": "first", "<p>中</p>": "first", "<p>二，乙</p>": "second"}


def test_two_moments_of_a_draft_are_compared_in_text_and_table(
    draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    uid, actor = _goal(draft_version), shenyang_editor.actor
    _write(shenyang_editor, draft_version, uid, 1, "<p>到2020年</p>")
    number = Revision.objects.filter(version=draft_version).latest("number").number
    _write(shenyang_editor, draft_version, uid, 2, "<p>到2025年</p>")
    entry = entry_add(actor=actor, version_id=draft_version.pk, draft=promise())
    last = uuid.UUID(content_of(draft_version).sections[-1].uid)
    section_move(actor=actor, version_id=draft_version.pk, uid=uid, revision=3, after=last)
    found = compare(state_at(draft_version, number), state_at(draft_version))
    kinds = {one.uid: (one.kind, one.moved) for one in found.sections}
    assert kinds.pop(str(uid)) == ("changed", True)
    assert set(kinds.values()) == {("same", False)}
    assert [(one.kind, one.uid) for one in found.entries] == [("added", str(entry.uid))]
    back = compare(state_at(draft_version), state_at(draft_version, number))
    assert [one.kind for one in back.entries] == ["removed"]
    assert restored(version_id=draft_version.pk, number=number, uid=uid)["body"] == "<p>到2020年</p>"


def test_two_versions_have_a_page_of_what_differs(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any, dalian_lead: Any
) -> None:
    url = reverse("plans:compare", args=[draft_version.plan_id, 1, 1])
    assert "正文没有不同" in client_for(shenyang_editor).get(url).content.decode()
    assert client_for(dalian_lead).get(url).status_code == 404
    other = reverse("plans:compare", args=[draft_version.plan_id, 1, 2])
    assert client_for(shenyang_editor).get(other).status_code == 404


def test_the_page_of_what_differs_marks_words_and_cells(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    uid = _goal(draft_version)
    _write(shenyang_editor, draft_version, uid, 1, "<p>到2020年</p><p>末</p>")
    old = state_at(draft_version)
    _write(shenyang_editor, draft_version, uid, 2, "<p>到2025年</p><p>末</p><p>新</p>")
    entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=promise())
    found = compare(old, state_at(draft_version))
    one = found.entries[0]
    html = render_to_string(
        "plans/compare.html",
        {
            "plan": draft_version.plan,
            "old": draft_version,
            "new": draft_version,
            "heading": "比较",
            "sections": found.sections,
            "entries": [(one, one.cells)],
        },
    )
    for words in ("<del>2020</del><ins>2025</ins>", "<ins><p>新</p></ins>", "<ins>共建中关村产业园</ins>"):
        assert words in html


def test_the_others_who_are_here_are_known_until_they_leave(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any, django_assert_num_queries: Any
) -> None:
    uid = _goal(draft_version)
    here: dict[str, Any] = {"actor": beijing_editor.actor, "version": draft_version}
    with django_assert_num_queries(2):
        assert presence_said(**here, uid=uid, editing=True) == []
    presence_said(**here)
    with django_assert_num_queries(1):
        presence_said(**here)
    Presence.objects.update(at=now() - SAID_AGAIN_AFTER)
    with django_assert_num_queries(2):
        presence_said(**here)
    others = presence_said(actor=shenyang_editor.actor, version=draft_version)
    assert [(one.side, one.editing) for one in others] == [("second", False)]
    assert present(actor=shenyang_editor.actor, version_id=draft_version.pk) == others
    Presence.objects.filter(account=beijing_editor.account).update(at=now() - FORGOTTEN_AFTER)
    assert presence_said(actor=shenyang_editor.actor, version=draft_version) == []
    presence_leave(actor=beijing_editor.actor, version_id=draft_version.pk)
    assert Presence.objects.count() == 1


def test_a_remark_is_answered_resolved_once_and_opened_again(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any, dalian_lead: Any
) -> None:
    uid, mine, theirs = _goal(draft_version), shenyang_editor.actor, beijing_editor.actor
    thread = comment_add(actor=theirs, version_id=draft_version.pk, uid=uid, text="请补充数字")
    answer = comment_add(actor=mine, version_id=draft_version.pk, parent_id=thread.pk, text="已补充")
    assert (answer.parent_id, answer.uid) == (thread.pk, uid)
    assert comment_resolve(actor=mine, comment_id=thread.pk).resolved_by
    with pytest.raises(Conflict):
        comment_resolve(actor=theirs, comment_id=thread.pk)
    assert comment_reopen(actor=theirs, comment_id=thread.pk).resolved_at is None
    with pytest.raises(Invalid):
        comment_add(actor=mine, version_id=draft_version.pk, text=" 。")
    with pytest.raises(NotFound):
        comment_add(actor=mine, version_id=draft_version.pk, uid=uuid.uuid4(), text="在哪里")
    with pytest.raises(NotFound):
        comment_add(actor=dalian_lead.actor, version_id=draft_version.pk, text="外人")


def test_only_the_other_side_takes_a_proposal_and_only_while_the_words_stand(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    uid, mine, theirs = _goal(draft_version), shenyang_editor.actor, beijing_editor.actor
    at: Any = {"version_id": draft_version.pk, "subject": "section", "uid": uid, "field": "body"}
    first = suggestion_make(actor=mine, text="第一段", **at)
    second = suggestion_make(actor=mine, text="另一种", **at)
    with pytest.raises(Forbidden):
        suggestion_accept(actor=mine, suggestion_id=first.pk)
    with pytest.raises(Forbidden):
        suggestion_withdraw(actor=theirs, suggestion_id=first.pk)
    assert suggestion_accept(actor=theirs, suggestion_id=first.pk).state == "accepted"
    assert content_of(draft_version).sections[0].body == "<p>第一段</p>"
    with pytest.raises(Conflict):
        suggestion_accept(actor=theirs, suggestion_id=second.pk)
    with pytest.raises(Conflict):
        suggestion_decline(actor=theirs, suggestion_id=first.pk, reason="迟了")
    assert suggestion_withdraw(actor=mine, suggestion_id=second.pk).state == "withdrawn"
    with pytest.raises(Invalid):
        suggestion_make(actor=mine, text="x", version_id=draft_version.pk, subject="section", uid=uid, field="part")


def test_an_entry_takes_a_proposal_too(draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any) -> None:
    entry = entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=promise())
    found = suggestion_make(
        actor=beijing_editor.actor,
        version_id=draft_version.pk,
        subject="entry",
        uid=entry.uid,
        field="target",
        text="建成园区2个",
    )
    suggestion_accept(actor=shenyang_editor.actor, suggestion_id=found.pk)
    assert content_of(draft_version).entries[0].target == "建成园区2个"
