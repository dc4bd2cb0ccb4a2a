"""The monthly form from Excel: many projects at once, every fault named, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from duikou.intake.models import ImportFinding, ImportRun
from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.programme.models import Pairing
from duikou.progress.models import ProgressReport
from duikou.progress.services.summaries import summary_verify
from duikou.progress.tests.conftest import accepted, make, month_ago, said, send, wan
from duikou.projects.models import Project

Load = Callable[..., ImportRun]
HEAD = "项目编号,月份,是否开工,本月完成投资(万元),累计完成投资(万元),形象进度(%),备注\n"


def text_of(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def load(shenyang_editor: Any) -> Load:
    """Bring a file through the dry run and, where nothing is wrong, into the tables."""

    def brought(data: str | bytes, name: str = "月报.csv", by: Any = None) -> ImportRun:
        actor = (by or shenyang_editor).actor
        payload = data if isinstance(data, bytes) else data.encode()
        run = run_upload(actor=actor, kind="reports", name=name, pieces=[payload])
        run_start_check(actor=actor, uid=str(run.uid))
        run_check(run_id=run.pk)
        run.refresh_from_db()
        assert run.state == "checked", run.notice
        if not run.error_count:
            run_start_commit(actor=actor, uid=str(run.uid))
            run_commit(run_id=run.pk)
            run.refresh_from_db()
        return run

    return brought


def faults(run: ImportRun) -> list[tuple[int, str, str]]:
    return list(ImportFinding.objects.filter(run=run, severity="error").values_list("row", "header", "code"))


def test_many_reports_come_at_once_and_again_double_nothing(load: Load, pairing: Any, unit: Any) -> None:
    projects = [make(pairing, f"项目{number}", unit=unit.organisation) for number in range(3)]
    table = HEAD + "".join(
        f"{project.number},{text_of(month_ago(months))},是,{amount},,30,\n"
        for project in projects
        for months, amount in ((2, "100"), (1, "0.5亿元"))
    )
    run = load(table)
    assert run.state == "committed", faults(run)
    assert ProgressReport.objects.filter(state="submitted").count() == 6
    totals = set(ProgressReport.objects.filter(month=month_ago(1)).values_list("invested_total", flat=True))
    assert totals == {wan(5100)}
    assert load(table).counters == {"same": 6}
    assert ProgressReport.objects.count() == 6
    assert summary_verify().wrong == ()


def test_every_fault_is_named_and_nothing_is_written(
    load: Load, pairing: Any, project: Project, unit: Any, shenyang_editor: Any
) -> None:
    other = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="dalian-shanghai")
    stranger = make(other, "别人的项目")
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(3), said(100))
    sent = send(unit.actor, project, month_ago(2), said(5))
    last, earlier = text_of(month_ago(1)), text_of(sent.month)
    run = load(
        HEAD
        + f"{stranger.number},{last},是,1,,,\n"
        + f"{project.number},2999-01,是,1,,,\n"
        + f"{project.number},{last},是,1,90,,\n"
        + f"{project.number},{last},是,2,,,\n"
        + f"{project.number},{earlier},是,7,,,\n"
        + f"{project.number},{last},,1,,101,\n"
        + f"XX,{last},是,约3,,,\n"
    )
    found = {(row, header) for row, header, _code in faults(run)}
    assert {
        (2, "项目编号"),
        (3, "月份"),
        (4, "累计完成投资(万元)"),
        (5, "月份"),
        (6, "月份"),
        (7, "形象进度(%)"),
        (8, "项目编号"),
        (8, "本月完成投资(万元)"),
    } <= found
    assert ProgressReport.objects.count() == 2


def test_the_form_comes_prefilled_locked_and_back(
    load: Load, pairing: Any, unit: Any, shenyang_editor: Any, client_for: Any
) -> None:
    project = make(pairing, "=危险(1)", unit=unit.organisation)
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(2), said(100, funds_own=wan(40)))
    answer = client_for(shenyang_editor).get("/progress/workbook/", {"month": text_of(month_ago(1))})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    row = {name: sheet.cell(2, at) for at, name in enumerate(head, 1)}
    assert row["项目编号"].value == project.number
    assert row["参考：项目名称"].value == "=危险(1)"
    assert row["参考：项目名称"].data_type == "s"
    assert (row["累计到位企业自有(万元)"].value, row["参考：上次累计投资"].value) == (40, 100)
    assert row["项目编号"].protection.locked
    assert not row["本月完成投资(万元)"].protection.locked
    row["本月完成投资(万元)"].value = 12.5
    out = io.BytesIO()
    book.save(out)
    run = load(out.getvalue(), name="月报.xlsx")
    assert run.state == "committed", faults(run)
    report = ProgressReport.objects.get(month=month_ago(1))
    assert (report.invested_total, report.funds_own, report.state) == (wan("112.5"), wan(40), "submitted")
