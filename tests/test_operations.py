"""What an operator has to rely on, tried with real processes: backup beside writers, a worker killed in its work."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests import installation

ROWS = 12_000
LOAD = """
from django.conf import settings
from duikou.kernel.actor import Actor
from duikou.programme.services.pack_load import programme_load
programme_load(actor=Actor.command("test"), folder=settings.PACKS / "northeast-east-2017")
"""
BRING = """
import sys
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check
from duikou.kernel.actor import Actor
lines = ["项目名称,结对,任务条款,计划投资(万元),年份,状态"]
lines += [f"第{number}号合作项目{number * 7919},沈阳-北京,3.2.2,{number},2020,开工" for number in range(ROWS)]
actor = Actor.command("test")
run = run_upload(actor=actor, kind="records", name="many.csv", pieces=["\\n".join(lines).encode()])
run_start_check(actor=actor, uid=str(run.uid))
print(run.uid)
"""
GO = """
from duikou.intake.models import ImportRun
from duikou.intake.services.start import run_start_commit
from duikou.kernel.actor import Actor
run = ImportRun.objects.get()
assert run.state == "checked" and not run.error_count, (run.state, run.notice, run.counters)
run_start_commit(actor=Actor.command("test"), uid=str(run.uid))
"""
STATE = """
import json
from duikou.intake.models import ImportRun
from duikou.projects.models import CellSummary, Project, ProjectNearKey
from duikou.records.models import AuditEvent
print(json.dumps({
    "run": ImportRun.objects.get().state,
    "projects": Project.objects.count(),
    "keys": ProjectNearKey.objects.count(),
    "sums": CellSummary.objects.count(),
    "told": AuditEvent.objects.filter(action="projects.project.created").count(),
}))
"""
WRITE = """
import itertools, random, sys
from pathlib import Path
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from duikou.kernel.actor import Actor
from duikou.kernel.verdict import Verdict
from duikou.records.policies import own_evidence
from duikou.records.services.audit import SubjectRef, record
from duikou.records.services.evidence import evidence_add
from duikou.records.services.seal import trail_seal
own_evidence("test.thing", sees=lambda *_: Verdict.yes(), writes=lambda *_: Verdict.yes())
actor, chance, home = Actor.command("test"), random.Random(2017), Path(settings.HOME)
growing = Path(settings.MEDIA_ROOT) / "evidence" / "still-being-received"
growing.parent.mkdir(parents=True, exist_ok=True)
for number in itertools.count():
    with transaction.atomic():
        record(actor=actor, action="test.thing.made", subject=SubjectRef("test.thing", str(number)))
    file = SimpleUploadedFile(f"{number}.txt", chance.randbytes(200_000).hex().encode())
    evidence_add(actor=actor, subject=SubjectRef("test.thing", str(number)), file=file)
    with growing.open("ab") as stream:
        stream.write(chance.randbytes(50_000))
    trail_seal()
    if number == 3:
        print("writing", flush=True)
    if (home / "stop").exists():
        print(number + 1, flush=True)
        break
