"""A unit's task waits in its inbox until it is reported; reminders and overdue go by working days."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse

from duikou.flow.models import InboxItem, Notice
from duikou.flow.selectors import inbox_for
from duikou.kernel.clock import add_working_days, today
from duikou.kernel.errors import NotFound
from duikou.plans.models import EntryProgress, PlanVersion, UnitTask
from duikou.plans.selectors import content_of, coverage
from duikou.plans.services.decomposition import entries_carry_over, entries_copy_down
from duikou.plans.services.entries import UnitDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create, unserved_set
from duikou.plans.services.progress import unit_task_add, unit_task_remove, unit_task_set
from duikou.plans.services.sections import SectionDraft, section_save
from duikou.plans.services.waiting import REMIND_BEFORE, tasks_tick
from duikou.plans.tests.conftest import promise
from duikou.plans.tests.test_life import complete, in_force
from duikou.records.models import AuditEvent


@pytest.fixture
def give(draft_version: PlanVersion, shenyang_editor: Any, unit: Any) -> Any:
    """Give the unit a task of a promise in force."""
    actor = shenyang_editor.actor
    complete(draft_version, actor)
    own = (UnitDraft("first", unit.organisation.name, True, unit.organisation.pk), UnitDraft("second", "乙", True))
    entry = entry_add(actor=actor, version_id=draft_version.pk, draft=promise("单位事项", units=own))
    version = in_force(draft_version, actor)

    def make(due_on: dt.date | None = None, title: str = "摸底") -> UnitTask:
        body = unit.organisation.pk
        given = {"organisation_id": body, "title": title, "due_on": due_on}
        return unit_task_add(actor=actor, plan_id=version.plan_id, uid=entry.uid, **given)

    return make


def complete_rest(version: PlanVersion, actor: Any) -> None:
    """Words below every heading and reasons for tasks that are not served."""
    for section in content_of(version).sections:
        draft = SectionDraft(section.heading, "<p>内容。</p>", section.part)
        section_save(actor=actor, version_id=version.pk, uid=uuid.UUID(section.uid), revision=1, draft=draft)
    reasons = {task.clause.code: "由专项方案安排" for task in coverage(version).open}
    unserved_set(actor=actor, version_id=version.pk, reasons=reasons)


def waiting(person: Any, kind: str = "plans.task") -> list[InboxItem]:
    return list(inbox_for(actor=person.actor).filter(kind=kind, state="open"))


def test_a_task_waits_for_its_unit_until_it_is_reported(
    give: Any, unit: Any, shenyang_editor: Any, beijing_editor: Any, client_for: Any
) -> None:
    task = give(today() + dt.timedelta(days=90))
    [item] = waiting(unit)
    assert (item.due_on, item.about.is_duty, "摸底" in item.words) == (task.due_on, True, True)
    assert waiting(shenyang_editor) == waiting(beijing_editor) == []
    browser = client_for(unit)
    assert "摸底" in browser.get("/").content.decode()
    assert browser.get(item.url).status_code == 200
    unit_task_set(actor=unit.actor, task_id=task.pk, version=1, state="doing", note="已启动")
    assert [one.pk for one in waiting(unit)] == [item.pk]
    unit_task_set(actor=unit.actor, task_id=task.pk, version=2, state="done")
    assert waiting(unit) == []
    unit_task_set(actor=shenyang_editor.actor, task_id=task.pk, version=3, state="doing", note="还差验收")
    assert len(waiting(unit)) == 1


def test_a_task_that_is_taken_back_waits_no_more(
    give: Any, unit: Any, shenyang_editor: Any, beijing_editor: Any, client_for: Any
) -> None:
    task = give()
    where = reverse("plans:task-remove", args=[task.plan_id, task.pk])
    assert client_for(unit).get(where).status_code == 403
    office = client_for(shenyang_editor)
    assert office.get(where).status_code == 200
    assert office.post(where, {"reason": ""}).status_code == 400
    assert office.post(where, {"reason": "另行安排"}).status_code == 302
    assert not UnitTask.objects.exists()
    assert waiting(unit) == []
    with pytest.raises(NotFound):
        unit_task_remove(actor=beijing_editor.actor, task_id=task.pk, reason="x")


def test_a_reminder_goes_out_once_so_many_working_days_before(give: Any, unit: Any) -> None:
    give(add_working_days(today(), REMIND_BEFORE + 1), "还早")
    give(add_working_days(today(), REMIND_BEFORE), "快到期")
    give(None, "没有期限")
    assert tasks_tick() == (1, 0)
    assert tasks_tick() == (0, 0)
    notices = Notice.objects.filter(kind="plans.task_due")
    assert {one.account_id for one in notices} >= {unit.account.pk}
    assert all("快到期" in one.words for one in notices)


def test_what_is_overdue_is_red_for_the_unit_and_waits_for_the_office_of_its_side(
    give: Any, unit: Any, shenyang_editor: Any, beijing_editor: Any, client_for: Any
) -> None:
    task = give(today() + dt.timedelta(days=3))
    UnitTask.objects.update(due_on=today() - dt.timedelta(days=1))
    InboxItem.objects.filter(kind="plans.task").update(due_on=today() - dt.timedelta(days=1))
    assert tasks_tick() == (0, 1)
    assert tasks_tick() == (0, 0)
    [late] = waiting(shenyang_editor, "plans.task_late")
    assert unit.organisation.name in late.words
    assert late.url.endswith(f"#entry-{task.entry_uid}")
    assert waiting(beijing_editor, "plans.task_late") == []
    page = client_for(unit).get("/").content.decode()
    assert "1件已逾期" in page
    unit_task_set(actor=unit.actor, task_id=task.pk, version=1, state="unfinished", note="缺资金")
    assert waiting(unit) == waiting(shenyang_editor, "plans.task_late") == []
    assert tasks_tick() == (0, 0)


def test_a_task_can_be_followed_up_to_the_phase_plan_and_down_again(
    draft_version: PlanVersion, pairing: Any, shenyang_editor: Any, beijing_editor: Any, unit: Any, client_for: Any
) -> None:
    actor = shenyang_editor.actor
    complete(draft_version, actor)
    own = (UnitDraft("first", unit.organisation.name, True, unit.organisation.pk), UnitDraft("second", "乙", True))
    top = entry_add(actor=actor, version_id=draft_version.pk, draft=promise("共建园区", units=own))
    phase = in_force(draft_version, actor)
    draft = PlanDraft(pairing, "annual", "2018年工作计划", year=2018, parent=phase.plan)
    annual = plan_create(actor=actor, draft=draft)
    entries_copy_down(actor=actor, version_id=annual.pk)
    complete_rest(annual, actor)
    annual = in_force(annual, actor)
    entry = annual.entries.get(parent_uid=top.uid)
    given = {"uid": entry.uid, "organisation_id": unit.organisation.pk, "title": "编制园区规划"}
    task = unit_task_add(actor=actor, plan_id=annual.plan_id, **given)
    up = client_for(unit).get(reverse("plans:task", args=[annual.plan_id, task.pk])).content.decode()
    assert f"/plans/{annual.plan_id}/versions/1/#entry-{entry.uid}" in up
    assert f"/plans/{phase.plan_id}/versions/1/#entry-{top.uid}" in up
    down = client_for(beijing_editor).get(reverse("plans:plan", args=[phase.plan_id])).content.decode()
    assert f"/plans/{annual.plan_id}/versions/1/#entry-{entry.uid}" in down
    page = client_for(beijing_editor).get(reverse("plans:plan", args=[annual.plan_id])).content.decode()
    assert "编制园区规划" in page
    assert f"#entry-{top.uid}" in page


def test_what_last_year_left_undone_can_be_followed_into_this_year_and_back(
    pairing: Any, shenyang_editor: Any, client_for: Any
) -> None:
    actor = shenyang_editor.actor
    last = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2018年工作计划", year=2018))
    entry = entry_add(actor=actor, version_id=last.pk, draft=promise("未完事项"))
    this = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2019年工作计划", year=2019))
    [carried] = entries_carry_over(actor=actor, version_id=this.pk)
    row = EntryProgress.objects.get(plan=last.plan, entry_uid=entry.uid)
    assert row.state == "carried"
    event = AuditEvent.objects.get(action="plans.progress.set", subject_id=str(last.plan_id))
    assert event.after["entry"] == ["未完事项"]
    browser = client_for(shenyang_editor)
    page = browser.get(reverse("plans:plan", args=[this.plan_id])).content.decode()
    assert f"/plans/{last.plan_id}/#entry-{entry.uid}" in page
    page = browser.get(reverse("plans:plan", args=[last.plan_id])).content.decode()
    assert f"/plans/{this.plan_id}/versions/1/#entry-{carried.uid}" in page


def test_whoever_said_something_meanwhile_is_told_that_an_entry_was_carried(pairing: Any, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    last = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2018年工作计划", year=2018))
    entry = entry_add(actor=actor, version_id=last.pk, draft=promise("未完事项"))
    stamp = {"changed_at": last.created_at, "changed_by": "x"}
    EntryProgress.objects.create(plan=last.plan, entry_uid=entry.uid, state="unfinished", note="缺地", **stamp)
    this = plan_create(actor=actor, draft=PlanDraft(pairing, "annual", "2019年工作计划", year=2019))
    entries_carry_over(actor=actor, version_id=this.pk)
    row = EntryProgress.objects.get(plan=last.plan, entry_uid=entry.uid)
    assert (row.state, row.note, row.version) == ("carried", "缺地", 2)


def test_the_clock_asks_no_more_for_many_tasks(give: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        give(today() + dt.timedelta(days=1), f"任务{number}")
    tasks_tick()
    with django_assert_max_num_queries(4):
        tasks_tick()
