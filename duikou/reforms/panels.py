"""What this room hangs into pages of lower rooms: the practices of a clause, of a place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.programme.models import Clause, Programme, Region
from duikou.projects.selectors import programme_chosen, programmes_open
from duikou.reforms import policies
from duikou.reforms.selectors.lists import Wanted, measures_listed
from duikou.reforms.selectors.scope import adoptions_visible
from duikou.reforms.states import AdoptionState, MeasureState

SHOWN = 5


def register_panels() -> None:
    """Hang the panels (once, from `apps.py`)."""
    register("programme.clause", Panel("reforms.clause", "reforms/panel.html", of_clause, order=40))
    register("programme.region", Panel("reforms.region", "reforms/panel.html", of_region, order=40))


def of_clause(actor: Actor, clause: Clause) -> dict[str, Any] | None:
    """Newest published practices of this clause, or of one that lies in it."""
    programme = clause.programme
    return _context(actor, programme, Wanted(programme, clause=clause), {"clause": clause.code})


def of_region(actor: Actor, region: Region) -> dict[str, Any] | None:
    """Newest published practices of the place, and how many of the other side's it adopted."""
    programme = programme_chosen("", programmes_open())
    if programme is None or not policies.browse(actor):
        return None
    found = _context(actor, programme, Wanted(programme, origin=region), {"origin": region.adcode})
    rows = adoptions_visible(actor=actor).filter(measure__programme=programme, state=AdoptionState.ADOPTED)
    adopted = rows.filter(region__path__startswith=region.path).count()
    if not adopted:
        return found
    query = urlencode({"programme": programme.code, "region": region.adcode, "state": AdoptionState.ADOPTED.value})
    empty = {"rows": [], "count": 0, "all_url": f"{reverse('reforms:list')}?programme={programme.code}"}
    return {**(found or empty), "adopted": adopted, "adopted_url": f"{reverse('reforms:adoptions')}?{query}"}


def _context(actor: Actor, programme: Programme, wanted: Wanted, address: dict[str, str]) -> dict[str, Any] | None:
    if not policies.browse(actor):
        return None
    listed = measures_listed(actor=actor).filter(wanted.measures()).exclude(state=MeasureState.DRAFT)
    rows = list(listed.order_by("-published_on", "-pk")[:SHOWN])
    if not rows:
        return None
    return {
        "rows": rows,
        "count": listed.count(),
        "all_url": f"{reverse('reforms:list')}?{urlencode({'programme': programme.code, **address})}",
    }
