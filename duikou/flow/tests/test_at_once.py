"""Two people at one step at the same moment, on both databases: exactly one wins, and nobody is skipped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_people_at_once_skip_and_double_nothing(own_database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": own_database,
        "DUIKOU_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [sys.executable, "-m", "duikou.flow.tests.concurrent", "6"]
    ran = subprocess.run(  # noqa: S603
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
