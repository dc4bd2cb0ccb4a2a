"""An installation of an older state and edition is brought up to date by one command and loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import installation, upgrade


@pytest.mark.django_db(transaction=True)
def test_an_older_installation_is_brought_up_to_date_with_all_it_holds(tmp_path, coordinator):
    with installation.of_world(tmp_path) as site:
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


def _said(site: installation.Installation, code: str) -> Any:
    """What a function of `tests.upgrade` printed, run in a process of the installation."""
    done = site.duikou("django", "shell", "--no-imports", "-c", f"from tests import upgrade; {code}")
    return json.loads(done.stdout.splitlines()[-1])
