"""A dry run shared between processes stages, finds and asks exactly what one process does alone."""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.services import check, drafting, stage
from duikou.intake.services.commit import run_commit
from duikou.intake.services.decisions import decisions_make_all
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import check_startable, commit_startable
from duikou.kernel.actor import Actor
from duikou.kernel.beside import Beside
from duikou.kernel.sheets import read, xlsx
from duikou.kernel.tests.test_beside import children
from duikou.projects.services.import_judge import Marks

pytestmark = pytest.mark.django_db
HEAD = (
    "项目名称", "甲侧", "乙侧", "结对", "任务条款", "计划投资(万元)", "年份", "状态", "状态日期", "来源", "备注",
    "可见范围",
)  # fmt: skip
PLACES = (
    ("沈阳市", "北京市", "沈阳-北京"), ("北京市", "沈阳", ""), ("大连市", "上海市", ""), ("", "", "哈尔滨-深圳"),
    ("火星", "北京市", ""), ("", "", "全国"), ("辽宁省", "上海市", "沈阳-北京"),
)  # fmt: skip
NAMES = (
    "装备产业园{}期", "【汇总】合作项目{}个", "冷链基地（{}号）", "合计{}", "【任务】重点任务{}项", "", "——",
    "数字文旅{}",
)  # fmt: skip


def workbook(path: Path, rows: int, seed: int, *, merged: bool = False) -> None:
    """Rows as offices write them, and some as they should not."""
    chance = random.Random(seed)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("项目")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, rows + 1):
            if chance.random() < 0.03:
                continue
            if chance.random() < 0.03:
                sheet.set_row(number, 0 if chance.random() < 0.5 else None, None, {"hidden": chance.random() < 0.5})
            if chance.random() < 0.02:
                sheet.write_formula(number, 5, "=A1", None, chance.choice(["", "#REF!"]))
            else:
                sheet.write(number, 5, chance.choice([1000, 2.5, "约300万元", "不知道", "", True, -4, "近2亿元"]))
            sheet.write(number, 0, chance.choice(NAMES).format(chance.randrange(rows)))
            sheet.write_row(number, 1, chance.choice(PLACES))
            sheet.write(number, 4, chance.choice(["3.2.2", "3.1.1", "汇总", "没有的条款", ""]))
            sheet.write(number, 6, chance.choice([2019, "2020年", 1800, "", "甲"]))
            sheet.write(number, 7, chance.choice(["签约", "开工", "没见过的状态", ""]))
            sheet.write(number, 8, chance.choice(["2019-05-09", "2090-01-01", "昨天", ""]))
            sheet.write(number, 9, chance.choice(["日报", " 网上 "]))
            sheet.write(number, 10, chance.choice([f"第{number}批", "已投入3亿元", "约数", ""]))
            sheet.write(number, 11, chance.choice(["公开", ""]))
        if merged:
            sheet.merge_range(2, 9, 4, 9, "日报")


