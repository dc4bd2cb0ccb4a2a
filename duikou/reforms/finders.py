"""What this room brings to the search of the top bar: reform measures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register
from duikou.reforms import policies
from duikou.reforms.selectors.lists import words_in
from duikou.reforms.selectors.scope import measures_visible


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("reforms", gettext_lazy("改革经验"), "school", 45, measures, _all))


def measures(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Visible measures that hold every word in title or document, the newest first (one query)."""
    if not policies.browse(actor):
        return []
    rows = measures_visible(actor=actor).filter(words_in(query)).select_related("origin")
    return [
        Hit(row.title, reverse("reforms:measure", args=[row.pk]), f"{row.origin.label} · {row.state_label}")
        for row in rows.order_by("-published_on", "-id")[:limit]
    ]


def _all(_actor: Actor, query: str) -> str:
    return f"{reverse('reforms:list')}?{urlencode({'q': query})}"
