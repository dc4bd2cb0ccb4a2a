"""Icons, states and what stands for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
"""The one library that every module here adds to."""

NOTHING = mark_safe('<span class="dk-none">—</span>')


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
    """The value, or a dash where nothing is known; 0 is something, and a date looks as dates do everywhere."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return format_html('<time datetime="{0}">{0}</time>', value.isoformat())
    return NOTHING if value is None or value == "" else value


@register.simple_tag
def masked(value: Any, hint: str = "") -> SafeString:
    """Personal data in the masked form that a selector has already given; `hint` says who may see it whole."""
    if not value:
        return NOTHING
    return format_html('<span class="dk-masked" title="{}">{}</span>', hint or _("已脱敏显示"), value)


def get(thing: Any, name: str) -> Any:
    """`name` of a mapping or of an object, None where it has none: components take either."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
