"""Jobs of this room, and how rooms above let a fact tell people."""

from __future__ import annotations

from functools import partial
from typing import Any

from django_tasks import task

from duikou.flow.services.mails import mails_send
from duikou.flow.services.notices import Source, Telling, tell, tell_of_item
from duikou.flow.services.obligations import obligations_tick
from duikou.flow.services.route_clock import routes_redate, routes_tick
from duikou.kernel import facts, jobs

_sources: dict[str, list[Source]] = {}


def notice_on(fact: str, source: Source) -> None:
    """After every committed `fact`, a job asks `source(**ids)` what to tell whom (register in `apps.py`)."""
    known = _sources.setdefault(fact, [])
    if source not in known:
        known.append(source)
    if len(known) == 1:
        listener = partial(_later, fact)
        listener.__name__ = "flow.notices"  # type: ignore[attr-defined]
        facts.subscribe(fact, listener)


def _later(fact: str, **ids: Any) -> None:
    jobs.enqueue(tell_fact, fact=fact, ids=ids)


@task()
def tell_fact(fact: str, ids: dict[str, Any]) -> None:
    """Ask every source of the fact and write its notices; twice makes nothing twice."""
    for source in _sources.get(fact, []):
        found = source(**ids)
        for telling in [found] if isinstance(found, Telling) else found or ():
            tell(telling)
    mails_send()


def item_opened(item_id: int) -> None:
    """Listener: what waits for somebody goes into their mail as well."""
    jobs.enqueue(tell_item, item_id=item_id)


@task()
def tell_item(item_id: int) -> None:
    """Queue the mails of one waiting item, and send what is due at once."""
    tell_of_item(item_id=item_id)
    mails_send()


@task()
def tick_routes() -> None:
    """The clock's round of routes: reminders and overdue steps."""
    routes_tick()


def programme_loaded(programme_id: int, version: str) -> None:
    """Listener: an edition may bring duties, or new days for them."""
    jobs.enqueue(tick_duties)


def duties_moved(**_ids: Any) -> None:
    """Listener: days were set or something is owed again; what is due by now waits at once, not from the next round."""
    jobs.enqueue(tick_duties)


@task()
def tick_duties() -> None:
    """The clock's round of duties: plan the year, let what is due wait for its offices."""
    obligations_tick()


def days_changed(day: str) -> None:
    """Listener: a day works otherwise than the calendar said."""
    jobs.enqueue(redate_routes)


@task()
def redate_routes() -> None:
    """After the table of working days changed: deadlines of open steps."""
    routes_redate()


@task()
def send_mails() -> None:
    """The clock's round: every mail that is due."""
    mails_send()
