"""Charts, the map and the matrix of pairings and tasks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from duikou.kernel.look.basics import asset, get, register


@register.inclusion_tag("kernel/parts/chart.html", takes_context=True)
def chart(
    context: Context, kind: str, data: Any, *, name: str = "", label: str = "", shape: str = "bars"
) -> dict[str, Any]:
    """A chart and its data; `kind`: pairing-map, region-map, signed-completed, trend, spark; `shape`: map, bars, trend
    or spark.

    Put a table beside it for those who cannot see it, and `{% chart_script %}` into the page's block `scripts`.
    """
    frame = context.get("shell")
    return {
        "kind": kind,
        "data": data,
        "source": name or f"data-{kind}",
        "label": label,
        "shape": shape,
        "review_number": getattr(frame, "map_review_number", "") if frame else "",
    }


@register.simple_tag
def chart_script() -> SafeString:
    """The script that draws charts; only pages with charts load it."""
    return format_html('<script src="{}" defer></script>', asset("charts.js"))


@register.filter
def state_strip(cell: Any) -> SafeString:
    """The shares of planned, moving, done and blocked as a tiny picture (SVG attributes, no inline style)."""
    counts = [(name, int(get(cell, name) or 0)) for name in ("planned", "moving", "done", "blocked")]
    total = sum(count for _name, count in counts)
    if not total:
        return mark_safe("")
    parts, start = [], Decimal(0)
    for name, count in counts:
        width = Decimal(count * 100) / total
        if count:
            parts.append((name, f"{start:.2f}", f"{width:.2f}"))
        start += width
    rects = format_html_join("", '<rect class="dk-fill-{}" x="{}" y="0" width="{}" height="10"></rect>', parts)
    return format_html(
        '<svg class="dk-strip-svg" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>', rects
    )


@register.inclusion_tag("kernel/parts/matrix.html")
def matrix(table: Any) -> dict[str, Any]:
    """Pairings by tasks. `table` has `groups` [(title, span)], `columns` [{code, title, url}], and `rows`
    [{name, url, cells: [{count, url, planned, moving, done, blocked} | None], total}]; `totals` is optional."""
    rows = list(get(table, "rows") or ())
    counts = sorted(int(get(cell, "count") or 0) for row in rows for cell in get(row, "cells") if cell)
    top = counts[-1] if counts else 0
    return {
        "groups": get(table, "groups"),
        "columns": get(table, "columns"),
        "rows": [
            {
                "name": get(row, "name"),
                "url": get(row, "url"),
                "total": get(row, "total"),
                "cells": [_cell(cell, top) for cell in get(row, "cells")],
            }
            for row in rows
        ],
        "totals": get(table, "totals"),
        "states": (("planned", _("储备")), ("moving", _("推进")), ("done", _("完成")), ("blocked", _("受阻"))),
    }


def _cell(cell: Any, top: int) -> dict[str, Any]:
    count = int(get(cell, "count") or 0) if cell else 0
    heat = 0 if not count or not top else min(4, 1 + (count * 4 - 1) // top if top > 4 else count)
    parts = {name: int(get(cell, name) or 0) for name in ("planned", "moving", "done", "blocked")} if cell else {}
    return {"count": count, "url": get(cell, "url") if cell else "", "heat": heat, **parts}
