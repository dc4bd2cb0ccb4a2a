"""What stands around one request, and the projects of which one may raise a blocker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from duikou.greenchannel.models import GreenChannelRequest, RequestPause, RequestStep
from duikou.greenchannel.rules.clock import days_between, days_run, late_days
from duikou.greenchannel.selectors.scope import RELATED, requests_visible
from duikou.greenchannel.states import LIVE
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.clock import is_working_day, today
from duikou.kernel.text import near_key
from duikou.programme.models import Region
from duikou.projects.models import Project, ProjectParty
from duikou.projects.selectors import projects_visible

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock of a request stands today, in working days; `left` is negative when it is late."""

    run: int
    left: int
    late: int
    pauses: list[RequestPause]


def clock_of(request: GreenChannelRequest) -> Clock:
    """The clock as of today, or as it was when it ended (one query)."""
    pauses = list(RequestPause.objects.filter(request=request))
    day = request.ended_at.date() if request.ended_at is not None else today()
    spans = [pause.days for pause in pauses]
    if request.paused_on is not None:
        spans.append((request.paused_on, day))
    run = days_run(request.started_on, day, spans, is_working_day)
    late = late_days(request.due_on, day, is_working_day) if request.late_on or request.is_overdue else 0
    return Clock(run, request.term - run, late, pauses)


def waited_days(request: GreenChannelRequest) -> int:
    """Working days since it began to wait for the asker."""
    return days_between(request.paused_on, today(), is_working_day) if request.paused_on is not None else 0


def steps_of(request: GreenChannelRequest) -> list[RequestStep]:
    """Every step, newest first (one query)."""
    return list(RequestStep.objects.filter(request=request).order_by("-id"))


def open_of(*, actor: Actor, project: Project, limit: int = 5) -> tuple[list[GreenChannelRequest], int]:
    """The visible open requests of a project, the first due first, and how many requests there are in all."""
    rows = requests_visible(actor=actor).filter(project=project)
    waiting = rows.filter(state__in=LIVE).select_related("kind", "region")
    return list(waiting.order_by("due_on", "id")[:limit]), rows.count()


def projects_of(*, actor: Actor, words: str = "") -> list[Project]:
    """Projects that the actor takes part in, the newest first (≤ 30; two queries)."""
    rows = _taking_part(actor, projects_visible(actor=actor))
    key = near_key(words)
    if key:
        number = words.strip().upper().removeprefix("XM")
        wanted = Q(search_text__contains=key)
        if number.isascii() and number.isdigit() and len(number) < 18:
            wanted |= Q(pk=int(number))
        rows = rows.filter(wanted)
    return list(rows.select_related("pairing").order_by("-id")[:SHOWN])


def _taking_part(actor: Actor, rows: QuerySet[Project]) -> QuerySet[Project]:
    if actor.role in OFFICE and actor.region_path:
        inside = Region.objects.filter(path__startswith=actor.region_path).values("pk")
        return rows.filter(Q(first_region__in=inside) | Q(second_region__in=inside))
    if actor.role in {Role.UNIT, Role.MEMBER} and actor.organisation_id is not None:
        mine = ProjectParty.objects.filter(organisation_id=actor.organisation_id)
        return rows.filter(pk__in=mine.values("project_id"))
    return rows.none()


def related(rows: QuerySet[GreenChannelRequest]) -> QuerySet[Any]:
    """The same rows with what a list names."""
    return rows.select_related(*RELATED)
