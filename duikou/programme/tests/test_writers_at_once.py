"""Several loaders at once, each a process of its own: one writes, the others find it done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.conf import settings

Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def duikou(own_database: str, tmp_path: Path) -> Run:
    """Start `duikou …` on that database."""
    environment = {
        **os.environ,
        "DATABASE_URL": own_database,
        "DUIKOU_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "config", *arguments]
        return subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def _editions(folder: Path) -> list[Path]:
    made = []
    for number in (1, 2, 3):
        shutil.copytree(settings.PACKS / "east-west-2021", folder / str(number))
        head = folder / str(number) / "pack.yaml"
        text = head.read_text(encoding="utf-8")
        head.write_text(text.replace('version: "1.1"', f'version: "{number}"'), encoding="utf-8")
        made.append(folder / str(number))
    return made


def test_loaders_at_once_write_once_and_editions_at_once_end_with_the_newest(duikou: Run, tmp_path: Path) -> None:
    same = [duikou("programme", "load", "northeast-east-2017") for _ in range(2)]
    said = [process.communicate() for process in same]
    assert [process.returncode for process in same] == [0, 0], said
    assert sum("没有改动" not in out for out, _ in said) == 1

    editions = [duikou("programme", "load", str(folder)) for folder in _editions(tmp_path / "editions")]
    said = [process.communicate() for process in editions]
    assert editions[-1].returncode == 0, said
    assert all("Traceback" not in err for _, err in said)

    shipped = yaml.safe_load((settings.PACKS / "northeast-east-2017" / "pack.yaml").read_text(encoding="utf-8"))
    for code, version, clauses in (("northeast-east-2017", shipped["version"], 40), ("east-west-2021", "3", 8)):
        out, _ = duikou("programme", "export", code).communicate()
        export = json.loads(out)
        assert export["programme"]["version"] == version
        assert len(export["clauses"]) == clauses
        assert all(clause["text"] for clause in export["clauses"])
