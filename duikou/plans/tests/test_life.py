"""A version's life, its digest, completeness, and what goes from plan to plan."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from duikou.kernel.actor import Actor
from duikou.kernel.canonical import digest
from duikou.kernel.errors import Conflict, Forbidden, NotFound
from duikou.plans.models import EntryProgress, PlanEntry, PlanVersion, Revision
from duikou.plans.rules.content import canonical, plain
from duikou.plans.selectors import completeness, content_of, coverage, version_visible
from duikou.plans.services.content import digest_of, is_intact
from duikou.plans.services.decomposition import entries_carry_over, entries_copy_down
from duikou.plans.services.entries import EntryDraft, UnitDraft, entry_add, entry_content, entry_save
from duikou.plans.services.plans import PlanDraft, amendment_open, plan_create, unserved_set, version_abandon
from duikou.plans.services.progress import entry_progress_set, unit_task_add, unit_task_set
from duikou.plans.services.sections import SectionDraft, section_save
from duikou.plans.services.signing import (
    Incomplete,
    version_close,
    version_filed,
    version_issued,
    version_returned,
    version_signed,
    version_withdrawn,
)
from duikou.plans.tests.conftest import promise

PLATFORM = Actor.job("tests")


def complete(version: PlanVersion, actor: Actor) -> PlanVersion:
    """Fill the six parts, one entry, and reasons for the other tasks."""
    for section in content_of(version).sections:
        draft = SectionDraft(section.heading, "<p>内容。</p>", section.part)
        section_save(actor=actor, version_id=version.pk, uid=uuid.UUID(section.uid), revision=1, draft=draft)
    entry_add(actor=actor, version_id=version.pk, draft=promise())
    reasons = {task.clause.code: "由专项方案安排" for task in coverage(version).open}
    return unserved_set(actor=actor, version_id=version.pk, reasons=reasons)


def in_force(version: PlanVersion, actor: Actor) -> PlanVersion:
    version = PlanVersion.objects.get(pk=version.pk)
    version_close(actor=actor, version_id=version.pk, revision=version.revision)
    for step in (version_signed, version_filed, version_issued):
        version = step(actor=PLATFORM, version_id=version.pk)
    return version


def test_an_empty_draft_is_refused_with_the_list(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    with pytest.raises(Incomplete) as refused:
        version_close(actor=shenyang_editor.actor, version_id=draft_version.pk, revision=draft_version.revision)
    codes = {one.finding.code for one in refused.value.missing.errors}
    assert codes == {"no_entries", "part_empty", "task_unserved"}
    assert all(one.words and "%(" not in one.words for one in refused.value.missing.said)


def test_entries_say_what_they_lack(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    draft = EntryDraft("空事项", due_on=dt.date(2030, 1, 1), units=(UnitDraft("first", "甲"),))
    entry = entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=draft)
    codes = [one.finding.code for one in completeness(draft_version).of(str(entry.uid))]
    assert codes == ["no_clause", "no_lead_first", "no_unit_second", "no_target", "outside_period"]


def test_a_signed_version_keeps_its_digest_and_is_checked_against_it(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    version = in_force(complete(draft_version, shenyang_editor.actor), beijing_editor.actor)
    assert version.state == "in_force"
    assert version.digest == digest(version.sealed.encode()) == digest_of(version)
    assert is_intact(version)
    entry = PlanEntry.objects.get(version=version)
    for person in (shenyang_editor, beijing_editor):
        with pytest.raises(Conflict):
            entry_save(actor=person.actor, version_id=version.pk, uid=entry.uid, revision=1, draft=promise("改"))
    PlanEntry.objects.filter(pk=entry.pk).update(title="偷改")
    assert not is_intact(version)


def test_the_canonical_form_does_not_know_languages(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    complete(draft_version, shenyang_editor.actor)
    with translation.override("zh-hans"):
        chinese = canonical(content_of(draft_version))
    with translation.override("en"):
        assert canonical(content_of(draft_version)) == chinese
    assert json.loads(chinese) == plain(content_of(draft_version))


def test_an_amendment_says_the_same_but_for_its_number(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    old = in_force(complete(draft_version, actor), actor)
    new = amendment_open(actor=actor, version_id=old.pk, reason="增加事项")
    before, after = content_of(old), content_of(new)
    assert canonical(replace(after, number=1)) == canonical(before)
    parts = len(after.sections) + len(after.entries)
    assert Revision.objects.filter(version=new).count() == new.revision == parts
    with pytest.raises(Conflict):
        amendment_open(actor=actor, version_id=old.pk, reason="再来一次")
    entry_save(
        actor=actor,
        version_id=new.pk,
        uid=uuid.UUID(after.entries[0].uid),
        revision=1,
        draft=replace(EntryDraft.of(entry_content(version=new, uid=uuid.UUID(after.entries[0].uid))[0]), title="新"),
    )
    new = in_force(new, actor)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "in_force")
    assert is_intact(old)


def test_what_one_side_returns_is_a_draft_again_and_what_beijing_returns_stays(
    draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    actor, pk = shenyang_editor.actor, draft_version.pk
    version = complete(draft_version, actor)
    version_close(actor=actor, version_id=pk, revision=version.revision)
    assert version_returned(actor=PLATFORM, version_id=pk, reason="补充").state == "draft"
    version_close(actor=actor, version_id=pk, revision=version.revision)
    assert version_withdrawn(actor=actor, version_id=pk, reason="再想想").state == "draft"
    version_close(actor=actor, version_id=pk, revision=version.revision)
    version_signed(actor=PLATFORM, version_id=pk)
    assert version_returned(actor=PLATFORM, version_id=pk, reason="重报").state == "returned"
    assert amendment_open(actor=actor, version_id=pk, reason="重报").number == 2


def test_an_abandoned_draft_can_be_taken_up_again(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    version_abandon(actor=actor, version_id=draft_version.pk, reason="重新来过")
    assert amendment_open(actor=actor, version_id=draft_version.pk, reason="继续").state == "draft"


def _annual(pairing: Any, actor: Actor, year: int, parent: Any = None) -> PlanVersion:
    return plan_create(actor=actor, draft=PlanDraft(pairing, "annual", f"{year}年度工作计划", year=year, parent=parent))


def test_copying_down_and_carrying_over_twice_doubles_nothing(
    draft_version: PlanVersion, pairing: Any, shenyang_editor: Any
) -> None:
    actor = shenyang_editor.actor
    complete(draft_version, actor)
    entry_add(actor=actor, version_id=draft_version.pk, draft=promise("第二项"))
    first = _annual(pairing, actor, 2018, draft_version.plan)
    assert len(entries_copy_down(actor=actor, version_id=first.pk)) == 2
    assert entries_copy_down(actor=actor, version_id=first.pk) == []
    done = PlanEntry.objects.filter(version=first).order_by("order")[0]
    EntryProgress.objects.create(
        plan=first.plan, entry_uid=done.uid, state="done", changed_at=draft_version.created_at, changed_by="x"
    )
    second = _annual(pairing, actor, 2019, draft_version.plan)
    assert [row.title for row in entries_carry_over(actor=actor, version_id=second.pk)] == ["第二项"]
    assert entries_carry_over(actor=actor, version_id=second.pk) == []
    carried = content_of(second).entries[0]
    assert carried.carried is not None
    assert carried.carried.plan_id == first.plan_id
    assert carried.due_on == dt.date(2019, 12, 31)
    assert set(EntryProgress.objects.filter(plan=first.plan).values_list("state", flat=True)) == {"done", "carried"}


def test_a_unit_sees_plans_in_force_that_name_it_and_reports_on_its_task(
    draft_version: PlanVersion, shenyang_editor: Any, unit: Any
) -> None:
    actor = shenyang_editor.actor
    complete(draft_version, actor)
    own = (UnitDraft("first", "沈阳市工信局", True, unit.organisation.pk), UnitDraft("second", "乙", True))
    entry = entry_add(actor=actor, version_id=draft_version.pk, draft=promise("单位事项", units=own))
    with pytest.raises(NotFound):
        version_visible(actor=unit.actor, version_id=draft_version.pk)
    version = in_force(draft_version, actor)
    assert version_visible(actor=unit.actor, version_id=version.pk) == version
    task = unit_task_add(
        actor=actor, plan_id=version.plan_id, uid=entry.uid, organisation_id=unit.organisation.pk, title="摸底"
    )
    assert unit_task_set(actor=unit.actor, task_id=task.pk, version=1, state="done").version == 2
    with pytest.raises(Forbidden):
        entry_progress_set(actor=unit.actor, plan_id=version.plan_id, uid=entry.uid, version=0, state="doing")
    entry_progress_set(actor=actor, plan_id=version.plan_id, uid=entry.uid, version=0, state="doing")


READERS = {
    "draft": {"coordinator", "auditor", "shenyang_editor", "shenyang_lead", "beijing_editor", "beijing_lead"},
    "signed": {"cadre_authority"},
    "filed": {"ministry"},
    "in_force": {"dalian_editor", "dalian_lead", "cadre_officer"},
}
CAST = (
    *READERS["draft"],
    *READERS["signed"],
    *READERS["filed"],
    *READERS["in_force"],
    "unit",
    "member",
    "operator",
    "anonymous",
)


@pytest.mark.parametrize("name", sorted(CAST))
def test_who_sees_a_plan_in_which_state(
    request: pytest.FixtureRequest, name: str, draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    person, seen = request.getfixturevalue(name), []
    version = complete(draft_version, shenyang_editor.actor)

    def look(state: str) -> None:
        try:
            version_visible(actor=person.actor, version_id=version.pk)
            seen.append(state)
        except NotFound:
            pass

    look("draft")
    version_close(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)
    version_signed(actor=PLATFORM, version_id=version.pk)
    look("signed")
    version_filed(actor=PLATFORM, version_id=version.pk)
    look("filed")
    version_issued(actor=PLATFORM, version_id=version.pk)
    look("in_force")
    states = ["draft", "signed", "filed", "in_force"]
    first = next((state for state, names in READERS.items() if name in names), None)
    assert seen == (states[states.index(first) :] if first else [])


def test_the_demonstration_has_plans_in_every_stage_of_their_life(coordinator: Any) -> None:
    from duikou.plans.services.demonstration import plans_demonstrate

    assert plans_demonstrate(actor=PLATFORM) == 4
    assert plans_demonstrate(actor=PLATFORM) == 0
    assert sorted(PlanVersion.objects.values_list("state", flat=True)) == ["draft", "draft", "in_force", "in_force"]
    assert all(is_intact(version) for version in PlanVersion.objects.exclude(digest=""))
