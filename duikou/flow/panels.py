"""What this room hangs into every list: the views that are kept of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from duikou.flow import policies
from duikou.flow.models import SavedView
from duikou.flow.selectors.views import views_visible
from duikou.kernel.actor import Actor
from duikou.kernel.lists import PICKED, SLOT, ListBar
from duikou.kernel.slots import Panel, register


def register_panels() -> None:
    """Hang them (once, from `apps.py`)."""
    register(SLOT, Panel("flow.views", "flow/parts/views.html", of_list, order=10))


def of_list(actor: Actor, bar: ListBar) -> dict[str, Any] | None:
    """The views of the list, the one that is open, and what of it the list does not know any more (one query)."""
    if actor.account_id is None:
        return None
    views = list(views_visible(actor=actor).filter(list=bar.name))
    picked = next((view for view in views if view.pk == bar.picked), None)
    return {
        "bar": bar,
        "views": views,
        "picked": picked,
        "all_url": f"{bar.path}?{PICKED}=0",
        "changed": picked is not None and picked.query != bar.query,
        "may_change": picked is not None and bool(policies.may_change_view(actor, picked)),
        "gone": _gone(picked, bar) if picked is not None else [],
        "rest_url": _rest(bar) if bar.faults else "",
        "share": policies.may_share_view(actor),
    }


def _gone(view: SavedView, bar: ListBar) -> list[str]:
    """Names of filters, columns and orders that the view asks for and the list does not have."""
    found = []
    for name, value in parse_qsl(view.query):
        if name not in bar.names:
            found.append(name)
        elif bar.columns is not None and (
            (name == "columns" and value not in bar.columns)
            or (name == "sort" and value.removeprefix("-") not in bar.columns)
        ):
            found.append(value.removeprefix("-"))
    return list(dict.fromkeys(found))


def _rest(bar: ListBar) -> str:
    """The address without what the list cannot read."""
    kept = [pair for pair in parse_qsl(bar.query) if pair[0] not in bar.faults]
    return f"{bar.path}?{urlencode([*kept, (PICKED, bar.picked or 0)])}"