"""
PROOF = """
import json
from django.core.files.storage import default_storage
from duikou.records.models import AuditEvent, Blob
print(json.dumps({
    "events": AuditEvent.objects.filter(action="test.thing.made").count(),
    "blobs": [[blob.digest, default_storage.path(blob.path)] for blob in Blob.objects.all()],
}))
"""


def shell(site: installation.Installation, code: str) -> str:
    return site.duikou("django", "shell", "--no-imports", "-c", code).stdout.strip().splitlines()[-1]


def beside(site: installation.Installation, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config", *arguments],
        cwd=installation.ROOT,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def until(reached: Callable[[], bool], seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends, "it never came to that"


def test_a_backup_made_beside_writers_is_one_moment_of_the_database_with_all_its_evidence(tmp_path: Path) -> None:
    with installation.database(tables=True) as first, installation.database() as second:
        before = installation.fresh(tmp_path / "before", first, tables=True)
        writer = beside(before, "django", "shell", "--no-imports", "-c", WRITE)
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "writing"
        archive = tmp_path / "archive.tar.gz"
        before.duikou("backup", str(archive))
        (before.home / "stop").touch()
        written = int(writer.communicate(timeout=120)[0].strip())

        after = installation.fresh(tmp_path / "after", second)
        after.home.mkdir()
        for key in ("secret-key", "field-key"):  # kept apart from the archive, as the command says
            (after.home / key).write_bytes((before.home / key).read_bytes())
        after.duikou("restore", str(archive), "--check-only")
        after.duikou("restore", str(archive))
        after.duikou("audit", "verify")
        found = json.loads(shell(after, PROOF))
        assert 4 <= found["events"] <= written
        assert len(found["blobs"]) >= 3
        for digest, place in found["blobs"]:
            assert hashlib.sha256(Path(place).read_bytes()).hexdigest() == digest


def test_a_worker_killed_while_it_writes_an_import_leaves_nothing_and_the_next_one_writes_all(tmp_path: Path) -> None:
    with installation.database(tables=True) as address:
        site = installation.fresh(tmp_path / "home", address, tables=True)
        shell(site, f"{LOAD}\nprint('loaded')")
        uid = shell(site, f"ROWS = {ROWS}\n{BRING}")
        site.duikou("worker", "--until-empty")
        shell(site, f"{GO}\nprint('queued')")
        note = site.home / "imports" / uid / "progress"

        def is_writing() -> bool:
            progress = json.loads(note.read_bytes())
            return bool(progress["phase"] == "commit" and progress["done"])

        worker = beside(site, "worker")
        try:
            until(is_writing)
        finally:
            worker.kill()
            worker.communicate()
        assert json.loads(shell(site, STATE)) == {"run": "committing", "projects": 0, "keys": 0, "sums": 0, "told": 0}
        site.duikou("worker", "--until-empty")
        whole = json.loads(shell(site, STATE))
        assert (whole["run"], whole["projects"], whole["told"]) == ("committed", ROWS, ROWS)
        site.duikou("projects", "recount")
        site.duikou("audit", "seal", "--everything")
        site.duikou("audit", "verify")


@pytest.mark.skipif(not settings.DATABASES["default"]["ENGINE"].endswith("sqlite"), reason="files of SQLite")
def test_a_restore_of_a_damaged_database_changes_nothing(tmp_path: Path) -> None:
    import tarfile

    site = installation.fresh(tmp_path / "home", tables=True)
    evidence = site.home / "files" / "ab" / "mine"
    evidence.parent.mkdir(parents=True)
    evidence.write_bytes(b"mine")
    good, bad = tmp_path / "good.tar.gz", tmp_path / "bad.tar.gz"
    site.duikou("backup", str(good))
    parts = tmp_path / "parts"
    with tarfile.open(good) as archive:
        archive.extractall(parts, filter="data")
    database = parts / "database.sqlite3"
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * 40_000)
    (parts / "files" / "ab" / "theirs").write_bytes(b"theirs")
    manifest = json.loads((parts / "manifest.json").read_text())
    for member in ("database.sqlite3", "files/ab/theirs"):
        body = (parts / member).read_bytes()
        manifest["members"][member] = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    (parts / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(bad, "w:gz") as archive:
        for member in ("manifest.json", *manifest["members"]):
            archive.add(parts / member, arcname=member)
    before = (site.home / "duikou.sqlite3").read_bytes()
    said = site.duikou("restore", str(bad), "--replace", check=False)
    assert said.returncode == 1
    assert "已损坏" in said.stderr
    assert (site.home / "duikou.sqlite3").read_bytes() == before
    assert not (site.home / "files" / "ab" / "theirs").exists()
    site.duikou("restore", str(good), "--replace")
    assert evidence.read_bytes() == b"mine"
