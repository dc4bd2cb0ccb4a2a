"""A disk that is full is said in words, keeps nothing half written, and is no error of the program.

The file size limit of this process stands for the disk: what is written beyond it fails as on a full one.
"""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from duikou.intake.models import ImportRun
from duikou.intake.services.check import run_check
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import check_startable
from duikou.intake.states import RunState
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NoSpace, no_space
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.records.models import Blob
from tests import installation

HEAD = "项目名称,结对,任务条款,计划投资(万元),年份,状态\n"
COMMAND = Actor.command("tests")


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def table(size: int) -> bytes:
    line = "第{}号园区,沈阳-北京,3.2.2,1,2020,开工\n"
    text = [HEAD]
    while sum(map(len, text)) * 2 < size:
        text += [line.format(number) for number in range(len(text), len(text) + 1000)]
    return "".join(text).encode()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1_200_000, 4_000_000])
def test_an_upload_for_which_there_is_no_room_is_refused_in_words(
    client_for: Callable[[Any], Client], shenyang_editor: Any, home: Path, size: int
) -> None:
    browser = client_for(shenyang_editor)
    browser.raise_request_exception = False
    file = SimpleUploadedFile("many.csv", table(size))
    with room(400_000):
        answer = browser.post("/imports/", {"kind": "records", "file": file})
    assert answer.status_code == 507
    assert "磁盘已满" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
    assert ImportRun.objects.count() == 0
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_evidence_for_which_there_is_no_room_is_refused_and_not_kept(
    client_for: Callable[[Any], Client], shenyang_editor: Any
) -> None:
    browser = client_for(shenyang_editor)
    browser.raise_request_exception = False
    file = SimpleUploadedFile("proof.txt", b"proof " * 200_000)
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pairing.programme, "有材料的项目", pairing, clause, pairing.first_region)
    project = project_create(actor=COMMAND, draft=draft, partial=True)
    with room(400_000):
        answer = browser.post(
            "/records/evidence/add/",
            {"kind": "projects.project", "subject": project.pk, "label": project.name, "file": file},
        )
    assert answer.status_code == 507
    assert Blob.objects.count() == 0


@pytest.mark.django_db
def test_a_dry_run_for_which_there_is_no_room_fails_in_words_and_can_be_started_again(home: Path) -> None:
    run = run_upload(actor=COMMAND, kind="records", name="many.csv", pieces=[table(900_000)])
    check_startable(run, COMMAND)
    with room(900_000 // 2):
        run_check(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "磁盘已满" in run.notice
    check_startable(run, COMMAND)
    run_check(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED, run.notice


@pytest.mark.django_db
def test_a_database_that_is_full_is_told_from_one_that_is_broken() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("how SQLite says it")
    with sqlite3.connect(":memory:") as small:
        small.execute("PRAGMA max_page_count = 10")
        small.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as caught:
            small.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    assert isinstance(no_space(OperationalError(str(caught.value))), NoSpace)
    assert no_space(OperationalError("no such table: t")) is None
    assert no_space(PermissionError(13, "denied")) is None
    settings.HOME = Path("/no/such/folder")  # the fixture puts it back
    assert no_space(OperationalError("disk I/O error")) is None


def test_a_backup_for_which_there_is_no_room_says_so_and_leaves_the_former_one(tmp_path: Path) -> None:
    with installation.database(tables=True) as address:
        site = installation.fresh(tmp_path / "site", address, tables=True)
        target = tmp_path / "archives" / "archive.tar.gz"
        site.duikou("backup", str(target))
        former = target.read_bytes()
        big = site.home / "files" / "ab" / "big"
        big.parent.mkdir(parents=True)
        big.write_bytes(bytes(range(256)) * 20_000)
        with room(len(former) // 2):
            said = site.duikou("backup", str(target), check=False)
        assert said.returncode == 1
        assert "Traceback" not in said.stderr
        assert "磁盘" in said.stderr or "full" in said.stderr, said.stderr
        assert target.read_bytes() == former
        assert list(target.parent.iterdir()) == [target]
