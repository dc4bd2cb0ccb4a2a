"""Owner, asker, lead and clock at one request at the same moment, on both databases: one wins, the others are told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_people_and_the_clock_at_once_take_one_step(own_database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": own_database,
        "DUIKOU_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [sys.executable, "-m", "duikou.greenchannel.tests.concurrent", "4"]
    ran = subprocess.run(  # noqa: S603
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
