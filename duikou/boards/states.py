"""Words of the trail, and the papers a Gantt is printed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sheet(NamedTuple):
    """A landscape paper: its size in mm, how many rows fit on it, and how many years side by side."""

    width: int
    height: int
    rows: int
    years: int


SHEETS: Mapping[str, Sheet] = {"a4": Sheet(297, 210, 28, 8), "a3": Sheet(420, 297, 44, 14)}
PAGES = 60
"""Pages of one print; more is no picture any more."""

TRAIL_ACTIONS: Mapping[str, Promise] = {"boards.gantt.printed": _("打印甘特图")}
TRAIL_KINDS: Mapping[str, Promise] = {"boards.gantt": _("甘特图")}
TRAIL_FIELDS: Mapping[str, Promise] = {"pages": _("页数"), "paper": _("纸张")}
