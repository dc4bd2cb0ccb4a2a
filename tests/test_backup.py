"""What was backed up comes back, on both databases, and a damaged archive is refused before anything changes."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest
from django.db import connection

from config import backup
from tests import installation

MAKE = """
from django.db import transaction
from duikou.kernel.actor import Actor
from duikou.records.services.audit import SubjectRef, record
for number in range(5):
    with transaction.atomic():
        record(actor=Actor.command("test"), action="records.test.made", subject=SubjectRef("test", str(number)))
"""
COUNT = "from duikou.records.models import AuditEvent; print(AuditEvent.objects.count())"


def _shell(site: installation.Installation, code: str) -> str:
    return site.duikou("django", "shell", "--no-imports", "-c", code).stdout


def test_a_backup_brings_database_and_evidence_back(tmp_path):
    with installation.database(tables=True) as first, installation.database() as second:
        before = installation.fresh(tmp_path / "before", first, tables=True)
        _shell(before, MAKE)
        evidence = tmp_path / "before" / "files" / "ab" / "abcdef"
        evidence.parent.mkdir(parents=True)
        evidence.write_bytes(b"proof" * 1000)
        archive = tmp_path / "archive.tar.gz"
        said = before.duikou("backup", str(archive))
        assert "1 个文件" in said.stdout
        assert "DUIKOU_FIELD_KEYS" in said.stderr
        assert archive.stat().st_mode & 0o077 == 0

        after = installation.fresh(tmp_path / "after", second)
        after.duikou("restore", str(archive))
        assert (tmp_path / "after" / "files" / "ab" / "abcdef").read_bytes() == b"proof" * 1000

        refused = after.duikou("restore", str(archive), check=False)
        assert refused.returncode == 1
        assert "确要覆盖请加 --replace" in refused.stderr
        english = after.duikou("--lang", "en", "restore", str(archive), check=False)
        assert "say --replace to overwrite it" in english.stderr
        _shell(after, MAKE)
        after.duikou("restore", str(archive), "--replace")
        assert int(_shell(after, COUNT).split()[-1]) == 5


def _archive(path, *, migrations=(), members=(("files/ab/abcdef", b"proof"),), lie=b""):
    """An archive made by hand; `lie` is what the file holds instead of what the manifest says."""
    listed = {name: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in members}
    manifest = {
        "format": 1,
        "version": "0.1.0",
        "vendor": connection.vendor,
        "migrations": list(migrations),
        "tables": {},
        "members": listed,
    }
    with tarfile.open(path, "w:gz") as target:
        for name, body in [("manifest.json", json.dumps(manifest).encode()), *members]:
            content = lie if lie and name != "manifest.json" else body
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"lie": b"prooF"}, "内容与摘要不符"),
        ({"members": [("../outside", b"x")]}, "没有这样的成员"),
        ({"members": [("/etc/outside", b"x")]}, "没有这样的成员"),
    ],
)
def test_a_damaged_archive_is_refused_by_name(tmp_path, made, reason):
    with pytest.raises(backup.BadArchive, match=reason):
        backup.check(_archive(tmp_path / "archive.tar.gz", **made))
    assert not (tmp_path.parent / "outside").exists()


def test_an_archive_cut_short_is_refused(tmp_path):
    whole = _archive(tmp_path / "whole.tar.gz")
    (tmp_path / "cut.tar.gz").write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(backup.BadArchive, match="已损坏"):
        backup.check(tmp_path / "cut.tar.gz")


@pytest.mark.django_db
def test_an_archive_of_a_newer_version_is_refused(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    newer = _archive(tmp_path / "archive.tar.gz", migrations=["records.9999_from_the_future"])
    with pytest.raises(backup.BadArchive, match="更新的版本"):
        backup.restore(newer, replace=True)
    assert not (tmp_path / "home" / "files").exists()


def test_something_that_is_no_archive_is_refused_in_words(tmp_path):
    (tmp_path / "notes.txt").write_text("not an archive")
    with pytest.raises(backup.BadArchive, match="不是本平台的备份"):
        backup.check(tmp_path / "notes.txt")
