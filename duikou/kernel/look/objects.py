"""Parts of an object's page: steps, facts, timeline, panels, empty states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from duikou.kernel import slots
from duikou.kernel.look.basics import or_dash, register
from duikou.kernel.verdict import Verdict


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
def empty_state(
    text: str, icon: str = "inbox", hint: str = "", action: str = "", url: str = "", verdict: Verdict | bool = True
) -> dict[str, Any]:
    """Nothing here yet: a sentence, what to do next, and the button that does it (if one may)."""
    return {"text": text, "icon": icon, "hint": hint, "action": action, "url": url, "allowed": bool(verdict)}


register.inclusion_tag("kernel/parts/empty.html", name="empty")(empty_state)  # a `for` takes `empty` for its own


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
