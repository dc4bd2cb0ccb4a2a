"""What this room brings to the search of the top bar: organisations."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from duikou.access.policies import LIST
from duikou.access.selectors.organisations import organisations_suggest
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("organisations", pgettext_lazy("several", "主体"), "building", 50, organisations, _all))


def organisations(actor: Actor, query: str, limit: int) -> list[Hit]:
    """By name, short name, pinyin, initials or credit code."""
    if not permissions.check(actor, LIST.code):
        return []
    return [
        Hit(
            row.name,
            reverse("access:organisation", args=[row.pk]),
            f"{row.region.label} · {row.get_kind_display()}",
        )
        for row in organisations_suggest(actor=actor, query=query, limit=limit)
    ]


def _all(_actor: Actor, query: str) -> str:
    return f"{reverse('access:organisations')}?{urlencode({'q': query})}"
