"""Remarks, proposals and the record of changes on their pages: who sees them, who decides, who is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from duikou.flow.models import Notice
from duikou.flow.services.notices import tell
from duikou.plans.models import Comment, PlanVersion, Revision, Suggestion
from duikou.plans.selectors import content_of
from duikou.plans.services import tellings
from duikou.plans.services.comments import comment_add
from duikou.plans.services.entries import entry_add, entry_content, entry_remove, entry_save
from duikou.plans.services.sections import SectionDraft, section_remove, section_save
from duikou.plans.services.signing import version_close
from duikou.plans.services.suggestions import suggestion_accept, suggestion_decline, suggestion_make
from duikou.plans.tests.conftest import promise
from duikou.plans.tests.test_life import complete, in_force
from duikou.records.models import AuditEvent

BODY = "<p>到2020年</p>"


@pytest.fixture
def goal(draft_version: PlanVersion, shenyang_editor: Any) -> uuid.UUID:
    """The first section, with a paragraph (revision 2)."""
    uid = uuid.UUID(content_of(draft_version).sections[0].uid)
    words = SectionDraft("合作目标", BODY, "goal")
    section_save(actor=shenyang_editor.actor, version_id=draft_version.pk, uid=uid, revision=1, draft=words)
    return uid


def test_a_remark_is_made_answered_resolved_and_filtered_on_its_pages(
    client_for: Any, draft_version: PlanVersion, goal: uuid.UUID, shenyang_editor: Any, beijing_editor: Any
) -> None:
    mine, theirs = client_for(shenyang_editor), client_for(beijing_editor)
    place = reverse("plans:talk-part", args=[draft_version.pk, goal])
    assert theirs.post(place, {"text": "请补充数字"}).status_code == 302
    assert theirs.post(place, {"text": " "}).status_code == 400
    thread = Comment.objects.get()
    reply = reverse("plans:comment-reply", args=[draft_version.pk, thread.pk])
    assert "已补充" in mine.post(reply, {"text": "已补充"}, headers={"HX-Request": "true"}).content.decode()
    every = reverse("plans:talk", args=[draft_version.pk])
    assert "请补充数字" in mine.get(every, {"open": "1"}).content.decode()
    assert mine.post(reverse("plans:comment-resolve", args=[draft_version.pk, thread.pk])).status_code == 302
    assert "请补充数字" not in mine.get(every, {"open": "1"}).content.decode()
    assert "请补充数字" in mine.get(every).content.decode()
    theirs.post(reverse("plans:comment-reopen", args=[draft_version.pk, thread.pk]))
    assert "请补充数字" in mine.get(every, {"open": "1"}).content.decode()
    assert mine.post(every, {"text": "对整个计划"}).status_code == 302
    assert "对整个计划" in theirs.get(every).content.decode()
    elsewhere = reverse("plans:comment-resolve", args=[draft_version.pk + 1, thread.pk])
    assert mine.post(elsewhere).status_code == 404


def test_a_proposal_is_shown_as_a_difference_and_decided_by_the_other_side(
    client_for: Any, draft_version: PlanVersion, goal: uuid.UUID, shenyang_editor: Any, beijing_editor: Any
) -> None:
    mine, theirs = client_for(shenyang_editor), client_for(beijing_editor)
    form = reverse("plans:section-suggest", args=[draft_version.pk, goal])
    assert "到2020年" in theirs.get(form).content.decode()
    assert theirs.post(form, {"text": "到2020年"}).status_code == 400
    assert theirs.post(form, {"text": "到2025年", "reason": "规划期"}).status_code == 302
    found = Suggestion.objects.get()
    place = reverse("plans:talk-part", args=[draft_version.pk, goal])
    assert "<del>2020</del><ins>2025</ins>" in mine.get(place).content.decode()
    accept = reverse("plans:suggestion-accept", args=[draft_version.pk, found.pk])
    assert theirs.post(accept).status_code == 403
    assert mine.post(accept).status_code == 302
    kept = Revision.objects.filter(version=draft_version, uid=goal).latest("number")
    assert (kept.content["body"], kept.author_name, kept.proposed_by) == (
        "<p>到2025年</p>",
        shenyang_editor.actor.name,
        beijing_editor.actor.name,
    )
    event = AuditEvent.objects.filter(action="plans.section.saved").latest("id")
    assert event.after["proposed_by"] == beijing_editor.actor.name
    history = mine.get(reverse("plans:history", args=[draft_version.plan_id, 1]), {"part": goal}).content.decode()
    assert beijing_editor.actor.name in history


def test_declining_needs_a_reason_and_a_proposal_whose_words_moved_is_not_taken(
    client_for: Any, draft_version: PlanVersion, goal: uuid.UUID, shenyang_editor: Any, beijing_editor: Any
) -> None:
    mine = client_for(shenyang_editor)
    at: Any = {"version_id": draft_version.pk, "subject": "section", "uid": goal, "field": "body"}
    found = suggestion_make(actor=beijing_editor.actor, text="到2025年", **at)
    words = SectionDraft("合作目标", "<p>到2030年</p>", "goal")
    section_save(actor=shenyang_editor.actor, version_id=draft_version.pk, uid=goal, revision=2, draft=words)
    place = reverse("plans:talk-part", args=[draft_version.pk, goal])
    page = mine.get(place).content.decode()
    assert "原文已经改变" in page
    accept, decline = (
        reverse(f"plans:suggestion-{verb}", args=[draft_version.pk, found.pk]) for verb in ("accept", "decline")
    )
    assert mine.post(accept).status_code == 409
    assert mine.post(decline, {"reason": ""}).status_code == 400
    assert mine.post(decline, {"reason": "已改为2030年"}).status_code == 302
    assert "已改为2030年" in mine.get(place).content.decode()
    found.refresh_from_db()
    assert (found.state, found.answer) == ("declined", "已改为2030年")


def test_a_proposal_for_an_entry_has_a_form_for_each_field(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    entry = entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=promise())
    form = reverse("plans:entry-suggest", args=[draft_version.pk, entry.uid])
    theirs = client_for(beijing_editor)
    assert "建成园区1个" in theirs.get(form, {"field": "target"}).content.decode()
    assert theirs.post(f"{form}?field=target", {"text": "建成园区2个"}).status_code == 302
    assert Suggestion.objects.get().field == "target"
    assert theirs.get(reverse("plans:section-suggest", args=[draft_version.pk, entry.uid])).status_code == 404


def test_what_is_said_while_drafting_is_no_business_of_those_who_only_read_the_result(
    client_for: Any,
    draft_version: PlanVersion,
    shenyang_editor: Any,
    dalian_editor: Any,
    coordinator: Any,
    ministry: Any,
) -> None:
    comment_add(actor=shenyang_editor.actor, version_id=draft_version.pk, text="只在双方之间说")
    version = in_force(complete(draft_version, shenyang_editor.actor), shenyang_editor.actor)
    pages = [
        reverse("plans:talk", args=[version.pk]),
        reverse("plans:history", args=[version.plan_id, 1]),
        reverse("plans:history-compare", args=[version.plan_id, 1]),
    ]
    for page in pages:
        assert [client_for(person).get(page).status_code for person in (coordinator, dalian_editor, ministry)] == [
            200,
            403,
            403,
        ]
    plan = reverse("plans:plan", args=[version.plan_id])
    assert "plans:talk" not in client_for(dalian_editor).get(plan).content.decode()
    assert reverse("plans:talk", args=[version.pk]) not in client_for(dalian_editor).get(plan).content.decode()


def test_nothing_is_said_or_decided_once_the_draft_is_closed(
    client_for: Any, draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    version = complete(draft_version, shenyang_editor.actor)
    section = uuid.UUID(content_of(version).sections[0].uid)
    found = suggestion_make(
        actor=beijing_editor.actor,
        version_id=version.pk,
        subject="section",
        uid=section,
        field="heading",
        text="另一标题",
    )
    version.refresh_from_db()
    version_close(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)
    mine = client_for(shenyang_editor)
    place = reverse("plans:talk-part", args=[version.pk, section])
    assert "正在会签" in mine.get(place).content.decode()
    assert mine.post(place, {"text": "晚了"}).status_code == 403
    assert mine.post(reverse("plans:suggestion-accept", args=[version.pk, found.pk])).status_code == 403


def test_the_other_side_is_told_where_and_the_author_is_not(
    draft_version: PlanVersion, goal: uuid.UUID, shenyang_editor: Any, beijing_editor: Any, dalian_editor: Any
) -> None:
    row = comment_add(actor=shenyang_editor.actor, version_id=draft_version.pk, uid=goal, text="请看")
    told = tellings.comment_told(row.pk)
    assert told is not None
    tell(told)
    notice = Notice.objects.get(account=beijing_editor.account, kind=tellings.SAID)
    assert notice.url.endswith(f"/talk/{goal}/#comment-{row.pk}")
    assert "合作目标" in notice.words
    assert not Notice.objects.filter(account__in=[shenyang_editor.account, dalian_editor.account]).exists()
    at: Any = {"version_id": draft_version.pk, "subject": "section", "uid": goal, "field": "body"}
    first = suggestion_make(actor=shenyang_editor.actor, text="甲", **at)
    second = suggestion_make(actor=shenyang_editor.actor, text="乙", **at)
    proposed, decided = tellings.suggestion_told(first.pk), None
    assert proposed is not None
    assert beijing_editor.account.pk in proposed.accounts
    suggestion_accept(actor=beijing_editor.actor, suggestion_id=first.pk)
    suggestion_decline(actor=beijing_editor.actor, suggestion_id=second.pk, reason="已采纳甲")
    decided = tellings.suggestion_told(second.pk)
    assert decided is not None
    assert shenyang_editor.account.pk in decided.accounts
    assert beijing_editor.account.pk not in decided.accounts
    assert tellings.comment_told(0) is None


def test_any_two_changes_are_compared_and_an_earlier_text_comes_back_as_a_new_change(
    client_for: Any, draft_version: PlanVersion, goal: uuid.UUID, beijing_editor: Any
) -> None:
    client = client_for(beijing_editor)
    words = SectionDraft("合作目标", "<p>到2025年</p>", "goal")
    section_save(actor=beijing_editor.actor, version_id=draft_version.pk, uid=goal, revision=2, draft=words)
    numbers = list(Revision.objects.filter(version=draft_version, uid=goal).values_list("number", flat=True))
    history = reverse("plans:history", args=[draft_version.plan_id, 1])
    page = client.get(history, {"part": goal}).content.decode()
    assert page.count("改了什么") == 3
    both = reverse("plans:history-compare", args=[draft_version.plan_id, 1])
    shown = client.get(both, {"from": numbers[-1], "to": numbers[-2]}).content.decode()
    assert "<del>2020</del><ins>2025</ins>" in shown
    assert client.get(both, {"from": "x", "to": "999999"}).status_code == 200
    back = reverse("plans:restore", args=[draft_version.pk, goal, numbers[-2]])
    assert client.post(back).status_code == 302
    assert content_of(draft_version).sections[0].body == BODY
    assert Revision.objects.filter(version=draft_version, uid=goal).count() == 4
    section_remove(actor=beijing_editor.actor, version_id=draft_version.pk, uid=goal, revision=4)
    assert client.post(back).status_code == 302
    assert next(one for one in content_of(draft_version).sections if one.uid == str(goal)).revision == 6


def test_a_removed_entry_comes_back_whole(client_for: Any, draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor, pk = shenyang_editor.actor, draft_version.pk
    entry = entry_add(actor=actor, version_id=pk, draft=promise())
    number = Revision.objects.get(uid=entry.uid).number
    entry_remove(actor=actor, version_id=pk, uid=entry.uid, revision=1)
    back = reverse("plans:restore", args=[pk, entry.uid, number])
    assert client_for(shenyang_editor).post(back).status_code == 302
    content, revision = entry_content(version=draft_version, uid=entry.uid)
    assert (content["title"], len(content["units"]), revision) == ("共建中关村产业园", 2, 3)
    entry_save(actor=actor, version_id=pk, uid=entry.uid, revision=3, draft=promise("改名"))


def test_pages_of_talk_and_history_take_the_same_queries_at_any_size(
    client_for: Any, draft_version: PlanVersion, goal: uuid.UUID, shenyang_editor: Any, query_counts: Any
) -> None:
    client, actor = client_for(shenyang_editor), shenyang_editor.actor
    pages = {
        "plans.talk": reverse("plans:talk", args=[draft_version.pk]),
        "plans.talk.part": reverse("plans:talk-part", args=[draft_version.pk, goal]),
        "plans.history": reverse("plans:history", args=[draft_version.plan_id, 1]),
        "plans.section.now": reverse("plans:section-now", args=[draft_version.pk, goal]),
    }
    for many in (2, 20):
        for number in range(many):
            head = comment_add(actor=actor, version_id=draft_version.pk, uid=goal, text=f"{number}")
            comment_add(actor=actor, version_id=draft_version.pk, parent_id=head.pk, text="答")
            at: Any = {"version_id": draft_version.pk, "subject": "section", "uid": goal, "field": "body"}
            suggestion_make(actor=actor, text=f"建议{many}-{number}", **at)
            entry_add(actor=actor, version_id=draft_version.pk, draft=promise(f"{many}-{number}"))
        for name, page in pages.items():
            client.get(page)
            with query_counts(name):
                assert client.get(page).status_code == 200
