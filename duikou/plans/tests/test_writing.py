"""Sections and entries: nothing is lost, everything is kept, a stale writer is shown the present."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from duikou.access.models import Organisation
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.money import Money
from duikou.plans.models import PlanEntry, PlanVersion, Revision
from duikou.plans.selectors import content_of
from duikou.plans.services.entries import (
    EntryDraft,
    MoneyDraft,
    UnitDraft,
    entry_add,
    entry_content,
    entry_move,
    entry_remove,
    entry_save,
)
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.services.sections import SectionDraft, section_add, section_move, section_remove, section_save
from duikou.plans.tests.conftest import promise
from duikou.programme.models import Indicator
from duikou.records.models import AuditEvent


def test_a_new_plan_begins_with_the_six_parts(draft_version: PlanVersion) -> None:
    content = content_of(draft_version)
    assert [section.part for section in content.sections] == [
        "goal",
        "scope",
        "tasks",
        "projects",
        "schedule",
        "safeguards",
    ]
    assert Revision.objects.filter(version=draft_version).count() == 6


def test_a_saved_section_leaves_a_revision_and_an_event(draft_version: PlanVersion, beijing_editor: Any) -> None:
    goal = content_of(draft_version).sections[0]
    draft = SectionDraft("合作目标", "<p>到2020年</p><script>x</script>", "goal", 1, ("3.1.1",))
    section_save(
        actor=beijing_editor.actor, version_id=draft_version.pk, uid=uuid.UUID(goal.uid), revision=1, draft=draft
    )
    kept = Revision.objects.filter(version=draft_version).latest("number")
    assert kept.content["body"] == "<p>到2020年</p>"
    assert (kept.side, kept.number) == ("second", 7)
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.after["revision"]) == ("plans.section.saved", 7)
    draft_version.refresh_from_db()
    assert draft_version.revision == 7


def test_a_stale_save_is_refused_with_the_present_words(
    draft_version: PlanVersion, shenyang_editor: Any, beijing_editor: Any
) -> None:
    goal = content_of(draft_version).sections[0]
    draft = SectionDraft("合作目标", "<p>甲</p>", "goal")
    where = {"version_id": draft_version.pk, "uid": uuid.UUID(goal.uid), "revision": 1}
    section_save(actor=shenyang_editor.actor, draft=draft, **where)
    with pytest.raises(Stale) as refused:
        section_save(actor=beijing_editor.actor, draft=replace(draft, body="<p>乙</p>"), **where)
    assert refused.value.data["present"]["body"] == "<p>甲</p>"  # type: ignore[index]
    assert refused.value.data["revision"] == 2
    assert Revision.objects.filter(version=draft_version).count() == 7


def test_the_same_words_again_change_nothing(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    entry = entry_add(actor=actor, version_id=draft_version.pk, draft=promise())
    revisions, events = Revision.objects.count(), AuditEvent.objects.count()
    entry_save(actor=actor, version_id=draft_version.pk, uid=entry.uid, revision=1, draft=promise())
    draft_version.refresh_from_db()
    assert (Revision.objects.count(), AuditEvent.objects.count()) == (revisions, events)
    assert draft_version.revision == revisions
    entry_save(actor=actor, version_id=draft_version.pk, uid=entry.uid, revision=1, draft=promise("改名"))


def test_sections_and_entries_move_and_go(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor, pk = shenyang_editor.actor, draft_version.pk
    goal, scope, *_rest = (uuid.UUID(section.uid) for section in content_of(draft_version).sections)
    section_move(actor=actor, version_id=pk, uid=goal, revision=1, after=scope)
    added = section_add(actor=actor, version_id=pk, draft=SectionDraft("附加", "<p>x</p>"), after=goal)
    assert [section.heading for section in content_of(draft_version).sections[:3]] == ["范围领域", "合作目标", "附加"]
    first = entry_add(actor=actor, version_id=pk, draft=promise("一", section=added.uid))
    second = entry_add(actor=actor, version_id=pk, draft=promise("二"))
    entry_move(actor=actor, version_id=pk, uid=second.uid, revision=1, after=None, section=goal)
    assert [(entry.title, entry.section) for entry in content_of(draft_version).entries] == [
        ("二", str(goal)),
        ("一", str(added.uid)),
    ]
    with pytest.raises(Conflict):
        section_remove(actor=actor, version_id=pk, uid=added.uid, revision=1)
    entry_remove(actor=actor, version_id=pk, uid=first.uid, revision=1)
    section_remove(actor=actor, version_id=pk, uid=added.uid, revision=1)
    assert Revision.objects.get(version=draft_version, uid=added.uid, content__isnull=True).author_name == actor.name


def test_places_never_run_out(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    actor, pk = shenyang_editor.actor, draft_version.pk
    anchor = entry_add(actor=actor, version_id=pk, draft=promise("0"))
    for number in range(1, 15):
        entry_add(actor=actor, version_id=pk, draft=promise(str(number)), after=anchor.uid)
    titles = [entry.title for entry in content_of(draft_version).entries]
    assert titles == ["0", *(str(number) for number in range(14, 0, -1))]
    assert PlanEntry.objects.filter(version=draft_version).values("order").distinct().count() == 15


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (promise(""), "title"),
        (promise("字" * 201), "title"),
        (promise(clauses=("9.9.9",)), "clauses"),
        (promise(indicator="nothing"), "indicator"),
        (promise(starts_on=dt.date(2019, 1, 2)), "due_on"),
        (promise(target_value=Decimal("NaN")), "target_value"),
        (promise(target_value=Decimal("1e20")), "target_value"),
        (promise(section=uuid.UUID(int=7)), "section"),
        (promise(parent=(999, uuid.UUID(int=7))), "parent"),
        (promise(units=(UnitDraft("first", "甲", True), UnitDraft("first", "乙", True))), "units"),
        (promise(units=(UnitDraft("first", "甲", True, 999999),)), "units"),
        (promise(money=(MoneyDraft("local", Money(1)), MoneyDraft("local", Money(2)))), "money"),
        (promise(money=(MoneyDraft("nobody", Money(1)),)), "money"),
    ],
)
def test_a_bad_entry_is_refused_at_the_field(
    draft_version: PlanVersion, shenyang_editor: Any, draft: EntryDraft, field: str
) -> None:
    with pytest.raises(Invalid) as bad:
        entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=draft)
    assert list(bad.value.fields) == [field]


def test_strangers_and_other_roles_do_not_write(
    draft_version: PlanVersion, dalian_editor: Any, coordinator: Any, unit: Any
) -> None:
    for person in (dalian_editor, coordinator, unit):
        with pytest.raises(Forbidden):
            entry_add(actor=person.actor, version_id=draft_version.pk, draft=promise())


def _everything_else(
    body: Organisation, indicator: Indicator, section: uuid.UUID, parent: tuple[int, uuid.UUID]
) -> Any:
    return promise(
        "全改",
        measure="换",
        section=section,
        clauses=("3.1.1", "3.2.2"),
        target="换",
        indicator=indicator.code,
        target_value=Decimal("12.5"),
        target_unit="个",
        starts_on=dt.date(2018, 1, 1),
        due_on=dt.date(2019, 1, 1),
        units=(UnitDraft("first", "甲单位", True, body.pk), UnitDraft("second", "乙单位", True)),
        money=(MoneyDraft("central", Money("5.01")),),
        parent=parent,
    )


def test_saving_an_entry_takes_at_most_twelve_queries_whatever_changes(
    draft_version: PlanVersion, shenyang_editor: Any, unit: Any, pairing: Any
) -> None:
    from duikou.plans.services.plans import PlanDraft, plan_create

    actor, pk = shenyang_editor.actor, draft_version.pk
    above = plan_create(
        actor=actor, draft=PlanDraft(pairing, "phase", "上级", dt.date(2017, 1, 1), dt.date(2020, 12, 31))
    )
    parent = entry_add(actor=actor, version_id=above.pk, draft=promise("上级事项"))
    section = uuid.UUID(content_of(draft_version).sections[2].uid)
    indicator = Indicator.objects.filter(programme=pairing.programme).first()
    for number in range(3):
        entry_add(actor=actor, version_id=pk, draft=promise(f"第{number}项"))
    entry = entry_add(actor=actor, version_id=pk, draft=promise())
    with CaptureQueriesContext(connection) as asked:
        entry_save(
            actor=actor,
            version_id=pk,
            uid=entry.uid,
            revision=1,
            draft=_everything_else(unit.organisation, indicator, section, (above.plan_id, parent.uid)),
        )
    said = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 12, "\n".join(said)
    content, revision = entry_content(version=draft_version, uid=entry.uid)
    assert (content["units"][0]["name"], content["money"][0]["amount"], revision) == ("甲单位", "5.01", 2)
    found = next(one for one in content_of(draft_version).entries if one.uid == str(entry.uid))
    assert (found.first_units[0].organisation_id, found.target_value) == (unit.organisation.pk, Decimal("12.5"))
    assert found.parent is not None
    assert found.parent.uid == str(parent.uid)
    with CaptureQueriesContext(connection) as asked:
        draft = replace(EntryDraft.of(content), title="只改标题", due_on=dt.date(2019, 6, 1))
        entry_save(actor=actor, version_id=pk, uid=entry.uid, revision=2, draft=draft)
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 5


def test_the_content_of_a_large_version_takes_a_constant_number_of_queries(
    draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    actor, counts = shenyang_editor.actor, []
    content_of(draft_version)
    for many in (2, 20):
        for number in range(many):
            entry_add(actor=actor, version_id=draft_version.pk, draft=promise(f"{many}-{number}"))
        with CaptureQueriesContext(connection) as asked:
            content_of(draft_version)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_a_summary_opens_with_its_skeleton_in_the_papers_language(pairing: Any, shenyang_editor: Any) -> None:
    with translation.override("en"):
        draft = PlanDraft(pairing, "summary", "2018年度工作总结", year=2018)
        summary = plan_create(actor=shenyang_editor.actor, draft=draft)
        draft = PlanDraft(pairing, "annual", "2018年度工作计划", year=2018)
        annual = plan_create(actor=shenyang_editor.actor, draft=draft)
    assert [(one.part, one.heading) for one in content_of(summary).sections] == [
        ("goal", "年度目标完成情况"),
        ("tasks", "重点任务完成情况"),
        ("projects", "重大项目推进情况"),
        ("safeguards", "工作机制和保障措施落实情况"),
        ("other", "存在的困难和问题"),
        ("other", "下一年度工作打算"),
    ]
    assert [one.heading for one in content_of(annual).sections] == ["合作目标", "重点任务", "保障措施"]
