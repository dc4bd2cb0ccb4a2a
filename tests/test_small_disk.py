"""A data folder on a disk of its own that is really full: people are told, nothing is half written, work goes on after.

Needs the right to mount, which root of a machine has; the size limit in `test_disk_full.py` stands in elsewhere.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection

from duikou.access.services.demonstration import PASSWORD
from tests import installation
from tests.postgres import free_port

SIZE = "64m"
READY = f"""
from django.core.management import call_command
from duikou.access.models import Account
from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
pairing = Pairing.objects.get(code="shenyang-beijing")
clause = pairing.programme.clause_set.get(code="3.2.2")
draft = ProjectDraft(pairing.programme, "有材料的项目", pairing, clause, pairing.first_region)
print(project_create(actor=Actor.command("tests"), draft=draft, partial=True).pk)
call_command("collectstatic", interactive=False, verbosity=0)
for account in Account.objects.filter(username__in=["shenyang", "beijing"]):  # the suite's hasher is not the site's
    account.set_password("{PASSWORD}")
    account.save()
"""
FULL = {"zh-CN": "磁盘已满", "en": "Disk full"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


class Browser:
    """One person's session."""

    def __init__(self, address: str, username: str = "", language: str = "zh-CN") -> None:
        self.address, self.session = address, requests.Session()
        # the server may close a connection on which an upload was refused unread
        self.session.headers.update({"Accept-Language": language, "Connection": "close"})
        if username:
            assert "/accounts/login/" not in self.sign_in(username).url

    def sign_in(self, username: str) -> requests.Response:
        """With the demonstration's password."""
        return self.post("/accounts/login/", {"login": username, "password": PASSWORD})

    def get(self, path: str) -> requests.Response:
        """A page."""
        return self.session.get(self.address + path, timeout=60)

    def post(self, path: str, data: dict[str, Any], **more: Any) -> requests.Response:
        """A form sent from the page of signing in, which stands on any disk."""
        if "csrftoken" not in self.session.cookies:
            self.get("/accounts/login/")
        sent = {**data, "csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        return self.session.post(self.address + path, data=sent, timeout=60, **more)


@pytest.fixture
def served(disk: Path, coordinator: Any) -> Iterator[tuple[installation.Installation, str, str]]:
    """A site whose data folder is on the small disk, its address, and a project in it."""
    with installation.of_world(disk) as site:
        project = site.duikou("django", "shell", "--no-imports", "-c", READY).stdout.split()[-1]
        address = f"127.0.0.1:{free_port()}"
        process = subprocess.Popen(
            [sys.executable, "-m", "config", "serve", "--port", address.rpartition(":")[2]],
            cwd=installation.ROOT,
            env={**site.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=(disk / "serve.log").open("w"),
            text=True,
        )
        assert process.stdout is not None
        assert address in process.stdout.readline()
        _answers(f"http://{address}/health/")
        yield site, f"http://{address}", project
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_full_is_said_keeps_nothing_half_and_goes_on_when_there_is_room(served, disk):
    site, address, project = served
    browser = Browser(address, "shenyang")
    new = "/access/organisations/new/"
    facts = {"kind": "enterprise", "region": "210100", "visibility": "region"}
    made = browser.post(new, {**facts, "name": "满盘之前登记的公司"})
    assert "/organisations/" in made.url, _words(made)
    assert "/new/" not in made.url, _words(made)
    _fill(disk)
    for path, data, files in (
        (new, {**facts, "name": "满盘之时登记的公司" * 6}, None),
        ("/imports/", {"kind": "records"}, {"file": ("many.csv", b"\xe9\xa1\xb9" * 700_000)}),
        (
            "/records/evidence/add/",
            {"kind": "projects.project", "subject": project},
            {"file": ("a.txt", b"a" * 3_000_000)},
        ),
    ):
        if connection.vendor != "sqlite" and files is None:
            continue  # the database is on another disk
        answer = browser.post(path, data, files=files)
        assert (answer.status_code, "Traceback" in answer.text) == (507, False), f"{path}: {_words(answer)}"
        assert FULL["zh-CN"] in answer.text
    if connection.vendor == "sqlite":
        answer = Browser(address, language="en").post("/accounts/login/", {"login": "beijing", "password": PASSWORD})
        assert (answer.status_code, FULL["en"] in answer.text) == (507, True), _words(answer)
    backup = disk / "archive.tar.gz"
    said = site.duikou("backup", str(backup), check=False)
    assert (said.returncode, backup.exists(), "Traceback" in said.stderr) == (1, False, False), said.stderr
    assert [path for folder in ("imports", "incoming", "files") for path in (disk / folder).rglob("*.*")] == []
    (disk / "filler").unlink()
    made = browser.post(new, {**facts, "name": "腾出空间后登记的公司"})
    assert "/new/" not in made.url, _words(made)
    assert "腾出空间后登记的公司" in made.text
    listed = browser.get("/access/organisations/?q=满盘").text
    assert ("满盘之前登记的公司" in listed, "满盘之时登记的公司" in listed) == (True, False)
    if connection.vendor == "sqlite":
        with sqlite3.connect(disk / "duikou.sqlite3") as kept:
            assert kept.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept.close()


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    filler.write(os.urandom(size))
            except OSError:
                continue


def _answers(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            requests.get(address, timeout=5).raise_for_status()
        except requests.ConnectionError:
            assert time.monotonic() < until
        else:
            return


def _words(answer: requests.Response) -> str:
    return f"{answer.status_code} {answer.url} " + " ".join(re.sub("<[^>]+>", " ", answer.text).split())[:1500]
