"""Every text of the interface has a whole English translation."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.contrib import auth

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


def test_better_chinese_is_only_for_texts_that_the_libraries_still_have():
    ours = polib.pofile(str(messages.catalogue().parents[2] / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    theirs = set()
    for root in (Path(allauth.__file__).parent, Path(auth.__file__).parent, Path(django.__file__).parent / "conf"):
        folder = root / "locale" / "zh_Hans" / "LC_MESSAGES"
        theirs |= {entry.msgid for entry in polib.mofile(str(folder / "django.mo"))}
    assert [entry.msgid for entry in ours if entry.msgid not in theirs] == []
    assert all(messages.names(entry.msgid) == messages.names(entry.msgstr) for entry in ours if entry.msgstr)
