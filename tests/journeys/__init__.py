"""A person's way through the product: a real browser, the real server and worker, on both databases."""

from __future__ import annotations

import os
import shutil


def chromium() -> str | None:
    """The system's Chromium, or the one that DUIKOU_CHROMIUM names; None when there is none."""
    return os.environ.get("DUIKOU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
