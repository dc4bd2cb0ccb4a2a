"""Components of the product's look: templates say what is shown, these say how.

Built into every template (no `{% load %}`). Markup lives in `templates/kernel/parts/`, colours in `assets/src/style/`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duikou.kernel import clock, slots
from duikou.kernel.money import WAN, YI, Bound, BoundedMoney
from duikou.kernel.verdict import Verdict

register = template.Library()

NOTHING = mark_safe('<span class="dk-none">—</span>')
_BOUNDS = {Bound.ABOUT: "约", Bound.AT_LEAST: "超", Bound.AT_MOST: "不足"}


# Small things -------------------------------------------------------------------------------------------------------


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file; falls back to the plain name so that an error page can always be drawn."""
    try:
        return str(staticfiles_storage.url(name))
    except ValueError:
        return f"/static/{name}"


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite (`{% icon "map" %}`); decorative unless `label` names it. `size`: "sm" or "lg"."""
    kind = f"dk-icon dk-icon-{size}" if size else "dk-icon"
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', kind, voice, asset("icons.svg"), name)


@register.simple_tag
def state_badge(value: Any, label: Any = "", tone: str = "") -> SafeString:
    """A state with its colour: an enum member with a label, or a value and a `label`.

    Colours come from `states.css` by value; `tone` (active, good, warn, bad) overrides for values of one page only.
    """
    if value is None or value == "":
        return NOTHING
    plain = value.value if isinstance(value, Enum) else value
    text = label or getattr(value, "label", plain)
    return format_html(
        '<span class="dk-state dk-state-{}{}">{}</span>', plain, f" dk-tone-{tone}" if tone else "", text
    )


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash where nothing is known; 0 is something."""
    return NOTHING if value is None or value == "" else value


@register.simple_tag
def masked(value: Any, hint: str = "") -> SafeString:
    """Personal data in the masked form that a selector has already given; `hint` says who may see it whole."""
    if not value:
        return NOTHING
    return format_html('<span class="dk-masked" title="{}">{}</span>', hint or _("已脱敏显示"), value)


# Money and time -----------------------------------------------------------------------------------------------------


def _spaced(value: Decimal, digits: int) -> str:
    return f"{value:,.{digits}f}"


def _money(value: Any, unit: str, bound: str, bare: bool) -> SafeString:
    if isinstance(value, BoundedMoney):
        value, bound = value.amount, bound or value.bound
    if value is None or value == "":
        return NOTHING
    amount = Decimal(value)
    chosen = unit if unit in {"元", "万元", "亿元"} else _unit_for(amount)
    divisor = {"元": Decimal(1), "万元": WAN, "亿元": YI}[chosen]
    mark = _BOUNDS.get(Bound(bound), "") if bound else ""
    return format_html(
        '<span class="dk-money" title="{}{}">{}{}{}</span>',
        mark and f"{mark} ",
        f"{_spaced(amount, 2)} {_('元')}",
        format_html('<span class="dk-bound">{}</span>', mark) if mark else "",
        _spaced(amount / divisor, 2),
        "" if bare else format_html('<span class="dk-unit">{}</span>', _(chosen)),
    )


def _unit_for(amount: Decimal) -> str:
    if abs(amount) >= YI:
        return "亿元"
    return "万元" if abs(amount) >= WAN or amount == 0 else "元"


@register.simple_tag
def money(value: Any, unit: str = "auto", bound: Any = "", bare: bool = False) -> SafeString:
    """An amount of 元 in 亿元, 万元 or 元 with two decimals, its bound before it and the whole figure as title.

    `unit` fixes the unit (columns of one unit pass `unit="亿元" bare=True` and name it in the header). Unknown is "—".
    """
    return _money(value, unit, str(bound or ""), bare)


@register.filter(name="money")
def money_filter(value: Any, unit: str = "auto") -> SafeString:
    """`{{ project.signed|money:"亿元" }}`: as the tag `money`."""
    return _money(value, unit, "", bare=False)


@register.filter
def thousands(value: Any, digits: int = 0) -> Any:
    """A number with thousands separators; "—" where unknown."""
    return NOTHING if value is None or value == "" else _spaced(Decimal(str(value)), digits)


@register.filter
def percent(value: Any, digits: int = 1) -> Any:
    """A ratio (0.361) as a percentage (36.1%); "—" where unknown."""
    return NOTHING if value is None or value == "" else f"{Decimal(str(value)) * 100:.{digits}f}%"


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return value.astimezone(clock.SHANGHAI) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> SafeString:
    """A date (2026-03-01) in a `<time>` element; Asia/Shanghai."""
    if not value:
        return NOTHING
    local = _local(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d}")


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """A date and time to the minute, with the seconds as title; Asia/Shanghai."""
    if not value:
        return NOTHING
    local = _local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def ago(value: dt.date | dt.datetime | None) -> SafeString:
    """How long ago, or in how many days, with the exact time as title."""
    if not value:
        return NOTHING
    local = _local(value)
    exact = f"{local:%Y-%m-%d %H:%M}" if isinstance(local, dt.datetime) else f"{local:%Y-%m-%d}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, _ago_text(local))


