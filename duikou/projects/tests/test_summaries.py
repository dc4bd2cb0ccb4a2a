"""The kept sums equal a recomputation, whatever happens and whoever writes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.intake.services.decisions import decisions_make_all
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound, Money
from duikou.projects.models import CellSummary, Project
from duikou.projects.selectors import Totals, cells, pairings_of, total, years
from duikou.projects.services.draft import draft_of
from duikou.projects.services.projects import project_create, project_update, projects_create_many
from duikou.projects.services.steps import project_merge, project_state_correct
from duikou.projects.services.summaries import TABLES, summaries_fold, summary_rebuild, summary_verify
from duikou.projects.states import ProjectState, Visibility
from duikou.projects.tests.conftest import World, build, office

COMMAND = Actor.command("tests")
amounts = st.one_of(st.none(), st.integers(0, 10**13).map(Money.from_cents))
bounds = st.sampled_from(list(Bound))
facts = st.fixed_dictionaries(
    {
        "planned_amount": amounts,
        "planned_bound": bounds,
        "signed_amount": amounts,
        "signed_bound": bounds,
        "completed_amount": amounts,
        "completed_bound": bounds,
        "year": st.one_of(st.none(), st.integers(2015, 2019)),
        "visibility": st.sampled_from(list(Visibility)),
        "pairing": st.sampled_from(["heilongjiang-guangdong", "shenyang-beijing", "daqing-huizhou"]),
        "places": st.tuples(st.sampled_from([None, "230600", "230200"]), st.sampled_from([None, "440100", "441300"])),
        "clause": st.sampled_from(["3.2.1", "3.2.2", "4.2"]),
        "state": st.sampled_from(list(ProjectState)),
    }
)
rows_of_a_file = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["项目1", "项目2", "批量1-0", "冷链园", "冷链园区", "数控基地"]),
            "first": st.sampled_from(["黑龙江省", "大庆市", "齐齐哈尔市"]),
            "second": st.sampled_from(["广东省", "广州市", "惠州市"]),
            "clause": st.sampled_from(["3.2.1", "3.2.2"]),
            "planned": st.sampled_from(["", "1.23", "约500", "超3亿元"]),
            "year": st.sampled_from(["", "2018", "2019"]),
            "state": st.sampled_from(["签约", "开工", "投产", "洽谈"]),
        }
    ),
    min_size=1,
    max_size=4,
)
HEADS = {
    "name": "项目名称",
    "first": "甲",
    "second": "乙",
    "clause": "任务条款",
    "planned": "计划投资(万元)",
    "year": "年份",
    "state": "状态",
}


class Summaries(RuleBasedStateMachine):
    """Any sequence of writes leaves the sums equal to a recomputation, to the 分."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.world = build()
        self.made = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)

    def pick(self, number: int) -> Project | None:
        rows = list(Project.objects.filter(merged_into=None).order_by("id"))
        return rows[number % len(rows)] if rows else None

    @rule(given=facts)
    def create(self, given: dict[str, Any]) -> None:
        self.made += 1
        project_create(actor=COMMAND, draft=self.world.draft(f"项目{self.made}", **given), partial=True)

    @rule(many=st.lists(facts, max_size=5))
    def create_many(self, many: list[dict[str, Any]]) -> None:
        drafts = [self.world.draft(f"批量{self.made}-{i}", **given) for i, given in enumerate(many)]
        self.made += 1
        projects_create_many(actor=COMMAND, drafts=drafts)

    @rule(number=st.integers(0, 50), given=facts)
    def update(self, number: int, given: dict[str, Any]) -> None:
        project = self.pick(number)
        if project:
            fresh = replace(self.world.draft(project.name, **given), state=draft_of(project).state)
            project_update(actor=COMMAND, project_id=project.pk, version=project.version, draft=fresh)

    @rule(number=st.integers(0, 50), state=st.sampled_from(list(ProjectState)))
    def move(self, number: int, state: ProjectState) -> None:
        project = self.pick(number)
        if project:
            project_state_correct(
                actor=COMMAND, project_id=project.pk, version=project.version, state=state, reason="测试"
            )

    @rule(number=st.integers(0, 50), other=st.integers(0, 50))
    def merge(self, number: int, other: int) -> None:
        kept, duplicate = self.pick(number), self.pick(other)
        if kept and duplicate and kept.pk != duplicate.pk:
            project_merge(
                actor=COMMAND, kept_id=kept.pk, duplicate_id=duplicate.pk, version=duplicate.version, reason=""
            )

    @rule(rows=rows_of_a_file, public=st.booleans())
    def bring_a_file(self, rows: list[dict[str, str]], public: bool) -> None:
        heads = [*HEADS.values(), "结对"]
        lines = [heads, *([*(row[name] for name in HEADS), "heilongjiang-guangdong"] for row in rows)]
        run = run_upload(
            actor=COMMAND,
            kind="records",
            name="记录.csv",
            pieces=["\n".join(",".join(line) for line in lines).encode()],
            options={"programme": "small", "visibility": Visibility.PUBLIC if public else Visibility.PAIRING},
        )
        run_start_check(actor=COMMAND, uid=str(run.uid))
        run_check(run_id=run.pk)
        decisions_make_all(actor=COMMAND, uid=str(run.uid), choice="update")
        decisions_make_all(actor=COMMAND, uid=str(run.uid), choice="new")
        run_start_commit(actor=COMMAND, uid=str(run.uid))
        run_commit(run_id=run.pk)
        run.refresh_from_db()
        assert run.state == "committed", (run.state, run.notice, run.counters)

    @rule()
    def fold(self) -> None:
        summaries_fold()
        for table, key in TABLES.items():
            keys = list(table._default_manager.values_list(*key))
            assert len(keys) == len(set(keys))

    @rule()
    def rebuild(self) -> None:
        summary_rebuild()

    @invariant()
    def equal(self) -> None:
        assert summary_verify().wrong == ()

    @invariant()
    def every_office_reads_what_its_projects_add_up_to(self) -> None:
        programme = self.world.programme
        places = ("pairing__first_region", "pairing__second_region", "first_region", "second_region")
        rows = list(Project.objects.filter(programme=programme, merged_into=None).select_related(*places))
        pairings = pairings_of(programme)
        for path in ("230000/", "230000/230600/", "230000/230200/", "440000/440100/", "210000/210100/"):
            about: dict[str, Any] = {"actor": office(path), "programme": programme, "pairings": pairings}
            truth = reckoned(row for row in rows if concerns(row, path))
            assert numbers(total(cell.totals for cell in cells(**about))) == truth, path
            assert numbers(total(years(**about).values())) == truth, path


