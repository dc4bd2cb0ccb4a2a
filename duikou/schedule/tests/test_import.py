"""A table of milestones: dry run names every fault, a second import doubles nothing, the export comes back the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from duikou.intake.models import ImportFinding, ImportRun
from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.projects.models import Project
from duikou.schedule.models import Milestone, MilestoneLink
from duikou.schedule.services.demonstration import milestones_demonstrate
from duikou.schedule.services.links import milestone_link
from duikou.schedule.tests.conftest import ME, day, make_project

Add = Callable[..., Milestone]
Load = Callable[..., ImportRun]
HEAD = "项目名称,里程碑,类型,计划日期,完成日期,前置里程碑,责任单位,权重\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def load(shenyang_editor: Any) -> Load:
    """Bring a file through the dry run and, where nothing is wrong, into the tables."""

    def brought(data: str | bytes, name: str = "里程碑.csv", by: Any = None) -> ImportRun:
        actor = (by or shenyang_editor).actor
        payload = data if isinstance(data, bytes) else data.encode()
        run = run_upload(actor=actor, kind="milestones", name=name, pieces=[payload])
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


def test_a_table_becomes_milestones_and_again_changes_nothing(load: Load, project: Project, unit: Any) -> None:
    table = HEAD + (
        f"京沈产业园,立项,节点,2026-01-10,2026-01-09,,,10\n"
        f"京沈产业园,开工,开工,2026-03-01,,立项+30,{unit.organisation.name},\n"
        f"{project.number},,,,,,,\n"
    ).replace(f"{project.number},,,,,,,\n", "京沈产业园,验收,完工,2027-03-01,,立项；开工+400,,\n")
    run = load(table)
    assert run.state == "committed", faults(run)
    start, finish = Milestone.objects.get(kind="start"), Milestone.objects.get(kind="finish")
    assert (start.organisation, start.expected_on) == (unit.organisation, day("2026-03-01"))
    assert finish.expected_on == day("2027-04-05")
    project.refresh_from_db()
    assert (project.planned_start, project.planned_finish) == (day("2026-03-01"), day("2027-03-01"))
    again = load(table)
    assert again.counters == {"same": 3}
    assert (Milestone.objects.count(), MilestoneLink.objects.count()) == (3, 3)


def test_every_fault_is_named_and_nothing_is_written(load: Load, project: Project, dalian_editor: Any) -> None:
    make_project("同名项目")
    make_project("同名项目", pairing="dalian-shanghai", visibility="public")
    make_project("沪连项目", pairing="dalian-shanghai", visibility="public")
    table = HEAD + (
        "没有的项目,立项,,2026-01-10,,,,\n"
        "同名项目,立项,,2026-01-10,,,,\n"
        "沪连项目,立项,,2026-01-10,,,,\n"
        "京沈产业园,环评,,2026-13-10,,,,\n"
        "京沈产业园,没有日期,,,,,,\n"
        "京沈产业园,用地,,2026-01-10,2099-01-01,,,\n"
        "京沈产业园,验收,,2026-01-10,,投产,,\n"
        "京沈产业园,甲,起点,2026-01-10,,,,\n"
        "京沈产业园,乙,,2026-01-10,,,不相干单位,\n"
        "京沈产业园,丙,,2026-01-10,,,,101\n"
        "京沈产业园,丁,开工,2026-01-10,,,,\n"
        "京沈产业园,戊,开工,2026-01-10,,,,\n"
        ",己,,2026-01-10,,,,\n"
    )
    run = load(table)
    assert sorted(faults(run)) == [
        (2, "项目名称", "project"),
        (3, "项目名称", "project"),
        (4, "项目名称", "forbidden"),
        (5, "计划日期", "unreadable"),
        (6, "计划日期", "planned_on"),
        (7, "完成日期", "done_on"),
        (8, "前置里程碑", "before"),
        (9, "类型", "unreadable"),
        (10, "责任单位", "body"),
        (11, "权重", "unreadable"),
        (13, "类型", "kind"),
        (14, "项目名称", "project"),
    ]
    assert not Milestone.objects.exists()


def test_a_ring_in_the_file_is_refused(load: Load, project: Project, add: Add) -> None:
    a, b = add("甲", "2026-01-01"), add("乙", "2026-02-01")
    milestone_link(actor=ME, before_id=a.pk, after_id=b.pk)
    run = load(HEAD + "京沈产业园,甲,,,,乙,,\n")
    assert [code for _row, _header, code in faults(run)] == ["ring"]


def test_a_stranger_cannot_name_what_he_does_not_know_of(load: Load, project: Project, dalian_editor: Any) -> None:
    run = load(f"项目编号,里程碑,计划日期\n{project.number},环评,2026-05-01\n", by=dalian_editor)
    assert faults(run) == [(2, "项目编号", "project")]


def test_the_export_comes_back_as_the_same(
    load: Load, client_for: Any, shenyang_editor: Any, project: Project, add: Add
) -> None:
    a, b = add("立项", "2026-01-01"), add("环评", "2026-02-01", weight=20, note="=1+1")
    milestone_link(actor=ME, before_id=a.pk, after_id=b.pk, lag=5)
    Project.objects.filter(pk=project.pk).update(source_name="某日报", state="signed", year=2019)
    columns = "&".join(
        f"columns={name}"
        for name in ("number", "project", "kind", "planned", "forecast", "done", "before", "weight", "note")
    )
    answer = client_for(shenyang_editor).get(f"{reverse('schedule:export')}?{columns}")
    book = b"".join(answer.streaming_content)
    run = load(io.BytesIO(book).getvalue(), name="里程碑.xlsx")
    assert run.counters == {"same": 2}, faults(run)


def test_the_list_narrows_counts_and_says_what_it_cannot_read(
    client_for: Any, shenyang_editor: Any, dalian_editor: Any, project: Project, add: Add, query_counts: Any
) -> None:
    add("环评", "2020-05-01")
    add("用地", "2090-05-01")
    client, address = client_for(shenyang_editor), reverse("schedule:list")
    shown = client.get(f"{address}?standing=overdue").content.decode()
    assert "环评" in shown
    assert "用地" not in shown.split("<tbody>")[1]
    assert "没有符合条件" in client.get(f"{address}?within=7").content.decode()
    assert client.get(f"{address}?within=x").status_code == 400
    assert client.get(f"{address}?q=%00").status_code == 400
    assert "还没有里程碑" in client_for(dalian_editor).get(address).content.decode()
    for _size in range(2):
        with query_counts("schedule.list"):
            client.get(address)
        for number in range(5):
            add(f"节点{_size}{number}", "2026-09-01", make_project(f"项目{_size}{number}"))


def test_the_demonstration_says_no_more_than_the_sources(project: Project) -> None:
    given = {"source_name": "某日报", "visibility": "public"}
    by_year = make_project("只有年份", **given)
    by_note = make_project("写明日期", **given)
    lead = make_project("储备的", **given)
    Project.objects.filter(pk=by_year.pk).update(state="started", year=2019)
    Project.objects.filter(pk=by_note.pk).update(
        state="in_production", year=2019, source_note="2019-05-09两市政府签协议"
    )
    assert milestones_demonstrate(actor=ME) == 3
    assert milestones_demonstrate(actor=ME) == 0
    start = Milestone.objects.get(project=by_year)
    assert (start.kind, start.expected_words, start.source) == ("start", "不晚于2019年", "某日报")
    signed = Milestone.objects.get(project=by_note, title="签约")
    assert (signed.done_on, signed.done_as) == (day("2019-05-09"), "day")
    assert not Milestone.objects.filter(project__in=[lead, project]).exists()