def dry(path: Path, actor: Actor) -> tuple[Any, ...]:
    """All that a dry run leaves, but for its identity."""
    with path.open("rb") as stream:
        run = run_upload(actor=actor, kind="records", name=path.name, pieces=iter(lambda: stream.read(1 << 20), b""))
    check_startable(run, actor)
    check.run_check(run_id=run.pk)
    run = ImportRun.objects.get(pk=run.pk)
    folder = stage.folder_of(run.uid)
    fields = ("sheet", "row", "letter", "header", "severity", "code", "reason", "shown")
    return (
        run.state,
        run.notice,
        run.counters,
        run.row_count,
        run.error_count,
        run.warning_count,
        (folder / "rows").read_bytes(),
        {index.name: index.read_bytes() for index in folder.glob("*.index")},
        list(ImportFinding.objects.filter(run=run).order_by("id").values_list(*fields)),
        list(ImportDecision.objects.filter(run=run).order_by("id").values_list("index", "row", "label", "candidates")),
    )


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small blocks; the other shares are drafted in this process too."""
    monkeypatch.setattr(xlsx, "BLOCK", 4_000)
    monkeypatch.setattr(read, "ROWS", 7)
    monkeypatch.setattr(check, "APART_FROM", 0)
    monkeypatch.setattr(check, "can_see", lambda: True)
    monkeypatch.setattr(drafting, "Beside", functools.partial(Beside, apart=False))


def with_shares(monkeypatch: pytest.MonkeyPatch, shares: int) -> None:
    monkeypatch.setattr(check, "cores", lambda: shares)


@how(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(1, 120), st.sampled_from([2, 3, 4]), st.booleans())
def test_shares_change_nothing(here, monkeypatch, tmp_path, seed, rows, shares, merged):
    book = tmp_path / "book.xlsx"
    workbook(book, rows, seed, merged=merged)
    actor = Actor.command("tests")
    with_shares(monkeypatch, 1)
    alone = dry(book, actor)
    with_shares(monkeypatch, shares)
    assert dry(book, actor) == alone


def test_a_file_of_nothing_but_totals_is_checked(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text("项目名称,结对,任务条款\n合计,,\n小计,,\n")
    assert dry(book, Actor.command("tests"))[:3] == ("checked", "", {"skipped": 2})


def test_shares_change_nothing_beside_known_projects(here, monkeypatch, tmp_path):
    known, book = tmp_path / "known.csv", tmp_path / "book.csv"
    chance = random.Random(3)

    def table(rows: int) -> str:
        names = ("冷链物流", "精密装备", "海洋能源", "数字文旅", "绿色食品", "航空材料")
        return "".join(
            f"{chance.choice(names)}{chance.choice(names)}{chance.choice(['产业园', '产业园项目', '示范产业园'])},"
            f"{','.join(chance.choice(PLACES[:3]))},3.2.2,{chance.randrange(3)},2019\n"
            for _row in range(rows)
        )

    head = "项目名称,甲侧,乙侧,结对,任务条款,计划投资(万元),年份\n"
    known.write_text(head + table(40))
    book.write_text(head + table(150))
    actor = Actor.command("tests")
    run = run_upload(actor=actor, kind="records", name="known.csv", pieces=[known.read_bytes()])
    check_startable(run, actor)
    check.run_check(run_id=run.pk)
    decisions_make_all(actor=actor, uid=str(run.uid), choice="new")
    commit_startable(ImportRun.objects.get(pk=run.pk), actor)
    run_commit(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "committed", run.notice
    with_shares(monkeypatch, 1)
    alone = dry(book, actor)
    assert {"same", "new", "near"} <= set(alone[2])
    with_shares(monkeypatch, 3)
    assert dry(book, actor) == alone


@pytest.fixture
def seen_by_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child sees the programme: as it is committed, or in a copy of the suite's database in memory."""
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        connection.ensure_connection()
        copy.write_bytes(connection.connection.serialize())
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(copy))
    monkeypatch.setattr(check, "can_see", lambda: True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_child_drafts_as_this_process_does(seen_by_children, monkeypatch, tmp_path, language):
    book = tmp_path / "book.xlsx"
    workbook(book, 9_000, 5)
    actor = Actor.command("tests")
    with translation.override(language):
        with_shares(monkeypatch, 1)
        alone = dry(book, actor)
        monkeypatch.setattr(drafting._Dealer, "deal", _patiently)
        with_shares(monkeypatch, 2)
        assert dry(book, actor) == alone
    assert alone[0] == "checked"


def _patiently(self: Any, index: int, deal: Any = drafting._Dealer.deal) -> int:
    """Wait for the others, so that they have a share of even a small file."""
    while not all(helper.is_ready() for helper in self.helpers):
        pass
    return int(deal(self, index))


def test_a_cancelled_dry_run_leaves_no_child(seen_by_children, monkeypatch, tmp_path):
    book = tmp_path / "book.xlsx"
    workbook(book, 9_000, 6)
    with_shares(monkeypatch, 2)
    monkeypatch.setattr(stage, "cancel_asked", lambda _uid: True)
    assert dry_state(book) == "cancelled"
    assert children() == 0


def dry_state(path: Path) -> str:
    """The state a dry run ends in."""
    actor = Actor.command("tests")
    run = run_upload(actor=actor, kind="records", name=path.name, pieces=[path.read_bytes()])
    check_startable(run, actor)
    check.run_check(run_id=run.pk)
    return str(ImportRun.objects.get(pk=run.pk).state)


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(1, 10**6)), max_size=300), st.booleans())
def test_marks_remember_who_was_first(pairs, crowded):
    marks, known = Marks(), {}
    for mark, row in pairs:
        one = mark % 7 if crowded else mark
        key = one & 0xFFFF_FFFF_FFFF_FFFF or 1
        assert marks.first(one, row) == known.get(key, 0)
        known.setdefault(key, row)


def test_marks_grow():
    marks = Marks()
    assert not any(marks.first(number * 2**40 + number, number) for number in range(1, 20_000))
    assert all(marks.first(number * 2**40 + number, 1) == number for number in range(1, 20_000))
