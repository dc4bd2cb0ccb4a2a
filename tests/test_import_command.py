"""`duikou import records`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from duikou.intake.commands import group
from duikou.intake.models import ImportRun
from duikou.kernel.money import Money
from duikou.projects.models import Project

pytestmark = pytest.mark.django_db
FILES = settings.BASE_DIR / "duikou" / "kernel" / "tests" / "files"
REAL = settings.BASE_DIR / "packs" / "demo" / "cooperation-records.csv"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def duikou(*arguments: object) -> Result:
    return CliRunner().invoke(group, ["records", *map(str, arguments)], catch_exceptions=False)


def test_the_demonstration_records_load_and_load_again() -> None:
    dry = duikou(REAL)
    assert dry.exit_code == 0
    assert "没有写入" in dry.output
    assert (Project.objects.count(), ImportRun.objects.count()) == (0, 0)
    assert duikou(REAL, "--commit").exit_code == 0
    assert Project.objects.count() == 68
    again = duikou(REAL, "--commit")
    assert again.exit_code == 0
    assert "已于" in again.output
    assert (Project.objects.count(), ImportRun.objects.count()) == (68, 1)
    assert duikou(REAL, "--commit", "--quiet").output == ""


def test_errors_are_printed_with_their_place_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "错.csv"
    file.write_text("名,结对,任务条款,年份\n甲园,哈尔滨-深圳,3.4.2,2019\n乙园,哈尔滨-深圳,三(九)9,去年\n")
    found = duikou(file, "--commit", "--map", "A=name")
    assert found.exit_code == 1
    assert "!C3 任务条款" in found.output
    assert "!D3 年份" in found.output
    assert Project.objects.count() == 0
    assert duikou(file, "--map", "甲=name").exit_code == 1


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"MZ\x00")
    assert duikou(file).exit_code == 1


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_files_of_other_programs_come_in_from_end_to_end(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"合作项目.{ending}"
    file.write_bytes((FILES / f"records.{ending}").read_bytes())
    assert duikou(file, "--commit").exit_code == 0
    found = {project.name: project for project in Project.objects.select_related("pairing", "clause")}
    assert sorted(found) == ["丙基地", "乙平台", "甲园区"]
    assert found["乙平台"].pairing.code == "harbin-shenzhen"
    assert (found["丙基地"].clause.code, found["丙基地"].year) == ("3.2.2", 2021)
    assert str(found["乙平台"].planned_amount) == str(Money("10000000"))


def test_in_the_name_of_an_account_its_region_bounds_it(shenyang_editor: object) -> None:
    found = duikou(REAL, "--commit", "--as", "shenyang")
    assert found.exit_code == 1
    assert Project.objects.count() == 0
    assert duikou(REAL, "--as", "nobody-here").exit_code == 1


def test_published_records_can_be_seen_by_everybody_when_asked() -> None:
    assert duikou(REAL, "--commit", "--visibility", "public").exit_code == 0
    assert set(Project.objects.values_list("visibility", flat=True)) == {"public"}
    assert ImportRun.objects.get().options["visibility"] == "public"
