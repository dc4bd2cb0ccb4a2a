"""The Gantt on paper: rows and years paged, with head, legend, day and scope on every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.boards import policies
from duikou.boards.rules import Window, windows
from duikou.boards.selectors.bars import Bar
from duikou.boards.states import PAGES, SHEETS, Sheet
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid, TooLarge
from duikou.kernel.typesetting import fonts
from duikou.kernel.typesetting.engine import typeset
from duikou.records.services.audit import SubjectRef, record

LAYOUT = Path(__file__).resolve().parents[1] / "typst" / "gantt.typ"
_TONES = {"done": "done", "overdue": "late", "soon": "soon", "slipped": "soon", "open": "open"}


def most_rows(paper: str) -> int:
    """How many bars a print on this paper can have at most."""
    return SHEETS[paper].rows * PAGES


@transaction.atomic
def gantt_print(*, actor: Actor, bars: Sequence[Bar], paper: str, title: str, scope: str, query: str) -> bytes:
    """These bars as PDF; the trail notes who took it.

    Raises `Invalid` when there is nothing to draw, `TooLarge` when it would take more than `PAGES` pages.
    """
    policies.browse(actor).or_raise()
    sheet = SHEETS[paper]
    stretches = windows(_days(bars), sheet.years)
    if not stretches:
        raise Invalid(_("这些项目还没有任何日期，没有可以打印的内容。"))
    pages = len(stretches) * -(-len(bars) // sheet.rows)
    if pages > PAGES:
        words = {"pages": pages, "most": PAGES}
        raise TooLarge(_("需要%(pages)d页，超过%(most)d页：请用筛选条件缩小范围，或改用A3。") % words)
    data = _data(bars, sheet, stretches, title, scope)
    after = {"query": query[:2000], "paper": paper, "pages": pages, "rows": len(bars)}
    record(actor=actor, action="boards.gantt.printed", subject=SubjectRef("boards.gantt", "", title[:300]), after=after)
    return typeset(layout(), data)


def _days(bars: Sequence[Bar]) -> list[dt.date]:
    spans = chain.from_iterable((bar.planned, bar.baseline, bar.going) for bar in bars)
    found = [day for span in spans for day in (span.start, span.finish) if day is not None]
    return found + [row.expected_on for bar in bars for row in bar.milestones]


def _data(bars: Sequence[Bar], sheet: Sheet, stretches: list[Window], title: str, scope: str) -> dict[str, Any]:
    texts = [title, scope, *(bar.project.name for bar in bars), *(bar.project.pairing.label for bar in bars)]
    table = str.maketrans({sign: f"〔U+{ord(sign):04X}〕" for sign in fonts.missing(texts)})
    groups = [bars[start : start + sheet.rows] for start in range(0, len(bars), sheet.rows)]
    return {
        "width": sheet.width,
        "height": sheet.height,
        "title": title.translate(table),
        "scope": scope.translate(table),
        "day": today().isoformat(),
        "fonts": dict(fonts.families()),
        "words": _words(),
        "pages": [_page(group, window, table) for group in groups for window in stretches],
    }


def _words() -> dict[str, str]:
    return {
        "planned": _("计划"),
        "progress": _("完成投资"),
        "going": _("实际与预计"),
        "baseline": _("基线"),
        "done": _("里程碑：已完成"),
        "soon": _("将到期或推迟"),
        "late": _("逾期"),
        "open": _("未到期"),
        "now": _("今天"),
        "drawn": _("制图日期"),
    }


def _page(bars: Sequence[Bar], window: Window, table: dict[int, str]) -> dict[str, Any]:
    now = window.share(today())
    return {
        "years": [
            {"text": str(year), "at": window.share(dt.date(year, 1, 1))}
            for year in range(window.first, window.last + 1)
        ],
        "now": now if 0 <= now <= 1 else None,
        "rows": [_row(bar, window, table) for bar in bars],
    }


def _row(bar: Bar, window: Window, table: dict[int, str]) -> dict[str, Any]:
    planned = window.bar(bar.planned.start, bar.planned.finish)
    done = None
    start, finish = bar.planned.start, bar.planned.finish
    if bar.progress and start is not None and finish is not None:
        done = window.bar(start, start + (finish - start) * bar.progress / 100)
    return {
        "name": bar.project.name.translate(table),
        "note": bar.project.pairing.label.translate(table),
        "late": bool(bar.overdue),
        "planned": planned,
        "progress": done,
        "baseline": window.bar(bar.baseline.start, bar.baseline.finish),
        "going": window.bar(bar.going.start, bar.going.finish),
        "finished": bar.is_finished,
        "marks": [
            {"at": share, "tone": _TONES[row.standing.value]}
            for row in bar.milestones
            if 0 <= (share := window.share(row.expected_on)) <= 1
        ],
    }


@cache
def layout() -> bytes:
    """The layout's source."""
    return LAYOUT.read_bytes()
