"""Every text of the interface has a whole English translation."""

from __future__ import annotations

import os
import shutil

import polib
import pytest

from config import messages


def test_placeholders_are_found_whatever_their_kind():
    assert messages.names("%(region)s退回了%(count)d份 {name}") == {"%(region)s", "%(count)d", "{name}"}


def test_a_changed_catalogue_is_compiled_once(tmp_path, settings):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="你好", msgstr="Hello"))
    catalogue.save(str(folder / "django.po"))
    settings.LOCALE_PATHS = [tmp_path]
    assert messages.compile_changed() == 1
    assert messages.compile_changed() == 0
    assert polib.mofile(str(folder / "django.mo")).find("你好").msgstr == "Hello"


def test_the_english_catalogue_is_complete():
    if shutil.which("xgettext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("gettext is missing")
        pytest.skip("gettext is missing: apt-get install gettext")
    if not messages.catalogue().exists():
        pytest.skip("no catalogue yet")
    unfinished = messages.unfinished()
    assert unfinished == [], f"{len(unfinished)} texts: fill locale/en (`make messages` adds what is new)"
