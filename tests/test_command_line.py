"""Whatever is wrong around the command line is said in one line, never as a traceback."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from gunicorn.http import errors

from config import environment, failures, home, refusals, words
from tests import installation


def _one_line(said, code):
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr
    assert said.stdout == ""
    (line,) = said.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize(
    ("wrong", "code", "reason"),
    [
        ({"DUIKOU_MODE": "prodction"}, 2, "DUIKOU_MODE=prodction"),
        ({"DUIKOU_MODE": ""}, 2, "DUIKOU_MODE="),
        ({"DATABASE_URL": "nonsense"}, 2, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://u:p@h/name"}, 2, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://u:secret@h:port/name"}, 2, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://nobody:secret@127.0.0.1:1/none"}, 1, "数据库连不上"),
        ({"DUIKOU_LOG_LEVEL": "loud"}, 2, "DUIKOU_LOG_LEVEL=loud"),
        ({"DUIKOU_UPLOAD_MAX_BYTES": "many"}, 2, "DUIKOU_UPLOAD_MAX_BYTES=many"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path, wrong, code, reason):
    said = installation.fresh(tmp_path / "home").duikou("jobs", "list", check=False, **wrong)
    line = _one_line(said, code)
    assert reason in line
    assert "secret" not in line


def test_a_data_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "taken").write_text("x")
    line = _one_line(installation.fresh(tmp_path / "taken").duikou("jobs", "list", check=False), 1)
    assert "不是文件夹" in line
    line = _one_line(installation.fresh(tmp_path / "taken" / "below").duikou("jobs", "list", check=False), 1)
    assert "不是文件夹" in line


def test_a_database_without_tables_says_what_to_run_in_the_readers_language(tmp_path):
    with installation.database() as address:
        site = installation.fresh(tmp_path / "home", address)
        assert "先运行 duikou prepare" in _one_line(site.duikou("audit", "verify", check=False), 1)
        english = site.duikou("audit", "verify", check=False, LANG="en_US.UTF-8")
        assert "run `duikou prepare` first" in _one_line(english, 1)
        english = site.duikou("--lang", "en", "audit", "verify", check=False)
        assert "run `duikou prepare` first" in _one_line(english, 1)
        assert "Traceback" in site.duikou("audit", "verify", check=False, DUIKOU_DEBUG="1").stderr


def test_a_backup_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with installation.database() as address:
        site = installation.fresh(tmp_path / "home", address)
        said = site.duikou("backup", str(tmp_path / "file" / "archive.tar.gz"), check=False)
    assert "archive" in _one_line(said, 1) or "file" in said.stderr


def test_a_number_that_is_none_is_wrong_use(tmp_path):
    said = installation.fresh(tmp_path / "home").duikou("serve", "--port", "many", check=False)
    assert said.returncode == 2
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("words", "code", "zh", "en"),
    [
        (
            ["nosuch"],
            2,
            ["用法：", "没有命令 'nosuch'"],
            ["Usage: python", "No such command"],
        ),
        (["audit", "verify", "--nope"], 2, ["没有选项 '--nope'"], ["No such option '--nope'"]),
        (["backup"], 2, ["缺少参数 'FILE'"], ["Missing argument 'FILE'"]),
        (["serve", "--port", "0"], 2, ["'--port' 的值不对", "不在范围"], ["Invalid value for '--port'", "range"]),
        (["audit", "verify", "--anchor", "x"], 2, ["锚点写作 POSITION:HEAD"], ["an anchor is POSITION:HEAD"]),
        (
            ["restore", "--help"],
            0,
            ["选项:", "只校验归档，不作任何改动。", "显示本说明。"],
            ["Options:", "Verify the archive and change nothing."],
        ),
        (["--help"], 0, ["命令:", "封存和校验审计记录。"], ["Commands:", "Seal and verify the audit trail."]),
    ],
)
def test_usage_and_help_come_in_the_readers_language(tmp_path, words, code, zh, en):
    site = installation.fresh(tmp_path / "home")
    for said, wanted, other in (
        (site.duikou(*words, check=False), zh, en),
        (site.duikou("--lang", "en", *words, check=False), en, zh),
    ):
        assert said.returncode == code
        assert all(text in said.stdout + said.stderr for text in wanted), said.stdout + said.stderr
        assert not any(text in said.stdout + said.stderr for text in other)


def test_asking_for_the_version_loads_neither_django_nor_rooms(tmp_path):
    code = "import sys; sys.argv = ['duikou', '--version']\nimport config.cli\n"
    code += "try: config.cli.main()\nexcept SystemExit: print('django' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=installation.ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "False"


def test_the_data_folder_is_its_owners_alone_and_old_ones_are_mended(tmp_path):
    site = installation.fresh(tmp_path / "home")
    site.duikou("django", "migrate", "records", "--verbosity=0")
    assert site.home.stat().st_mode & 0o777 == 0o700
    assert (site.home / "duikou.sqlite3").stat().st_mode & 0o777 == 0o600
    evidence = site.home / "files" / "evidence" / "abc"
    evidence.parent.mkdir(parents=True)
    evidence.write_bytes(b"proof")
    for loose, mode in ((site.home, 0o755), (site.home / "duikou.sqlite3", 0o644), (evidence, 0o644)):
        loose.chmod(mode)
    home.opened(site.home)
    assert home.mend(site.home) >= 1
    assert site.home.stat().st_mode & 0o777 == 0o700
    assert (site.home / "duikou.sqlite3").stat().st_mode & 0o777 == 0o600
    assert evidence.stat().st_mode & 0o777 == 0o600
    assert evidence.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_others_keeps_its_permissions(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "theirs").write_text("x")
    home.opened(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_data_folder_with_odd_characters_in_its_name_is_one(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    odd = tmp_path / "数据 100% #1?" / "duikou.sqlite3"
    assert environment.database(odd)["NAME"] == str(odd)


@pytest.mark.parametrize(
    ("known", "spoken"),
    [
        ({}, "zh-hans"),
        ({"LANG": "C.UTF-8"}, "zh-hans"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "DUIKOU_LANG": "en"}, "en"),
    ],
)
def test_the_command_line_speaks_as_the_terminal_does(known, spoken):
    assert words.language(known) == spoken


def test_a_defect_is_one_line_that_says_how_to_see_more():
    line, code = failures.explained(KeyError("x"))
    assert (code, "DUIKOU_DEBUG=1" in line) == (1, True)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.LimitRequestLine(9000, 8190), 414),
        (errors.LimitRequestHeaders("too many"), 431),
        (errors.InvalidRequestLine("<script>"), 400),
        (errors.InvalidResponseHeader("x"), 500),
        (RuntimeError("x"), 500),
    ],
)
def test_what_the_server_refuses_is_a_page_with_an_id_and_nothing_of_what_was_sent(error, status):
    near, far = socket.socketpair()
    with near, far:
        refusals.Worker.handle_error(refusals.Worker.__new__(refusals.Worker), None, near, ("127.0.0.1", 1), error)
        near.shutdown(socket.SHUT_WR)
        answer = far.makefile("rb").read().decode()
    head, body = answer.split("\r\n\r\n", 1)
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert f"Content-Length: {len(body.encode())}" in head
    reference = next(line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("X-Request-ID"))
    assert reference in body
    assert "对口合作平台" in body
    assert "<script>" not in body