def _ago_text(local: dt.date | dt.datetime) -> str:
    if isinstance(local, dt.datetime):
        seconds = (clock.now() - local).total_seconds() if timezone.is_aware(local) else 0
        if 0 <= seconds < 60:
            return _("刚刚")
        if 0 <= seconds < 3600:
            return ngettext("%(n)d分钟前", "%(n)d分钟前", int(seconds // 60)) % {"n": int(seconds // 60)}
        if 0 <= seconds < 86400 and local.date() == clock.today():
            return ngettext("%(n)d小时前", "%(n)d小时前", int(seconds // 3600)) % {"n": int(seconds // 3600)}
    date = local.date() if isinstance(local, dt.datetime) else local
    days = (date - clock.today()).days
    near = {0: _("今天"), -1: _("昨天"), 1: _("明天")}
    if days in near:
        return near[days]
    if -30 < days < 0:
        return ngettext("%(n)d天前", "%(n)d天前", -days) % {"n": -days}
    if 0 < days < 30:
        return ngettext("%(n)d天后", "%(n)d天后", days) % {"n": days}
    return date_format(date, "Y-m-d")


@register.filter
def due(value: dt.date | None) -> SafeString:
    """A due date, red when it has passed."""
    if not value:
        return NOTHING
    date = value.date() if isinstance(value, dt.datetime) else value
    late = "dk-overdue" if date < clock.today() else ""
    text = f"{date:%Y-%m-%d}"
    return format_html('<time class="{}" datetime="{}" title="{}">{}</time>', late, text, text, _ago_text(date))


# Buttons and states of things ---------------------------------------------------------------------------------------


@register.inclusion_tag("kernel/parts/verdict_button.html", takes_context=True)
def verdict_button(
    context: Context,
    label: str,
    url: str,
    verdict: Verdict | bool = True,
    *,
    method: str = "post",
    kind: str = "default",
    icon: str = "",
    confirm: str = "",
    name: str = "",
    value: str = "",
    small: bool = False,
) -> dict[str, Any]:
    """A step one may take (a small POST form, or a link with `method="get"`), or a refused button that says why.

    `kind`: primary, default, danger, quiet. `name`/`value` go with the form; `confirm` is asked before.
    """
    reason = "" if verdict else str(getattr(verdict, "reason", "") or _("当前不能进行这一步。"))
    return {
        "label": label,
        "url": url,
        "allowed": bool(verdict),
        "reason": reason,
        "method": method,
        "kind": kind,
        "icon": icon,
        "confirm": confirm,
        "name": name,
        "value": value,
        "small": small,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("kernel/parts/empty.html")
def empty(
    text: str, icon: str = "inbox", hint: str = "", action: str = "", url: str = "", verdict: Verdict | bool = True
) -> dict[str, Any]:
    """Nothing here yet: a sentence, what to do next, and the button that does it (if one may)."""
    return {"text": text, "icon": icon, "hint": hint, "action": action, "url": url, "allowed": bool(verdict)}


@register.inclusion_tag("kernel/parts/note.html")
def note(text: str, kind: str = "info") -> dict[str, Any]:
    """A remark on the page; `kind`: info, success, warning, error."""
    return {"text": text, "kind": kind, "icon": _NOTE_ICONS.get(kind, "info-circle")}


_NOTE_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-circle", "debug": "info-circle"}


@register.filter
def note_icon(kind: str) -> str:
    """The icon of a message's level."""
    return _NOTE_ICONS.get(kind, "info-circle")


@register.inclusion_tag("kernel/parts/figure.html")
def figure(
    label: str, value: Any, *, unit: str = "", note: str = "", url: str = "", alert: bool = False
) -> dict[str, Any]:
    """One key figure inside `<div class="dk-figures">`; `alert` paints it red."""
    return {"label": label, "value": value, "unit": unit, "note": note, "url": url, "alert": alert}


@register.inclusion_tag("kernel/parts/facts.html")
def facts(items: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A list of facts: pairs (label, value), or (label, value, True) for one that takes the whole width."""
    return {"items": [(row[0], row[1], bool(len(row) > 2 and row[2])) for row in items]}


@register.simple_tag
def fact(label: str, value: Any, wide: bool = False) -> SafeString:
    """One fact inside `<dl class="dk-facts">`."""
    return format_html(
        '<div class="dk-fact{}"><dt>{}</dt><dd>{}</dd></div>', " dk-fact-wide" if wide else "", label, or_dash(value)
    )


@register.inclusion_tag("kernel/parts/timeline.html")
def timeline(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What happened, newest first: each entry has `at`, `what`, and may have `who`, `where`, `reason`, `url` and
    `changes`, a list of (field, before, after)."""
    return {"entries": entries}


@register.inclusion_tag("kernel/parts/progress.html")
def progress(value: Any, maximum: Any = 100, *, label: str = "", text: str = "", tone: str = "") -> dict[str, Any]:
    """A bar of `value` in `maximum`; `text` stands beside it (default: percent); `tone`: good, bad."""
    known = value is not None and maximum not in (None, 0)
    share = min(Decimal(str(value)) / Decimal(str(maximum)), Decimal(1)) if known else None
    shown = text or (f"{Decimal(str(value)) * 100 / Decimal(str(maximum)):.1f}%" if known else "—")
    return {
        "share": f"{share:.4f}" if share is not None else None,
        "label": label or shown,
        "text": shown,
        "tone": tone,
    }


# Lists: filters, columns, order, pages ------------------------------------------------------------------------------


def _query(context: Context, **changes: Any) -> str:
    """The current address's query with `changes`; None removes a key. Always begins with "?"."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?"
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("kernel/parts/filter_bar.html", takes_context=True)
def filter_bar(context: Context, source: Any, *, unfolded: bool = False, main: str = "") -> dict[str, Any]:
    """The filters of a list as a GET form, so that the address can be shared, with a chip for each one in force.

    `source` is a django-filter FilterSet or a bound form; `main` names (comma separated) the fields always shown, the
    others fold away.
    """
    form = getattr(source, "form", source)
    first = [name.strip() for name in main.split(",") if name.strip()] or list(form.fields)[:4]
    chips = _chips(context, form)
    hidden = [field for field in form.visible_fields() if field.name not in first]
    request = context.get("request")
    kept = [(key, value) for key, values in request.GET.lists() for value in values] if request is not None else []
    known = {field.html_name for field in form} | {"cursor", "page", "after", "before"}
    names = {name for field in form for name in _names(field)}
    return {
        "first": [field for field in form.visible_fields() if field.name in first],
        "rest": hidden,
        "chips": chips,
        "kept": [(key, value) for key, value in kept if key not in known | names],
        "open": unfolded or any(chip["field"] in {field.name for field in hidden} for chip in chips),
        "path": request.path if request is not None else "",
        "errors": form.errors if form.is_bound else None,
    }


def _names(field: Any) -> set[str]:
    """Names under which the field may stand in the address (ranges have two)."""
    suffixes = getattr(field.field.widget, "suffixes", None) or ()
    return {field.html_name, *(f"{field.html_name}_{suffix}" for suffix in suffixes)}


def _chips(context: Context, form: Any) -> list[dict[str, Any]]:
    request = context.get("request")
    if request is None or not form.is_bound:
        return []
    chips = []
    for field in form.visible_fields():
        for key in _names(field):
            for value in request.GET.getlist(key):
                if value:
                    query = request.GET.copy()
                    query.setlist(key, [other for other in query.getlist(key) if other != value])
                    for page in ("cursor", "page", "after", "before"):
                        query.pop(page, None)
                    text = _choice_label(field, value)
                    chips.append(
                        {"field": field.name, "label": field.label, "text": text, "url": f"?{query.urlencode()}"}
                    )
    return chips


def _choice_label(field: Any, value: str) -> str:
    for key, label in getattr(field.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            found = next((str(text) for inner, text in label if str(inner) == value), None)
            if found is not None:
                return found
        elif str(key) == value:
            return str(label)
    return value


@register.inclusion_tag("kernel/parts/column_chooser.html", takes_context=True)
def column_chooser(context: Context, columns: Iterable[Any], parameter: str = "columns") -> dict[str, Any]:
    """Which columns a list shows: items with `name`, `label` and `chosen`; the choice travels in the address."""
    request = context.get("request")
    kept = [(key, value) for key, values in request.GET.lists() for value in values] if request is not None else []
    return {"columns": columns, "parameter": parameter, "kept": [pair for pair in kept if pair[0] != parameter]}


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, field: str, *, number: bool = False, parameter: str = "sort"
) -> SafeString:
    """A `<th>` whose link sorts by `field`, and by its reverse when it already does."""
    request = context.get("request")
    current = request.GET.get(parameter, "") if request is not None else ""
    direction = {"": "", field: "ascending", f"-{field}": "descending"}.get(current, "")
    target = f"-{field}" if current == field else field
    query = _query(context, **{parameter: target, "cursor": None, "page": None, "after": None, "before": None})
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction)
    return format_html(
        '<th scope="col" class="{}"{}><a class="dk-sort" href="{}"{}>{}{}</a></th>',
        "dk-num" if number else "",
        format_html(' aria-sort="{}"', direction) if direction else "",
        query,
        mark_safe(' aria-current="true"') if direction else "",
        label,
        icon(arrow, "sm") if arrow else "",
    )


@register.inclusion_tag("kernel/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any, parameter: str = "cursor") -> dict[str, Any]:
    """Keyset pages: `page` has `previous` and `next` (cursor texts or None) and may have `total` and `rows`."""
    previous, following = _get(page, "previous"), _get(page, "next")
    return {
        "previous": _query(context, **{parameter: previous}) if previous else "",
        "first": _query(context, **{parameter: None}) if previous else "",
        "next": _query(context, **{parameter: following}) if following else "",
        "total": _get(page, "total"),
    }


@register.inclusion_tag("kernel/parts/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any, parameter: str = "page") -> dict[str, Any]:
    """Numbered pages of a Django `Page`."""
    pages = [
        {
            "number": n,
            "url": _query(context, **{parameter: n}) if isinstance(n, int) else "",
            "here": n == page_obj.number,
        }
        for n in page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    ]
    return {"pages": pages, "total": page_obj.paginator.count, "many": page_obj.paginator.num_pages > 1}


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


@register.inclusion_tag("kernel/parts/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Views of one thing at their own addresses: items with `label`, `url`, `active` and maybe `count`."""
    return {"items": items, "label": label or _("分页签")}


# Blocks, files, charts ----------------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(
    content: str, title: str = "", *, note: str = "", flush: bool = False, span: str = "", anchor: str = ""
) -> SafeString:
    """A card around what stands inside: `{% panel "事实" %}…{% endpanel %}`; `flush` for a table without padding."""
    head = format_html("<h2>{}{}</h2>", title, format_html("<small>{}</small>", note) if note else "") if title else ""
    return format_html(
        '<section class="dk-card{}{}"{}>{}{}</section>',
        " dk-card-flush" if flush else "",
        f" dk-span-{span}" if span else "",
        format_html(' id="{}"', anchor) if anchor else "",
        format_html('<div class="dk-card-head">{}</div>', head) if head else "",
        content,
    )


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, subject: Any = None) -> SafeString:
    """What upper rooms hang into `slot` of this page, in order; each decides whether it has something to show."""
    actor = context.get("actor")
    request = context.get("request")
    shown = []
    for hung in slots.panels(slot):
        found = hung.context(actor, subject) if actor is not None else None
        if found is not None:
            shown.append((mark_safe(render_to_string(hung.template, {**found, "actor": actor}, request=request)),))
    return format_html_join("", "{}", shown)


@register.inclusion_tag("kernel/parts/file_drop.html")
def file_drop(field: Any, hint: str = "") -> dict[str, Any]:
    """A file field on which one may also drop files; the plain field works without scripts."""
    return {"field": field, "hint": hint or field.help_text}


@register.inclusion_tag("kernel/parts/chart.html", takes_context=True)
def chart(
    context: Context, kind: str, data: Any, *, name: str = "", label: str = "", shape: str = "bars"
) -> dict[str, Any]:
    """A chart (`pairing-map`, `signed-completed`, `trend`, `spark`) and its data; `shape`: map, bars, trend, spark.

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
    counts = [(name, int(_get(cell, name) or 0)) for name in ("planned", "moving", "done", "blocked")]
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
    rows = list(_get(table, "rows") or ())
    counts = sorted(int(_get(cell, "count") or 0) for row in rows for cell in _get(row, "cells") if cell)
    top = counts[-1] if counts else 0
    return {
        "groups": _get(table, "groups"),
        "columns": _get(table, "columns"),
        "rows": [
            {
                "name": _get(row, "name"),
                "url": _get(row, "url"),
                "total": _get(row, "total"),
                "cells": [_cell(cell, top) for cell in _get(row, "cells")],
            }
            for row in rows
        ],
        "totals": _get(table, "totals"),
        "states": (("planned", _("储备")), ("moving", _("推进")), ("done", _("完成")), ("blocked", _("受阻"))),
    }


def _cell(cell: Any, top: int) -> dict[str, Any]:
    count = int(_get(cell, "count") or 0) if cell else 0
    heat = 0 if not count or not top else min(4, 1 + (count * 4 - 1) // top if top > 4 else count)
    parts = {name: int(_get(cell, name) or 0) for name in ("planned", "moving", "done", "blocked")} if cell else {}
    return {"count": count, "url": _get(cell, "url") if cell else "", "heat": heat, **parts}
