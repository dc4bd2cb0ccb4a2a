"""One archive of the database and the evidence files: consistent when written, proved when read back.

The archive is a .tar.gz of `manifest.json` (digest of every member, rows per table, migrations), the database
(SQLite by its online backup, PostgreSQL by pg_dump's custom format in the same snapshot as the counts) and `files/`.
Evidence is stored once by digest and never changed, so files copied after the database hold all that it names.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from config.words import Refusal, pick
from duikou.kernel import worker
from duikou.kernel.clock import now

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class BadArchive(Refusal):
    """The archive is damaged, not ours, or does not fit this installation; the message says which."""


def keys_note() -> str:
    """What whoever keeps the archive has to keep beside it, elsewhere."""
    return pick(
        "归档中没有密钥：请把 DUIKOU_SECRET_KEY 和 DUIKOU_FIELD_KEYS（或数据文件夹中的 secret-key、field-key 两个文件）"
        "另行保管；没有字段密钥，加密的个人信息无法读出，审计记录也无法校验。",
        "Keys are not in the archive: keep DUIKOU_SECRET_KEY and DUIKOU_FIELD_KEYS (or the files secret-key and "
        "field-key of the data folder) elsewhere; without the field keys encrypted personal data cannot be read and "
        "the audit trail cannot be verified.",
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds."""

    tables: int
    rows: int
    files: int


def write(target: Path) -> Summary:
    """Write the archive beside `target` and move it into place when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="duikou-backup-", dir=target.parent) as folder:
        work = Path(folder)
        name = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
        counts = _dump_sqlite(work / name) if connection.vendor == "sqlite" else _dump_postgres(work / name)
        members = [(name, work / name), *_evidence()]
        measured = {member: _measured(path) for member, path in members}
        manifest = {
            "format": FORMAT,
            "version": settings.VERSION,
            "written_at": now().isoformat(timespec="seconds"),
            "vendor": connection.vendor,
            "migrations": _applied(),
            "tables": counts,
            "members": measured,
        }
        draft = work / "archive"
        with tarfile.open(draft, "w:gz", compresslevel=6) as archive:
            body = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(body)
            archive.addfile(head, io.BytesIO(body))
            for member, path in members:
                _add(archive, member, path, measured[member]["bytes"])
        draft.chmod(0o600)
        draft.replace(target)
    return _summary(manifest)


def check(source: Path) -> Summary:
    """Read the whole archive and compare every digest; raises `BadArchive` naming the first that differs."""
    with tempfile.TemporaryDirectory(prefix="duikou-restore-") as folder:
        return _summary(_unpack(source, Path(folder)))


def restore(source: Path, *, replace: bool = False) -> Summary:
    """Verify, then put database and files back; raises `BadArchive` before anything is changed."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="duikou-restore-", dir=settings.HOME) as folder:
        work = Path(folder)
        manifest = _unpack(source, work)
        _refuse_unfit(manifest, replace=replace)
        if manifest["vendor"] == "sqlite":
            _refuse_damaged(work / "database.sqlite3")
        files = Path(settings.MEDIA_ROOT)
        for member in manifest["members"]:
            if member.startswith("files/"):
                place = files / PurePosixPath(member).relative_to("files")
                place.parent.mkdir(parents=True, exist_ok=True)
                (work / member).replace(place)
        if manifest["vendor"] == "sqlite":
            _load_sqlite(work / "database.sqlite3")
        else:
            _load_postgres(work / "database.dump")
        found = _counts()
        if found != manifest["tables"]:
            differing = sorted(name for name in manifest["tables"] if found.get(name) != manifest["tables"][name])
            raise BadArchive(
                f"已恢复，但这些表的行数与备份时不同：{'、'.join(differing)}",
                f"restored, but these tables have other row counts than recorded: {', '.join(differing)}",
            )
        return _summary(manifest)


def _summary(manifest: dict[str, Any]) -> Summary:
    files = [member for member in manifest["members"] if member.startswith("files/")]
    return Summary(len(manifest["tables"]), sum(manifest["tables"].values()), len(files))


