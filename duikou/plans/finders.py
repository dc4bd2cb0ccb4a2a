"""What this room brings to the search of the top bar: plans."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register
from duikou.plans import policies
from duikou.plans.selectors.lists import plans_listed
from duikou.plans.states import STATE_LABELS, VersionState


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("plans", gettext_lazy("计划"), "file-text", 40, plans, _all))


def plans(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Visible plans whose title or document number holds every word, the newest first (one query)."""
    if not policies.browse(actor):
        return []
    named = Q(*(Q(title__icontains=word) for word in query.split()))
    numbered = Q(versions__document_number__icontains=query)
    rows: list[Any] = list(plans_listed(actor=actor).filter(named | numbered).distinct().order_by("-id")[:limit])
    return [
        Hit(
            plan.title,
            reverse("plans:plan", args=[plan.pk]),
            f"{plan.pairing.label} · {STATE_LABELS[VersionState(plan.version_state)]}",
        )
        for plan in rows
    ]


def _all(_actor: Actor, query: str) -> str:
    return f"{reverse('plans:list')}?{urlencode({'q': query})}"
