"""A person's way through the product: a real browser, the real server and worker, on both databases."""

from __future__ import annotations

import os
import shutil


def chromium() -> str | None:
    """The browser: what DUIKOU_CHROMIUM names, else Debian's without a window, else the whole Chromium; None for none.

    Without a window nothing is spent on drawing menus that nobody sees.
    """
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    return os.environ.get("DUIKOU_CHROMIUM") or next(filter(None, found), None)
