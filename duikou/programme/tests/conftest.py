"""Packs to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from duikou.kernel.actor import Actor

PACK = "northeast-east-2017"
EXAMPLE = "east-west-2021"


class Draft:
    """A copy of a pack that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def change(self, file: str, old: str, new: str) -> int:
        """Replace the first `old`; returns its line."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def append(self, file: str, text: str) -> None:
        """Write at the end of a file."""
        with (self.folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text)


@pytest.fixture
def draft(tmp_path: Path) -> Callable[[str], Draft]:
    """A copy of a shipped pack."""

    def copy(name: str = EXAMPLE) -> Draft:
        folder = tmp_path / name
        shutil.copytree(settings.PACKS / name, folder)
        return Draft(folder)

    return copy


@pytest.fixture
def loader() -> Actor:
    """The command line."""
    return Actor.command("tests")
