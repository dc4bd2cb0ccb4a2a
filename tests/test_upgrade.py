"""An installation of an older state and edition is brought up to date by one command and loses nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests import installation, upgrade


@pytest.mark.django_db(transaction=True)
def test_an_older_installation_is_brought_up_to_date_with_all_it_holds(tmp_path, coordinator):
    with _copy(tmp_path) as site:
        before = _said(site, "upgrade.make()")
        site.duikou("prepare", DUIKOU_MODE="demonstration")
        now = _said(site, "upgrade.after()")
    assert now["brought"] == {
        "sums": [True, []],
        "trail": [True, True, 0],
        "near": True,
        "proven": True,
        "edition": 2,
        "routes": True,
    }
    assert now["found"] == before
    assert before["digests"] == [digest for _subject, _note, digest in before["files"]] != []
    assert upgrade.TITLE not in json.dumps(now, ensure_ascii=False)


@contextmanager
def _copy(home: Path) -> Iterator[installation.Installation]:
    """An installation in `home` whose database is a copy of this test's, with the keys that signed its trail."""
    for name, key in (("secret-key", settings.SECRET_KEY), ("field-key", settings.FIELD_KEYS[0])):
        (home / name).write_text(key)
    if connection.vendor == "sqlite":
        with sqlite3.connect(home / "duikou.sqlite3") as target:
            connection.connection.backup(target)
        target.close()
        yield installation.fresh(home)
        return
    template = connection.settings_dict["NAME"]
    connection.close()
    with installation.database(template=template) as address:
        yield installation.fresh(home, address)


def _said(site: installation.Installation, code: str) -> Any:
    """What a function of `tests.upgrade` printed, run in a process of the installation."""
    done = site.duikou("django", "shell", "--no-imports", "-c", f"from tests import upgrade; {code}")
    return json.loads(done.stdout.splitlines()[-1])