def _evidence() -> list[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []
    return [(f"files/{path.relative_to(root).as_posix()}", path) for path in found]


def _measured(path: Path) -> dict[str, Any]:
    """Size and digest of what is there now: a file that is still being received may grow before it is packed."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _add(archive: tarfile.TarFile, member: str, path: Path, size: int) -> None:
    """Pack as many bytes of the file as were measured."""
    with path.open("rb") as stream:
        entry = archive.gettarinfo(arcname=member, fileobj=stream)
        entry.size = size
        archive.addfile(entry, stream)


def _applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - introspected name
            found[table] = int(cursor.fetchone()[0])
        return found


def _unpack(source: Path, work: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            members = _regular(archive)
            _, head = next(members, (None, None))
            if head is None:
                raise BadArchive(f"{source.name}：空的归档", f"{source.name}: empty archive")
            manifest: dict[str, Any] = json.load(head)
            if manifest.get("format") != FORMAT:
                form = manifest.get("format")
                raise BadArchive(
                    f"{source.name}：本版本不认识归档格式 {form}",
                    f"{source.name}: archive format {form} is not known to this version",
                )
            expected = dict(manifest["members"])
            for name, stream in members:
                known = expected.pop(str(name), None)
                if known is None:
                    raise BadArchive(f"{name}：不在清单中", f"{name}: not listed in the manifest")
                if _copy(stream, work / str(name)) != known["sha256"]:
                    raise BadArchive(f"{name}：内容与摘要不符", f"{name}: content differs from its digest")
            if expected:
                gone = min(expected)
                raise BadArchive(f"{gone}：归档中缺少", f"{gone}: missing from the archive")
            while archive.fileobj is not None and archive.fileobj.read(CHUNK):
                pass  # to the end, where the stream's own checksum stands
    except (tarfile.TarError, EOFError, OSError, json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        kind = type(error).__name__
        raise BadArchive(
            f"{source.name}：已损坏，或不是本平台的备份（{kind}）",
            f"{source.name}: damaged or not a Duikou backup ({kind})",
        ) from error
    return manifest


def _regular(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for number, entry in enumerate(archive):
        path = PurePosixPath(entry.name)
        stream = archive.extractfile(entry) if entry.isreg() else None
        if stream is None or path.is_absolute() or ".." in path.parts or (number == 0) != (entry.name == MANIFEST):
            raise BadArchive(
                f"{entry.name}：本平台的备份中没有这样的成员", f"{entry.name}: not a member that a Duikou backup has"
            )
        yield entry.name, stream


def _copy(stream: IO[bytes], place: Path) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with place.open("wb") as target:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _refuse_unfit(manifest: dict[str, Any], *, replace: bool) -> None:
    if manifest["vendor"] != connection.vendor:
        theirs, ours = manifest["vendor"], connection.vendor
        raise BadArchive(
            f"归档来自 {theirs}，本机用的是 {ours}", f"the archive is of {theirs}, this installation runs on {ours}"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    unknown = [name for name in manifest["migrations"] if name not in known]
    if unknown:
        raise BadArchive(
            f"归档来自更新的版本（迁移 {unknown[-1]}）：请先升级",
            f"the archive is of a newer version (migration {unknown[-1]}); upgrade first",
        )
    alive = [mark.name for mark in worker.beats().glob("*") if worker.is_alive(mark.name)]
    if alive:
        raise BadArchive(
            "后台任务进程正在使用这份数据：请先停止站点", "a worker is running on this data: stop the site first"
        )
    if not replace and any(_counts().get(name, 0) for name in ("access_account", "records_auditevent")):
        raise BadArchive(
            "数据库中已有账号或审计记录；确要覆盖请加 --replace",
            "this database already holds accounts or events; say --replace to overwrite it",
        )


def _dump_sqlite(target: Path) -> dict[str, int]:
    with (
        closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        names = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in sorted(names) if not name.startswith("sqlite_")]
        return {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in kept}  # noqa: S608


def _refuse_damaged(source: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as copy:
            verdict = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise BadArchive(f"归档中的数据库已损坏：{verdict}", f"the database in the archive is damaged: {verdict}")


def _load_sqlite(source: Path) -> None:
    """The old write-ahead log goes first: one that outlived its database would be read into the new one."""
    connection.close()
    target = Path(settings.DATABASES["default"]["NAME"])
    for ending in ("-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    source.replace(target)


def _dump_postgres(target: Path) -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = _counts()
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    return counts


def _load_postgres(source: Path) -> None:
    connection.close()
    _postgres(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(source)
    )


def _postgres(program: str, *arguments: str) -> None:
    database = settings.DATABASES["default"]
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda found: int(found.parts[-3]))
    path = str(packaged[-1]) if packaged else shutil.which(program)
    if path is None:
        raise BadArchive(
            f"没有安装 {program}（Debian：apt-get install postgresql-client）",
            f"{program} is not installed (Debian: apt-get install postgresql-client)",
        )
    command = [path, *arguments, f"--dbname={database['NAME']}"]
    for option, value in (("host", database["HOST"]), ("port", database["PORT"]), ("username", database["USER"])):
        if value:
            command.insert(-1, f"--{option}={value}")
    environment = {**os.environ, "PGPASSWORD": str(database["PASSWORD"])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program
    if done.returncode < 0:
        raise BadArchive(
            f"{program} 被信号 {-done.returncode} 终止：多半是磁盘已满，或超出文件大小、内存的限制",
            f"{program} was ended by signal {-done.returncode}: most likely the disk is full, or a limit is reached",
        )
    if done.returncode:
        raise BadArchive(f"{program}：{done.stderr.strip()}", f"{program}: {done.stderr.strip()}")