def concerns(project: Project, path: str) -> bool:
    """Whether an office over the region at `path` may know of the project, in plain words."""
    places = (
        project.pairing.first_region,
        project.pairing.second_region,
        project.first_region,
        project.second_region,
    )
    return project.visibility == Visibility.PUBLIC or any(place and place.path.startswith(path) for place in places)


def reckoned(many: Iterable[Project]) -> tuple[int, ...]:
    """How many, and planned, signed and completed in 分, added up in Python."""
    rows = list(many)
    sums = [
        sum(amount.cents for row in rows if (amount := getattr(row, f"{name}_amount")) is not None)
        for name in ("planned", "signed", "completed")
    ]
    return (len(rows), *sums)


def numbers(totals: Totals) -> tuple[int, ...]:
    """The same as read from the kept sums."""
    return (totals.count, totals.planned_sum, totals.signed_sum, totals.completed_sum)


def test_the_sums_equal_a_recomputation_after_any_sequence_of_writes(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_of_django, "HOME", tmp_path)
    run_state_machine_as_test(
        Summaries,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=set(Phase) - {Phase.shrink},  # a sequence with files takes minutes to shorten
        ),
    )


def _run(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    command = [sys.executable, "-m", "duikou.projects.tests.concurrent", *arguments]
    return subprocess.Popen(command, env=environment, cwd=settings_of_django.BASE_DIR)  # noqa: S603


def test_writers_at_once_and_a_folder_lose_nothing(own_database: str) -> None:
    assert _run(own_database, "prepare").wait() == 0
    running = [_run(own_database, "write", str(who)) for who in range(3)] + [_run(own_database, "fold")]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert _run(own_database, "verify", "3").wait() == 0


def test_a_wrong_sum_is_found_and_mended(world: World) -> None:
    world.project(signed_amount=Money("5"))
    CellSummary.objects.update(signed_sum=1)
    assert len(summary_verify().wrong) == 1
    summary_rebuild()
    assert summary_verify().wrong == ()
