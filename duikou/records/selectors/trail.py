"""The trail as people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet

from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI
from duikou.kernel.errors import NotFound
from duikou.records.models import AuditCheck, AuditEvent, AuditLink, AuditSeal
from duikou.records.rules import contents_visible
from duikou.records.selectors.wording import Names, action_label, changes_in_words, kind_label, names_of, role_label

PAGE = 50


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; empty values do not narrow."""

    who: str = ""
    what: str = ""
    kind: str = ""
    subject: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One event for a reader: labels translated, contents empty where the reader may not see them."""

    id: int
    at: dt.datetime
    who: str
    where: str
    role: str
    actor_kind: str
    what: str
    action: str
    kind: str
    kind_label: str
    subject_id: str
    label: str
    reason: str
    request_id: str
    admin_mode_id: int | None
    changes: list[tuple[str, str | None, str | None]]
    hidden: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the trail, newest first; `previous` and `next` are cursors for the address."""

    rows: list[Shown]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class TrailState:
    """How the chain stands."""

    seal: AuditSeal | None
    unsealed: int
    check: AuditCheck | None


def events_page(*, actor: Actor, query: Query, cursor: str = "") -> Page:
    """Fifty events, newest first, from `cursor` on ("b123": below id 123, "a123": above it); a broken cursor is none.

    The caller's page has checked `records.trail.read`; contents are hidden from an operator outside the logged mode.
    """
    events = _found(query, actor)
    side, at = cursor[:1], int(cursor[1:]) if cursor[1:].isdigit() and len(cursor) < 20 else 0
    if side == "a" and at:
        rows = list(events.filter(id__gt=at).order_by("id")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        older = events.filter(id__lt=at) if side == "b" and at else events
        rows = list(older.order_by("-id")[: PAGE + 1])
        more_older, more_newer = len(rows) > PAGE, bool(side == "b" and at)
        rows = rows[:PAGE]
    return Page(
        _all_shown(rows, actor),
        f"a{rows[0].pk}" if rows and more_newer else None,
        f"b{rows[-1].pk}" if rows and more_older else None,
    )


def events_rows(*, actor: Actor, query: Query, limit: int) -> Iterator[Shown]:
    """Up to `limit` events, newest first, streamed: what an export writes."""
    events = _found(query, actor).order_by("-id")[:limit].iterator(chunk_size=2000)
    while batch := list(islice(events, 2000)):
        yield from _all_shown(batch, actor)


def event_shown(*, actor: Actor, pk: int) -> tuple[Shown, AuditLink | None]:
    """One event and its place in the chain; `NotFound` when there is none."""
    event = AuditEvent.objects.filter(pk=pk).first()
    if event is None:
        raise NotFound
    return _all_shown([event], actor)[0], AuditLink.objects.filter(event_id=pk).first()


def history(*, actor: Actor, kind: str, subject_id: str, limit: int = 50) -> list[Shown]:
    """What happened to one subject, newest first (one query). The caller has checked that the actor may see it."""
    events = AuditEvent.objects.filter(subject_kind=kind, subject_id=str(subject_id)).order_by("-id")
    return _all_shown(list(events[:limit]), actor, brief=True)


def kinds_known() -> list[tuple[str, str]]:
    """Kinds of subjects to choose from: every model of the house, with its name."""
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("duikou.")}
    found = [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in apps.get_models()
        if model._meta.app_label in rooms
    ]
    return sorted(found, key=lambda pair: pair[1])


def trail_state() -> TrailState:
    """The last seal, how many events wait for the sealer, and the last verification (three queries)."""
    seal = AuditSeal.objects.order_by("-last").first()
    linked = AuditLink.objects.filter(event_id=OuterRef("id"))
    waiting = AuditEvent.objects.filter(~Exists(linked), id__gt=seal.floor if seal else 0).count()
    return TrailState(seal, waiting, AuditCheck.objects.order_by("-id").first())


def _found(query: Query, actor: Actor) -> QuerySet[AuditEvent]:
    events: QuerySet[AuditEvent] = AuditEvent.objects.all()
    if query.who.isdigit():
        events = events.filter(account_id=int(query.who[:18]))
    elif query.who:
        events = events.filter(actor_name__icontains=query.who)
    if query.what:
        events = events.filter(action__istartswith=query.what)
    if query.kind:
        events = events.filter(subject_kind=query.kind)
    if query.subject:
        events = _about(events, query.subject, actor)
    if query.since:
        events = events.filter(at__gte=_midnight(query.since))
    if query.until:
        events = events.filter(at__lt=_midnight(query.until) + dt.timedelta(days=1))
    return events


def _about(events: QuerySet[AuditEvent], subject: str, actor: Actor) -> QuerySet[AuditEvent]:
    """By number exactly; by words in the name only for those who may see names."""
    if subject.isdigit():
        return events.filter(subject_id=subject)
    if contents_visible(actor, "projects.project"):
        return events.filter(subject_label__icontains=subject)
    return events.none()


def _midnight(day: dt.date) -> dt.datetime:
    """The start of `day`; years that no clock of ours reaches are drawn in, so that no arithmetic runs off the end."""
    return dt.datetime.combine(min(max(day, dt.date(1900, 1, 1)), dt.date(9000, 1, 1)), dt.time(), SHANGHAI)


def _all_shown(events: list[AuditEvent], actor: Actor, *, brief: bool = False) -> list[Shown]:
    """Events for a reader; the names of what they point at are asked for at once, and only where they may be seen."""
    seen = [event for event in events if contents_visible(actor, event.subject_kind)]
    names = names_of((event.subject_kind, event.before, event.after) for event in seen)
    return [_shown(event, actor, names, brief=brief) for event in events]


def _shown(event: AuditEvent, actor: Actor, names: Names, *, brief: bool) -> Shown:
    seen = contents_visible(actor, event.subject_kind)
    sides = (event.subject_kind, event.before, event.after)
    changes: list[Any] = changes_in_words(*sides, names, brief=brief) if seen else []
    return Shown(
        id=event.pk,
        at=event.at,
        who=event.actor_name,
        where=event.organisation_name,
        role=role_label(event.actor_role),
        actor_kind=event.actor_kind,
        what=action_label(event.action),
        action=event.action,
        kind=event.subject_kind,
        kind_label=kind_label(event.subject_kind),
        subject_id=event.subject_id,
        label=event.subject_label if seen else "",
        reason=event.reason if seen else "",
        request_id=event.request_id,
        admin_mode_id=event.admin_mode_id,
        changes=changes,
        hidden=not seen,
    )
