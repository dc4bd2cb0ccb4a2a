"""A report's life: written by the unit, reviewed by its office, locked, corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from duikou.flow.models import InboxItem
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.tests.machines import reachable
from duikou.progress.models import MonthClose, ProgressReport, ReportState
from duikou.progress.selectors import report_visible, reports_visible
from duikou.progress.services import reports as writing
from duikou.progress.services import review
from duikou.progress.services.draft import Doubtful, draft_of
from duikou.progress.services.months import months_close, rule_set
from duikou.progress.states import REPORT
from duikou.progress.tests.conftest import accepted, make, month_ago, said, send, wan
from duikou.projects.models import Opinion, Project
from duikou.projects.services.steps import project_confirm
from duikou.records.models import AuditEvent


def lock(report: ProgressReport) -> None:
    MonthClose.objects.create(
        programme_id=report.project.programme_id, month=report.month, closed_at=report.created_at, reports=1
    )


def test_every_state_is_reached_and_what_stands_ends_only_superseded_or_reopened() -> None:
    assert reachable(REPORT, ReportState.DRAFT) == frozenset(ReportState)
    assert set(REPORT.verbs(ReportState.ACCEPTED)) == {"reopen", "supersede"}


def test_the_unit_writes_the_office_accepts_and_the_project_is_completed_once(
    project: Project, unit: Any, shenyang_editor: Any
) -> None:
    month = month_ago(1)
    report = send(unit.actor, project, month, said(120, percent=30))
    assert (report.state, report.side, report.organisation_id) == ("submitted", "first", unit.organisation.pk)
    assert (report.invested_total, report.invested_year) == (wan(120), wan(120))
    assert InboxItem.objects.filter(kind="progress.review", state="open").count() == 1
    review.report_accept(actor=shenyang_editor.actor, report_id=report.pk, revision=1)
    review.report_accept(actor=shenyang_editor.actor, report_id=report.pk, revision=1)
    project.refresh_from_db()
    assert project.completed_amount == wan(120)
    assert AuditEvent.objects.filter(action="projects.project.completed").count() == 1
    assert AuditEvent.objects.filter(action="progress.report.accepted").count() == 1
    assert not InboxItem.objects.filter(kind="progress.review", state="open").exists()


def test_confirmed_figures_wait_for_a_word_again(
    project: Project, unit: Any, shenyang_editor: Any, beijing_editor: Any
) -> None:
    project_confirm(actor=beijing_editor.actor, project_id=project.pk, version=project.version)
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), said(5))
    project.refresh_from_db()
    assert project.opinion == Opinion.PENDING


def test_sending_twice_is_one_report_and_a_draft_saved_twice_one_draft(project: Project, unit: Any) -> None:
    month = month_ago(1)
    for _time in range(2):
        writing.report_save(actor=unit.actor, project_id=project.pk, month=month, draft=said(1))
    for _time in range(2):
        send(unit.actor, project, month, said(2), revision=1)
    assert ProgressReport.objects.count() == 1
    assert AuditEvent.objects.filter(action="progress.report.submitted").count() == 1
    with pytest.raises(Conflict, match="正在审核"):
        send(unit.actor, project, month, said(3))


def test_the_database_lets_one_report_stand_and_one_be_on_its_way(
    project: Project, unit: Any, shenyang_editor: Any
) -> None:
    report = accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), said(5))
    report.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()
    report.state = "submitted"
    report.save()
    report.pk, report.state = None, "draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()


def test_a_stale_save_is_refused(project: Project, unit: Any, shenyang_editor: Any) -> None:
    month = month_ago(1)
    writing.report_save(actor=unit.actor, project_id=project.pk, month=month, draft=said(1))
    writing.report_save(actor=shenyang_editor.actor, project_id=project.pk, month=month, draft=said(2), revision=1)
    with pytest.raises(Stale):
        writing.report_save(actor=unit.actor, project_id=project.pk, month=month, draft=said(3), revision=1)


def test_totals_never_fall_silently(project: Project, unit: Any, shenyang_editor: Any) -> None:
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(3), said(100))
    with pytest.raises(Invalid) as refused:
        send(unit.actor, project, month_ago(2), said(invested_month=wan(1), invested_total=wan(90)))
    assert "90万元" in refused.value.fields["invested_total"][0]
    assert "100万元" in refused.value.fields["invested_total"][0]
    with pytest.raises(Invalid) as refused:
        send(unit.actor, project, month_ago(2), said(1, invested_total=wan(150)))
    assert "101万元" in refused.value.fields["invested_total"][0]
    draft = said(0, invested_total=wan(90), invested_year=wan(90), fall_reason="审计核减")
    report = accepted(unit.actor, shenyang_editor.actor, project, month_ago(2), draft)
    project.refresh_from_db()
    assert project.completed_amount == wan(90)
    told = AuditEvent.objects.filter(action="projects.project.completed").latest("id")
    assert "审计核减" in told.reason
    assert report.invested_total == wan(90)


def test_a_sum_known_before_the_first_report_does_not_fall(pairing: Any, unit: Any) -> None:
    project = make(pairing, unit=unit.organisation, completed_amount=wan(500))
    with pytest.raises(Invalid, match="500万元"):
        send(unit.actor, project, month_ago(1), said(5))
    assert send(unit.actor, project, month_ago(1), said(5, invested_total=wan(505))).invested_year is None


def test_doubts_wait_for_their_writer(project: Project, unit: Any) -> None:
    draft = said(10, invested_total=wan(10), paid_total=wan(8), funds_own=wan(5))
    with pytest.raises(Doubtful) as doubted:
        send(unit.actor, project, month_ago(1), draft, seen=())
    assert [doubt.value for doubt in doubted.value.doubts] == ["paid_over_funds"]
    report = send(unit.actor, project, month_ago(1), draft, seen=("paid_over_funds",))
    assert report.doubts == ["paid_over_funds"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"has_started": None}, "has_started"),
        ({"invested_month": None}, "invested_month"),
        ({"percent": 101}, "percent"),
        ({"invested_month": -1}, "invested_month"),
        ({"started_on": dt.date(2999, 1, 1)}, "started_on"),
        ({"started_on": dt.date(2025, 1, 1), "planned_finish": dt.date(2024, 1, 1)}, "planned_finish"),
        ({"physical": "字" * 1001}, "physical"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(project: Project, unit: Any, given: dict[str, Any], field: str) -> None:
    draft = {"invested_month": wan(1), "has_started": True, **given}
    with pytest.raises(Invalid) as refused:
        send(unit.actor, project, month_ago(1), said(**draft))
    assert field in refused.value.fields
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("months", [-1, -13])
def test_a_month_to_come_is_refused(project: Project, unit: Any, months: int) -> None:
    with pytest.raises(Invalid, match="还没有到"):
        send(unit.actor, project, month_ago(months), said(1))


def test_the_office_returns_with_a_reason_and_the_unit_sends_again(
    project: Project, unit: Any, shenyang_editor: Any
) -> None:
    report = send(unit.actor, project, month_ago(1), said(5))
    with pytest.raises(Invalid, match="理由"):
        review.report_return(actor=shenyang_editor.actor, report_id=report.pk, revision=1, reason=" ")
    review.report_return(actor=shenyang_editor.actor, report_id=report.pk, revision=1, reason="请附依据")
    item = InboxItem.objects.get(kind="progress.returned", state="open")
    assert item.organisation_id == unit.organisation.pk
    send(unit.actor, project, month_ago(1), said(6), revision=2)
    item.refresh_from_db()
    assert item.state == "done"
    report.refresh_from_db()
    assert (report.state, report.invested_month) == ("submitted", wan(6))


def test_an_accepted_report_is_reopened_only_while_its_month_is_open(
    project: Project, unit: Any, shenyang_editor: Any
) -> None:
    report = accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), said(5))
    office = shenyang_editor.actor
    review.report_reopen(actor=office, report_id=report.pk, revision=report.revision, reason="数字有误")
    report = accepted(unit.actor, office, project, month_ago(2), said(5))
    lock(report)
    with pytest.raises(Forbidden, match="已经锁定"):
        review.report_reopen(actor=office, report_id=report.pk, revision=report.revision, reason="数字有误")


def test_a_locked_report_is_corrected_by_a_row_of_its_own(project: Project, unit: Any, shenyang_editor: Any) -> None:
    office, month = shenyang_editor.actor, month_ago(3)
    report = accepted(unit.actor, office, project, month, said(5))
    with pytest.raises(Forbidden, match="还没有锁定"):
        writing.report_correct(actor=unit.actor, report_id=report.pk, reason="漏报")
    lock(report)
    row = writing.report_correct(actor=unit.actor, report_id=report.pk, reason="漏报")
    assert writing.report_correct(actor=unit.actor, report_id=report.pk, reason="漏报").pk == row.pk
    send(unit.actor, project, month, said(4, invested_total=wan(4)), revision=row.revision)
    report.refresh_from_db()
    assert report.state == "accepted"
    row.refresh_from_db()
    review.report_accept(actor=office, report_id=row.pk, revision=row.revision)
    report.refresh_from_db()
    project.refresh_from_db()
    assert (report.state, report.invested_total, project.completed_amount) == ("superseded", wan(5), wan(4))
    assert set(report.corrections.values_list("state", "correction_reason")) == {("accepted", "漏报")}


def test_a_correction_may_not_pass_what_later_months_say(project: Project, unit: Any, shenyang_editor: Any) -> None:
    office = shenyang_editor.actor
    old = accepted(unit.actor, office, project, month_ago(2), said(5))
    accepted(unit.actor, office, project, month_ago(1), said(5))
    lock(old)
    row = writing.report_correct(actor=office, report_id=old.pk, reason="核增")
    with pytest.raises(Invalid, match="请先更正"):
        send(office, project, old.month, said(50, invested_total=wan(50)), revision=row.revision)


def test_what_does_not_fit_any_more_is_not_accepted(project: Project, unit: Any, shenyang_editor: Any) -> None:
    office = shenyang_editor.actor
    first = send(unit.actor, project, month_ago(2), said(100))
    second = send(unit.actor, project, month_ago(1), said(10))
    assert second.invested_total == wan(110)
    review.report_return(actor=office, report_id=first.pk, revision=1, reason="偏少")
    first = send(unit.actor, project, month_ago(2), said(200), revision=2)
    chosen = [(second.pk, second.revision), (first.pk, first.revision)]
    done, refused = review.reports_accept(actor=office, chosen=chosen)
    assert (done, [one.report_id for one in refused]) == (1, [second.pk])
    assert "200万元" in refused[0].why


def test_months_close_by_the_clock_and_late_reports_say_so(project: Project, unit: Any, shenyang_editor: Any) -> None:
    late = accepted(unit.actor, shenyang_editor.actor, project, month_ago(4), said(5))
    running = send(unit.actor, project, month_ago(0), said(5))
    assert (late.is_late, running.is_late) == (True, False)
    assert months_close() >= 2
    assert months_close() == 0
    closed = set(MonthClose.objects.values_list("month", flat=True))
    assert {month_ago(4), month_ago(3)} <= closed
    assert month_ago(0) not in closed


def test_only_the_coordinator_sets_the_days(pairing: Any, coordinator: Any, shenyang_lead: Any) -> None:
    given = {"programme": pairing.programme, "due_day": 3, "close_day": 8, "remind_days": 2, "states": ["started"]}
    with pytest.raises(Forbidden):
        rule_set(actor=shenyang_lead.actor, version=1, **given)
    with pytest.raises(Invalid):
        rule_set(actor=coordinator.actor, version=1, **{**given, "close_day": 2})
    rule = rule_set(actor=coordinator.actor, version=1, **given)
    assert (rule.due_day, rule.states, rule.version) == (3, ["started"], 2)
    with pytest.raises(Stale):
        rule_set(actor=coordinator.actor, version=1, **given)


def test_who_may_not_write_or_review_is_told_why(
    project: Project, unit: Any, member: Any, beijing_editor: Any, dalian_editor: Any, auditor: Any
) -> None:
    for person, why in ((member, "牵头单位"), (dalian_editor, "不在您负责的地区"), (auditor, "可以查看")):
        with pytest.raises(Forbidden, match=why):
            send(person.actor, project, month_ago(1), said(1))
    report = send(unit.actor, project, month_ago(1), said(1))
    for person in (beijing_editor, unit):
        with pytest.raises(Forbidden):
            review.report_accept(actor=person.actor, report_id=report.pk, revision=1)


def test_who_sees_what(
    pairing: Any,
    unit: Any,
    member: Any,
    shenyang_editor: Any,
    beijing_editor: Any,
    dalian_editor: Any,
    auditor: Any,
    cadre_officer: Any,
) -> None:
    closed = make(pairing, unit=unit.organisation)
    public = make(pairing, "公开的项目", unit=unit.organisation, visibility="public")
    stands = accepted(unit.actor, shenyang_editor.actor, public, month_ago(2), said(1))
    sent = send(unit.actor, public, month_ago(1), said(1))
    hidden = accepted(unit.actor, shenyang_editor.actor, closed, month_ago(2), said(1))
    seen = {
        person: set(reports_visible(actor=person.actor).values_list("pk", flat=True))
        for person in (unit, member, shenyang_editor, beijing_editor, dalian_editor, auditor, cadre_officer)
    }
    everything = {stands.pk, sent.pk, hidden.pk}
    assert [seen[person] for person in (unit, shenyang_editor, beijing_editor, auditor)] == [everything] * 4
    assert seen[member] == set()
    assert seen[dalian_editor] == seen[cadre_officer] == {stands.pk}
    assert draft_of(report_visible(actor=auditor.actor, report_id=sent.pk)).physical == "主体施工"
