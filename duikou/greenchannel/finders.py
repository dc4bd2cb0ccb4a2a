"""What this room brings to the search of the top bar: requests."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from duikou.greenchannel import policies
from duikou.greenchannel.rules.figures import pk_of
from duikou.greenchannel.selectors.lists import requests_listed
from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("greenchannel", gettext_lazy("绿色通道诉求"), "flag", 40, requests, _all))


def requests(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Visible requests by number (LT000123) or words of the title, the newest first (one query)."""
    if not policies.browse(actor):
        return []
    number = pk_of(query)
    wanted = Q(title__icontains=query) if number is None else Q(pk=number)
    rows = requests_listed(actor=actor).filter(wanted).order_by("-id")
    return [
        Hit(
            row.title,
            reverse("greenchannel:request", args=[row.pk]),
            " · ".join((row.number, row.project.name, row.state_label)),
        )
        for row in rows[:limit]
    ]


def _all(_actor: Actor, query: str) -> str:
    return f"{reverse('greenchannel:list')}?{urlencode({'q': query})}"
