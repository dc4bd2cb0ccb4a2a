"""Milestones change under the eyes of the trail, and what follows from them follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from duikou.flow.models import InboxItem
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.projects.models import Project
from duikou.projects.services.dates import project_dates_set
from duikou.projects.services.steps import project_merge, project_step
from duikou.records.models import AuditEvent
from duikou.schedule import tasks
from duikou.schedule.models import Baseline, Milestone, MilestoneLink
from duikou.schedule.services.baselines import baseline_set
from duikou.schedule.services.draft import MilestoneDraft, draft_of
from duikou.schedule.services.follow import merge_follows, plans_follow, start_follows
from duikou.schedule.services.links import milestone_link, milestone_unlink
from duikou.schedule.services.milestones import (
    milestone_add,
    milestone_change,
    milestone_done,
    milestone_remove,
    milestone_reopen,
)
from duikou.schedule.services.waiting import due_tick
from duikou.schedule.tests.conftest import ME, day, make_project

Add = Callable[..., Milestone]


def fresh(row: Milestone) -> Milestone:
    return Milestone.objects.select_related("project").get(pk=row.pk)


def change(row: Milestone, actor: Any, **given: Any) -> Milestone:
    row = fresh(row)
    return milestone_change(
        actor=actor, milestone_id=row.pk, version=row.version, draft=replace(draft_of(row), **given)
    )


def test_a_milestone_sent_twice_is_there_once(add: Add) -> None:
    assert add("立项", "2026-05-01").pk == add("立项", "2026-05-01").pk
    with pytest.raises(Invalid) as refused:
        add("立 项", "2026-06-01")
    assert "title" in refused.value.fields


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": " ，"}),
        ("title", {"title": "长" * 101}),
        ("planned_on", {"planned_on": None}),
        ("planned_on", {"planned_on": dt.date(1026, 1, 1)}),
        ("weight", {"weight": 101}),
        ("done_on", {"done_on": dt.date(2099, 1, 1)}),
        ("organisation_id", {"organisation_id": 999_999}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    project: Project, shenyang_editor: Any, field: str, given: dict[str, Any]
) -> None:
    draft = replace(MilestoneDraft("环评", day("2026-05-01")), **given)
    with pytest.raises(Invalid) as refused:
        milestone_add(actor=shenyang_editor.actor, project_id=project.pk, draft=draft)
    assert list(refused.value.fields) == [field]


def test_only_the_two_sides_and_the_parties_write(
    project: Project, beijing_editor: Any, unit: Any, dalian_editor: Any, member: Any, auditor: Any
) -> None:
    draft = MilestoneDraft("环评", day("2026-05-01"))
    assert milestone_add(actor=beijing_editor.actor, project_id=project.pk, draft=draft)
    started = MilestoneDraft("开工", day("2026-05-01"), "start")
    assert milestone_add(actor=unit.actor, project_id=project.pk, draft=started)
    for person in (dalian_editor, member, auditor):
        with pytest.raises(Forbidden):
            milestone_add(actor=person.actor, project_id=project.pk, draft=replace(draft, title="别的"))


def test_a_stale_change_is_refused_and_a_change_leaves_its_trace(add: Add, shenyang_editor: Any) -> None:
    row = add("环评", "2026-05-01")
    change(row, shenyang_editor.actor, planned_on=day("2026-06-01"))
    with pytest.raises(Stale):
        milestone_change(actor=shenyang_editor.actor, milestone_id=row.pk, version=row.version, draft=draft_of(row))
    event = AuditEvent.objects.filter(action="schedule.milestone.changed").latest("id")
    assert event.before == {"planned_on": "2026-05-01"}
    assert event.after == {"planned_on": "2026-06-01"}


def test_a_slip_pushes_what_waits_for_it_also_in_the_parent_project(
    add: Add, project: Project, shenyang_editor: Any
) -> None:
    actor = shenyang_editor.actor
    whole = make_project("京沈产业园（总项目）")
    Project.objects.filter(pk=project.pk).update(parent=whole)
    first, second = add("用地", "2026-05-01"), add("施工许可", "2026-05-20")
    last = add("全部投产", "2026-06-10", whole)
    milestone_link(actor=actor, before_id=first.pk, after_id=second.pk, lag=10)
    milestone_link(actor=actor, before_id=second.pk, after_id=last.pk)
    change(first, actor, forecast_on=day("2026-06-05"))
    assert fresh(second).expected_on == day("2026-06-15")
    assert fresh(last).expected_on == day("2026-06-15")
    done = fresh(first)
    milestone_done(actor=ME, milestone_id=done.pk, version=done.version, on=min(today(), day("2026-05-02")))
    assert fresh(second).expected_on == day("2026-05-20")


def test_a_ring_is_refused_and_a_stranger_project_cannot_be_waited_for(add: Add, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    a, b, c = add("甲", "2026-05-01"), add("乙", "2026-05-02"), add("丙", "2026-05-03")
    milestone_link(actor=actor, before_id=a.pk, after_id=b.pk)
    link = milestone_link(actor=actor, before_id=b.pk, after_id=c.pk, lag=3)
    assert milestone_link(actor=actor, before_id=b.pk, after_id=c.pk, lag=3) == link
    for before, after in ((c, a), (a, a)):
        with pytest.raises(Invalid, match="循环"):
            milestone_link(actor=actor, before_id=before.pk, after_id=after.pk)
    other = add("别处", "2026-05-01", make_project("另一个项目"))
    with pytest.raises(Invalid, match="本项目"):
        milestone_link(actor=actor, before_id=other.pk, after_id=a.pk)
    milestone_unlink(actor=actor, link_id=link.pk)
    milestone_link(actor=actor, before_id=c.pk, after_id=a.pk)
    assert MilestoneLink.objects.count() == 2


def test_a_baseline_keeps_what_was_promised(add: Add, project: Project, shenyang_editor: Any, unit: Any) -> None:
    actor = shenyang_editor.actor
    row = add("环评", "2026-05-01")
    with pytest.raises(Invalid):
        baseline_set(actor=actor, project_id=project.pk, number=1, reason=" ")
    with pytest.raises(Forbidden):
        baseline_set(actor=unit.actor, project_id=project.pk, number=1, reason="开工会定")
    first = baseline_set(actor=actor, project_id=project.pk, number=1, reason="开工会定")
    assert baseline_set(actor=actor, project_id=project.pk, number=1, reason="开工会定") == first
    with pytest.raises(Invalid, match="相同"):
        baseline_set(actor=actor, project_id=project.pk, number=2, reason="再定一次")
    change(row, actor, planned_on=day("2026-05-31"))
    assert fresh(row).slip == 30
    baseline_set(actor=actor, project_id=project.pk, number=2, reason="双方同意顺延")
    assert fresh(row).slip == 0
    assert [str(one.dates.get().on) for one in Baseline.objects.order_by("number")] == ["2026-05-01", "2026-05-31"]


def test_start_and_finish_are_the_projects_own_days(add: Add, project: Project, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    start = add("开工", "2026-05-01", kind="start")
    finish = add("验收", "2027-05-01", kind="finish")
    project.refresh_from_db()
    assert (project.planned_start, project.planned_finish) == (day("2026-05-01"), day("2027-05-01"))
    with pytest.raises(Invalid) as refused:
        change(finish, actor, planned_on=day("2026-01-01"))
    assert "planned_on" in refused.value.fields
    with pytest.raises(Invalid):
        add("又开工", "2026-05-01", kind="start")
    project_dates_set(actor=actor, project_id=project.pk, planned_start=day("2026-06-01"))
    assert plans_follow(actor=ME, project_ids=[project.pk]) == 1
    assert plans_follow(actor=ME, project_ids=[project.pk]) == 0
    assert fresh(start).planned_on == day("2026-06-01")


def test_the_day_of_an_edited_project_reaches_its_milestone(
    add: Add, project: Project, shenyang_editor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    start = add("开工", "2026-05-01", kind="start")
    with django_capture_on_commit_callbacks(execute=True):
        project_dates_set(actor=shenyang_editor.actor, project_id=project.pk, planned_start=day("2026-07-01"))
    queued = DBTaskResult.objects.get(task_path="duikou.schedule.tasks.plans_follow")
    tasks.plans_follow.call(**queued.args_kwargs["kwargs"])
    assert fresh(start).planned_on == day("2026-07-01")


def test_a_project_that_starts_has_its_start_done(add: Add, project: Project, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    start = add("开工", "2026-05-01", kind="start")
    for verb, on in (("sign", dt.date(2026, 1, 5)), ("start", dt.date(2026, 4, 5))):
        project.refresh_from_db()
        project_step(actor=actor, project_id=project.pk, version=project.version, verb=verb, on=on)
    start_follows(actor=ME, project_id=project.pk)
    assert fresh(start).done_on == dt.date(2026, 4, 5)


def test_milestones_go_with_the_project_that_was_kept(add: Add, project: Project, shenyang_editor: Any) -> None:
    other = make_project("京沈产业园区")
    add("环评", "2026-05-01")
    add("环评", "2026-05-09", other)
    add("验收会", "2026-08-01", other)
    other.refresh_from_db()
    project_merge(
        actor=shenyang_editor.actor, kept_id=project.pk, duplicate_id=other.pk, version=other.version, reason="同一项目"
    )
    assert merge_follows(actor=ME, kept_id=project.pk, duplicate_id=other.pk) == 1
    assert set(Milestone.objects.filter(project=project).values_list("title", flat=True)) == {"环评", "验收会"}


def test_done_reopened_and_removed_say_why(add: Add, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    row = add("环评", "2026-05-01")
    at: dict[str, Any] = {"actor": actor, "milestone_id": row.pk}
    milestone_done(**at, version=1, on=day("2026-04-20"))
    milestone_done(**at, version=1, on=day("2026-04-20"))
    with pytest.raises(Conflict):
        milestone_done(**at, version=2, on=day("2026-04-21"))
    with pytest.raises(Invalid):
        milestone_reopen(**at, version=2, reason="")
    assert milestone_reopen(**at, version=2, reason="批复有误").done_on is None
    with pytest.raises(Invalid):
        milestone_remove(**at, version=3, reason="。")
    milestone_remove(**at, version=3, reason="不需要环评")
    assert not Milestone.objects.exists()


def test_what_falls_due_waits_once_for_who_answers_for_it(add: Add, unit: Any, shenyang_editor: Any) -> None:
    soon, late = today() + dt.timedelta(days=3), today() - dt.timedelta(days=3)
    mine = add("环评", soon.isoformat(), organisation_id=unit.organisation.pk)
    ours = add("用地", late.isoformat(), side="first")
    add("立项", (today() + dt.timedelta(days=30)).isoformat())
    assert due_tick(actor=ME) == 2
    assert due_tick(actor=ME) == 0
    assert InboxItem.objects.get(subject_id=str(mine.pk)).organisation == unit.organisation
    assert InboxItem.objects.get(subject_id=str(ours.pk)).region_path.endswith("210100/")
    change(ours, shenyang_editor.actor, planned_on=soon)
    assert due_tick(actor=ME) == 1
    row = fresh(ours)
    milestone_done(actor=ME, milestone_id=row.pk, version=row.version, on=today())
    assert not InboxItem.objects.filter(subject_id=str(ours.pk), state="open").exists()
    assert due_tick(actor=ME) == 0
