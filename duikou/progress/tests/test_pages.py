"""The pages: a unit writes on its phone, the office reviews, everybody reads what is theirs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from duikou.progress.models import MonthClose, ProgressReport, ReportSummary
from duikou.progress.services.summaries import summary_verify
from duikou.progress.tests.conftest import accepted, make, month_ago, said, send, wan
from duikou.projects.models import Project
from duikou.records.models import AuditEvent


def write_url(project: Project, months: int = 1) -> str:
    return f"/progress/projects/{project.pk}/{month_ago(months)}/"


def text_of(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"


def test_a_unit_writes_keeps_and_sends_its_report(project: Project, unit: Any, client_for: Any) -> None:
    client = client_for(unit)
    page = client.get("/progress/", {"month": text_of(month_ago(1))})
    assert write_url(project) in page.content.decode()
    kept = client.post(write_url(project), {"do": "save", "invested_month": "120", "revision": "0"})
    assert kept.status_code == 302
    form = client.get(write_url(project)).content.decode()
    assert 'value="120"' in form
    sent = client.post(
        write_url(project), {"has_started": "yes", "invested_month": "0.1亿元", "revision": "1", "seen": "first"}
    )
    report = ProgressReport.objects.get()
    assert sent["Location"] == f"/progress/reports/{report.pk}/"
    assert (report.state, report.invested_total) == ("submitted", wan(1000))
    assert "待审核" in client.get(sent["Location"]).content.decode()
    assert client.get(write_url(project)).status_code == 302


def test_doubts_are_asked_once_and_a_refused_form_keeps_what_was_typed(
    project: Project, unit: Any, client_for: Any
) -> None:
    client = client_for(unit)
    data = {"has_started": "yes", "invested_month": "5", "physical": "打桩", "revision": "0"}
    doubted = client.post(write_url(project), data)
    assert doubted.status_code == 409
    assert 'value="first"' in doubted.content.decode()
    wrong = client.post(write_url(project), {**data, "invested_month": "约5", "seen": "first"})
    assert wrong.status_code == 400
    assert "月报须填写准确数" in wrong.content.decode()
    assert "打桩" in wrong.content.decode()
    assert client.post(write_url(project), {**data, "seen": "first"}).status_code == 302


def test_a_stale_form_shows_both_texts(project: Project, unit: Any, shenyang_editor: Any, client_for: Any) -> None:
    first, second = client_for(unit), client_for(shenyang_editor)
    first.post(write_url(project), {"do": "save", "physical": "单位写的", "revision": "0"})
    second.post(write_url(project), {"do": "save", "physical": "办公室写的", "revision": "1"})
    stale = first.post(write_url(project), {"do": "save", "physical": "单位又写的", "revision": "1"})
    assert stale.status_code == 409
    assert "办公室写的" in stale.content.decode()
    assert "单位又写的" in stale.content.decode()


def test_the_office_accepts_many_at_once_and_is_told_what_was_not(
    pairing: Any, unit: Any, shenyang_editor: Any, client_for: Any
) -> None:
    projects = [make(pairing, f"项目{number}", unit=unit.organisation) for number in range(3)]
    reports = [send(unit.actor, project, month_ago(1), said(5)) for project in projects]
    client = client_for(shenyang_editor)
    assert "项目2" in client.get("/progress/review/").content.decode()
    chosen = [f"{reports[0].pk}:1", f"{reports[1].pk}:7", "x:y", "999999999:1"]
    page = client.post("/progress/review/", {"chosen": chosen}, follow=True).content.decode()
    assert "已审核通过1份月报" in page
    assert "项目1没有通过" in page
    states = dict(ProgressReport.objects.values_list("pk", "state"))
    assert [states[report.pk] for report in reports] == ["accepted", "submitted", "submitted"]


def test_a_report_is_returned_with_a_reason_and_corrected_once_locked(
    project: Project, unit: Any, shenyang_editor: Any, client_for: Any
) -> None:
    report = send(unit.actor, project, month_ago(1), said(5))
    office, firm = client_for(shenyang_editor), client_for(unit)
    url = f"/progress/reports/{report.pk}/"
    assert office.post(f"{url}return/", {"reason": " ", "revision": "1"}).status_code == 400
    assert office.post(f"{url}return/", {"reason": "请核实", "revision": "1"}).status_code == 302
    assert "请核实" in firm.get(url).content.decode()
    firm.post(write_url(project), {"has_started": "yes", "invested_month": "6", "revision": "2", "seen": "first"})
    assert office.post(f"{url}accept/", {"revision": "3"}).status_code == 302
    MonthClose.objects.create(programme=project.programme, month=month_ago(1), closed_at=report.created_at, reports=1)
    opened = firm.post(f"{url}correct/", {"reason": "漏计"})
    assert opened["Location"] == write_url(project)
    assert "漏计" in firm.get(opened["Location"]).content.decode()
    assert firm.get(f"{url}accept/").status_code == 403
    assert firm.get(f"{url}nonsense/").status_code == 404


def test_the_roll_up_is_scoped_and_exports_what_it_shows(
    pairing: Any,
    unit: Any,
    shenyang_editor: Any,
    dalian_editor: Any,
    coordinator: Any,
    member: Any,
    client_for: Any,
) -> None:
    project = make(pairing, unit=unit.organisation)
    make(pairing, "没有报的项目", unit=unit.organisation)
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), said("1234.56", funds_own=wan(77)))
    month = text_of(month_ago(1))
    for by in ("pairing", "clause", "month"):
        for period in ("month", "year"):
            page = client_for(coordinator).get("/progress/summary/", {"month": month, "by": by, "period": period})
            assert "1 234.56" in page.content.decode() or "1,234.56" in page.content.decode(), (by, period)
    assert "1 234.56" not in client_for(dalian_editor).get("/progress/summary/", {"month": month}).content.decode()
    assert client_for(member).get("/progress/summary/").status_code == 403
    answer = client_for(coordinator).get("/progress/summary/export/", {"month": month, "pairing": pairing.code})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    rows = sheet.to_python()
    line = dict(zip(rows[0], rows[1], strict=True))
    assert (line["应报"], line["未报"], line["已审核"]) == (2, 1, 1)
    assert line["本期完成投资(万元)"] == pytest.approx(1234.56)
    assert AuditEvent.objects.filter(action="progress.summary.exported").count() == 1
    missing = client_for(coordinator).get("/progress/", {"month": month, "status": "missing"}).content.decode()
    assert "没有报的项目" in missing
    assert project.name not in missing


def test_the_months_list_is_exported_as_shown(project: Project, unit: Any, client_for: Any) -> None:
    answer = client_for(unit).get("/progress/export/", {"month": text_of(month_ago(1)), "columns": ["number", "state"]})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows == [["项目", "项目编号", "本月月报"], [project.name, project.number, "未填报"]]


def test_the_project_page_shows_its_months(
    project: Project, unit: Any, shenyang_editor: Any, dalian_editor: Any, client_for: Any
) -> None:
    for months in (2, 1):
        accepted(unit.actor, shenyang_editor.actor, project, month_ago(months), said(5))
    page = client_for(shenyang_editor).get(f"/projects/{project.pk}/").content.decode()
    assert "data-months" in page
    assert "填报" in page
    assert client_for(dalian_editor).get(f"/projects/{project.pk}/").status_code == 404


def test_the_coordinator_sets_the_days(pairing: Any, coordinator: Any, shenyang_lead: Any, client_for: Any) -> None:
    client = client_for(coordinator)
    data = {"due_day": "3", "close_day": "8", "remind_days": "2", "states": ["started"], "version": "1"}
    assert "只是示例" in client.get("/progress/days/").content.decode()
    assert client.post("/progress/days/", {**data, "close_day": "1"}).status_code == 400
    assert client.post("/progress/days/", data).status_code == 302
    assert client.post("/progress/days/", data).status_code == 409
    assert client_for(shenyang_lead).get("/progress/days/").status_code == 403


@pytest.mark.parametrize("month", ["0", "202613", "209912", "999999999"])
def test_odd_months_in_an_address_are_no_pages(project: Project, unit: Any, client_for: Any, month: str) -> None:
    answer = client_for(unit).get(f"/progress/projects/{project.pk}/{month}/")
    assert answer.status_code in (400, 404)
    assert client_for(unit).get("/progress/", {"month": month, "status": "x", "cursor": "x"}).status_code == 200


def test_pages_ask_the_same_number_of_queries_however_many_there_are(
    pairing: Any, unit: Any, shenyang_editor: Any, client_for: Any, query_counts: Any
) -> None:
    office = client_for(shenyang_editor)
    pages = {
        "progress.list": "/progress/",
        "progress.review": "/progress/review/",
        "progress.summary": "/progress/summary/",
    }
    made = 0
    for size in (1, 6):
        while made < size:
            project = make(pairing, f"项目{made}", unit=unit.organisation)
            send(unit.actor, project, month_ago(1), said(5))
            made += 1
        for name, url in pages.items():
            with query_counts(name):
                office.get(url)
    assert summary_verify().wrong == ()
    assert ReportSummary.objects.exists()
