"""What a helper prepares for the writing process is written exactly as if one process had done both."""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from duikou.intake.models import ImportRun
from duikou.intake.services import check, commit, preparing, stage
from duikou.intake.services.decisions import decisions_make_all
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import check_startable, run_start_commit
from duikou.kernel.actor import Actor
from duikou.kernel.beside import Beside
from duikou.kernel.errors import Forbidden
from duikou.kernel.sums import sums_kept
from duikou.kernel.tests.test_beside import children
from duikou.projects.models import Project, ProjectClause, ProjectNearKey, ProjectParty, ReportedStatistic
from duikou.projects.models.summary import SUM_FIELDS
from duikou.projects.services import import_prepare
from duikou.projects.services.summaries import TABLES, summary_verify
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
MOMENTS = {"id", "created_at", "updated_at", "reported_by_first_at", "reported_by_second_at"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(preparing, "BATCH", 7)


def checked(path: Path, actor: Actor) -> ImportRun:
    """A run whose dry run is done and whose questions are answered."""
    run = run_upload(actor=actor, kind="records", name=path.name, pieces=[path.read_bytes()])
    check_startable(run, actor)
    check.run_check(run_id=run.pk)
    decisions_make_all(actor=actor, uid=str(run.uid), choice="new")
    return ImportRun.objects.get(pk=run.pk)


def written(run: ImportRun, actor: Actor) -> tuple[Any, ...]:
    """All that the commit leaves, ids and moments aside; it is rolled back afterwards."""
    with transaction.atomic():
        before = AuditEvent.objects.count()
        run_start_commit(actor=actor, uid=str(run.uid), leave_errors=True)
        commit.run_commit(run_id=run.pk)
        done = ImportRun.objects.get(pk=run.pk)
        ids = list(Project.objects.order_by("id").values_list("id", flat=True))
        place = {pk: at for at, pk in enumerate(ids)}
        names = [field.attname for field in Project._meta.concrete_fields if field.name not in MOMENTS]
        parties = ProjectParty.objects.order_by("id")
        events = AuditEvent.objects.order_by("id").filter(action="projects.project.created")
        told = events.values_list("subject_id", "action", "after", "reason")
        left = (
            (done.state, done.notice, done.result),
            list(Project.objects.order_by("id").values_list(*names)),
            [(place[p], *row) for p, *row in parties.values_list("project", "name", "role")],
            [(place[p], c) for p, c in ProjectClause.objects.order_by("id").values_list("project", "clause")],
            sorted((pk >> 31, place[pk & (1 << 31) - 1]) for pk in ProjectNearKey.objects.values_list("pk", flat=True)),
            sorted(ReportedStatistic.objects.values_list("title", "figure", "measure", "source_name")),
            {table.__name__: sums_kept(table, key, SUM_FIELDS) for table, key in TABLES.items()},
            [(place.get(int(s), -1), *row) for s, *row in told],
            AuditEvent.objects.count() - before,
        )
        assert not summary_verify().wrong
        transaction.set_rollback(True)
    return left


def take_part(monkeypatch: pytest.MonkeyPatch, *, apart: bool) -> None:
    """Let a helper take part, in this process or in one of its own."""
    monkeypatch.setattr(commit, "APART_FROM", 0)
    monkeypatch.setattr(commit, "cores", lambda: 2)
    monkeypatch.setattr(commit, "can_see", lambda: True)
    monkeypatch.setattr(commit, "Beside", functools.partial(Beside, apart=apart))


def records(chance: random.Random, rows: int) -> str:
    """Projects, statistics, twice the same, names written alike."""
    head = "项目名称,甲侧,乙侧,任务条款,其他相关条款,计划投资(万元),签约金额(万元),完成投资(万元),年份,状态,状态日期,"
    head += "投资方,可见范围\n"
    names = (
        "冷链园{}号",
        "【汇总】合作项目{}个",
        "装备产业园（{}期）",
        "装备产业园项目{}期",
        "【文旅】接待游客{}万人次",
    )
    lines = []
    for _row in range(rows):
        amounts = [chance.choice(["", "3000", "约200万元", "不少于2亿元"]) for _amount in range(3)]
        places = chance.choice(["沈阳市,北京市", "大连市,上海市", "辽宁省,江苏省"])
        when = f"{chance.choice(['', '2019', '2024'])},{chance.choice(['签约', '开工', ''])},"
        when += chance.choice(["", "2020-03-01"])
        more = (
            f"{chance.choice(['', '甲公司', '甲公司；乙集团；甲 公司'])},{chance.choice(['', '公开', '仅本对口关系'])}"
        )
        clauses = f"3.2.2,{chance.choice(['', '3.1.1；3.1.2'])}"
        name = chance.choice(names).format(chance.randrange(rows))
        lines.append(f"{name},{places},{clauses},{','.join(amounts)},{when},{more}\n")
    return head + "".join(lines)


@how(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_a_helper_changes_nothing(monkeypatch, tmp_path, seed, rows):
    book = tmp_path / "book.csv"
    book.write_text(records(random.Random(seed), rows))
    actor = Actor.command("tests")
    run = checked(book, actor)
    alone = written(run, actor)
    assert alone[0][0] == "committed"
    with monkeypatch.context() as patched:
        take_part(patched, apart=False)
        assert written(run, actor) == alone


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_process_of_its_own_prepares_as_this_one_does(monkeypatch, tmp_path, language):
    book = tmp_path / "book.csv"
    lines = [f"冷链园{number}号,沈阳市,北京市,3.2.2,约{number}万元,签约,公司{number % 5}\n" for number in range(1, 80)]
    book.write_text("项目名称,甲侧,乙侧,任务条款,计划投资(万元),状态,投资方\n" + "".join(lines))
    actor = Actor.command("tests")
    with translation.override(language):
        run = checked(book, actor)
        alone = written(run, actor)
        if connection.vendor == "sqlite":  # a copy of the suite's database in memory, which a child can see
            copy = tmp_path / "copy.sqlite3"
            copy.write_bytes(connection.connection.serialize())
            monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(copy))
        take_part(monkeypatch, apart=True)
        monkeypatch.setattr(commit, "in_order", _patiently)
        assert written(run, actor) == alone
    assert children() == 0


def _patiently(portion: Any, helper: Any, in_order: Any = preparing.in_order) -> Any:
    """Wait for the helper, so that it has a share of even a small file."""
    while not helper.is_ready():
        pass
    return in_order(portion, helper)


def test_who_lost_the_right_meanwhile_is_told_and_nothing_is_written(monkeypatch, tmp_path):
    book = tmp_path / "book.csv"
    book.write_text(records(random.Random(5), 40))
    actor = Actor.command("tests")
    run = checked(book, actor)
    take_part(monkeypatch, apart=False)

    def refuse(*_places: object) -> None:
        raise Forbidden("没有权限")

    monkeypatch.setattr(import_prepare.Sides, "__missing__", refuse)
    assert written(run, actor)[0][:2] == ("checked", "没有权限")
    assert not Project.objects.exists()


def test_a_cancelled_commit_leaves_no_helper(monkeypatch, tmp_path):
    book = tmp_path / "book.csv"
    book.write_text(records(random.Random(5), 40))
    actor = Actor.command("tests")
    run = checked(book, actor)
    take_part(monkeypatch, apart=True)
    monkeypatch.setattr(stage, "cancel_asked", lambda _uid: True)
    assert written(run, actor)[0][0] == "checked"
    assert children() == 0
