"""The kept sums equal a recomputation, whatever happens and whoever writes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound, Money
from duikou.projects.models import CellSummary, Project
from duikou.projects.services.draft import draft_of
from duikou.projects.services.projects import project_create, project_update, projects_create_many
from duikou.projects.services.steps import project_merge, project_state_correct
from duikou.projects.services.summaries import summaries_fold, summary_rebuild, summary_verify
from duikou.projects.states import ProjectState, Visibility
from duikou.projects.tests.conftest import World, build

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
        "clause": st.sampled_from(["3.2.1", "3.2.2", "4.2"]),
        "state": st.sampled_from(list(ProjectState)),
    }
)


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

    @rule()
    def fold(self) -> None:
        summaries_fold()
        keys = list(CellSummary.objects.values_list("programme", "pairing", "clause", "state", "visibility"))
        assert len(keys) == len(set(keys))

    @rule()
    def rebuild(self) -> None:
        summary_rebuild()

    @invariant()
    def equal(self) -> None:
        assert summary_verify().wrong == ()


def test_the_sums_equal_a_recomputation_after_any_sequence_of_writes(db: None) -> None:
    run_state_machine_as_test(
        Summaries,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def _run(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    command = [sys.executable, "-m", "duikou.projects.tests.concurrent", *arguments]
    return subprocess.Popen(command, env=environment, cwd=settings_of_django.BASE_DIR)  # noqa: S603


@pytest.fixture
def own_database(tmp_path: Path, db: None) -> Iterator[str]:
    """The address of a database of the kind under test, for processes that commit."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
        return
    import psycopg

    own = connection.settings_dict
    server = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"] or None}
    name = f"own_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
