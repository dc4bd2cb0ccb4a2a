"""What the actor follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.db.models import Q
from django.urls import reverse

from duikou.flow.selectors.views import address_of, views_visible
from duikou.kernel.actor import Actor
from duikou.projects.models import Subscription
from duikou.projects.selectors.scope import projects_visible


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that is followed; without an address it can no longer be seen, and nothing is told of it."""

    subscription: Subscription
    label: str
    url: str


def followed(*, actor: Actor) -> list[Followed]:
    """All of them, the newest first (a constant number of queries)."""
    if actor.account_id is None:
        return []
    rows = list(
        Subscription.objects.filter(account_id=actor.account_id).select_related(
            "project", "view", "pairing__programme", "clause"
        )
    )
    projects = [row.project_id for row in rows if row.project_id is not None]
    seen = (
        set(projects_visible(actor=actor).filter(pk__in=projects).values_list("pk", flat=True)) if projects else set()
    )
    views = {view.pk: view for view in views_visible(actor=actor).filter(list="projects:list")}
    found = []
    for row in rows:
        if row.project is not None:
            there = row.project_id in seen
            label = f"{row.project.number} {row.project.name}" if there else row.project.number
            found.append(Followed(row, label, reverse("projects:project", args=[row.project_id]) if there else ""))
        elif row.view is not None:
            found.append(Followed(row, row.view.name, address_of(row.view) if row.view_id in views else ""))
        elif row.pairing is not None and row.clause is not None:
            found.append(Followed(row, f"{row.pairing.label} × {row.clause}", cell_address(row.pairing, row.clause)))
    return found


def cell_address(pairing: Any, clause: Any) -> str:
    """The list of one cell of the matrix."""
    asked = {"programme": pairing.programme.code, "pairing": pairing.code, "clause": clause.code}
    return f"{reverse('projects:list')}?{urlencode(asked)}"


def subscription_to(*, actor: Actor, target: dict[str, Any]) -> Subscription | None:
    """The actor's own subscription to a project, a cell or a view, if there is one (one query)."""
    if actor.account_id is None:
        return None
    return Subscription.objects.filter(Q(**target), account_id=actor.account_id).first()


def cell_asked(query: str) -> dict[str, str] | None:
    """Pairing, clause and programme of an address that asks for one cell; None when it does not."""
    asked = parse_qs(query)
    if len(asked.get("pairing", ())) != 1 or len(asked.get("clause", ())) != 1 or asked["clause"] == ["other"]:
        return None
    return {"programme": asked.get("programme", [""])[0], "pairing": asked["pairing"][0], "clause": asked["clause"][0]}
