"""The English catalogue: extract, compile without gettext, and say what is unfinished."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.makemessages import Command as MakeMessages

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[sdfi]|%[sdf]|\{(\w*)\}")
IGNORED = ["*/tests/*", ".venv/*", "assets/*", "var/*", "bench/*", "tests/*", "build/*", "docs/*"]


def catalogue() -> Path:
    """The committed English catalogue."""
    return Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"


def extract() -> int:
    """Merge the texts of today's code into the committed catalogue, without line numbers; returns how many."""
    catalogue().parent.mkdir(parents=True, exist_ok=True)
    with contextlib.chdir(settings.BASE_DIR):
        _make()
    return len([entry for entry in polib.pofile(str(catalogue())) if not entry.obsolete])


def extracted() -> polib.POFile:
    """Today's texts merged into a copy of the committed catalogue, which stays as it is."""
    with tempfile.TemporaryDirectory(prefix="duikou-messages-") as folder:
        copy = Path(folder)
        for name in ("duikou", "config"):
            shutil.copytree(
                Path(settings.BASE_DIR) / name, copy / name, ignore=shutil.ignore_patterns("tests", "*.pyc")
            )
        target = copy / "locale" / "en" / "LC_MESSAGES"
        target.mkdir(parents=True)
        if catalogue().exists():
            shutil.copy(catalogue(), target)
        with contextlib.chdir(copy), _locale(copy / "locale"):
            _make()
        return polib.pofile(str(target / "django.po"))


class _Extract(MakeMessages):
    """Also the short names under which rooms import `gettext_lazy` beside `gettext`."""

    xgettext_options = [*MakeMessages.xgettext_options, "--keyword=_l", "--keyword=_t"]


@contextlib.contextmanager
def _locale(path: Path) -> Iterator[None]:
    kept = settings.LOCALE_PATHS
    settings.LOCALE_PATHS = [path]
    try:
        yield
    finally:
        settings.LOCALE_PATHS = kept


def _make() -> None:
    call_command(
        _Extract(),
        locale=["en"],
        extensions=["html", "txt", "py"],
        ignore_patterns=IGNORED,
        add_location="file",
        no_obsolete=True,
        verbosity=0,
    )


def compile_changed() -> int:
    """Write `.mo` beside every `.po` that is newer; returns how many."""
    written = 0
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            draft = target.with_suffix(".new")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
            written += 1
    return written


def unfinished() -> list[str]:
    """A line for each text of today's code that lacks a whole English translation."""
    found: list[str] = []
    for entry in extracted():
        if entry.obsolete or not entry.msgid:
            continue
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        where = ", ".join(sorted({path for path, _ in entry.occurrences}))
        if entry.fuzzy or not all(texts):
            found.append(f"untranslated: {entry.msgid!r} ({where})")
        elif any(names(text) != names(entry.msgid) for text in texts):
            found.append(f"placeholders differ: {entry.msgid!r} -> {texts!r} ({where})")
    return found


def names(text: str) -> set[str]:
    """The placeholders in `text`."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}
