"""Programmes, their pairings and what else a pack brings. All of it is public: these need no actor."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet

from duikou.programme.models import (
    BlockerKind,
    Duty,
    Indicator,
    Pairing,
    Programme,
    ProgrammeVersion,
    ProjectKind,
    ResponsibleBody,
    Route,
    Target,
    Topic,
)


def programmes() -> QuerySet[Programme]:
    """Every loaded programme, real ones before examples."""
    return Programme.objects.select_related("current")


def programme_current() -> Programme | None:
    """The programme the house works with: the one named in the settings, else the first real one."""
    loaded = programmes()
    return loaded.filter(code=settings.PROGRAMME).first() or loaded.first()


def programme_at(code: str) -> Programme | None:
    """The programme with this code."""
    return programmes().filter(code=code).first()


def versions_of(programme: Programme) -> QuerySet[ProgrammeVersion]:
    """Loaded editions, oldest first."""
    return ProgrammeVersion.objects.filter(programme=programme).order_by("pk")


def pairings_of(programme: Programme, *, on: dt.date | None = None) -> QuerySet[Pairing]:
    """Pairings of a programme in its order, sides and parent loaded; `on` keeps those in force that day."""
    found = Pairing.objects.filter(programme=programme, retired_in__isnull=True).select_related(
        "programme", "first_region", "second_region", "parent", "parent__first_region", "parent__second_region"
    )
    if on is not None:
        found = found.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )
    return found.order_by("order", "pk")


def top_pairings_of(programme: Programme) -> QuerySet[Pairing]:
    """The pairings the instrument itself names, two sides each: rows of the matrix."""
    return pairings_of(programme).filter(parent__isnull=True, second_region__isnull=False)


def pairings_covered(*, region_path: str) -> QuerySet[Pairing]:
    """Pairings with a side at or inside `region_path`; an empty path covers all."""
    found = Pairing.objects.filter(retired_in__isnull=True).select_related(
        "programme", "first_region", "second_region", "parent"
    )
    if not region_path:
        return found
    return found.filter(Q(first_region__path__startswith=region_path) | Q(second_region__path__startswith=region_path))


def pairing_at(programme: Programme, code: str) -> Pairing | None:
    """The pairing with this code, also one that a later edition retired."""
    return (
        Pairing.objects.filter(programme=programme, code=code)
        .select_related("first_region", "second_region", "parent", "retired_in", "programme")
        .first()
    )


def targets_of(programme: Programme) -> QuerySet[Target]:
    """Results due, in order."""
    return Target.objects.filter(programme=programme, retired_in__isnull=True).select_related("clause")


def duties_of(programme: Programme) -> QuerySet[Duty]:
    """Recurring duties with who owes them to whom (three queries)."""
    found = Duty.objects.filter(programme=programme, retired_in__isnull=True)
    return found.select_related("clause").prefetch_related("owed_by", "owed_to")


def bodies_of(programme: Programme) -> QuerySet[ResponsibleBody]:
    """Responsible bodies with their clauses (two queries)."""
    return ResponsibleBody.objects.filter(programme=programme, retired_in__isnull=True).prefetch_related("clauses")


def indicators_of(programme: Programme) -> QuerySet[Indicator]:
    """Indicators with their clause."""
    return Indicator.objects.filter(programme=programme, retired_in__isnull=True).select_related("clause")


def kinds_of(programme: Programme) -> QuerySet[ProjectKind]:
    """Kinds of projects with the clauses they serve (two queries)."""
    return ProjectKind.objects.filter(programme=programme, retired_in__isnull=True).prefetch_related("clauses")


def topics_of(programme: Programme) -> QuerySet[Topic]:
    """Subjects of reform with the clauses that ask for them (two queries)."""
    return Topic.objects.filter(programme=programme, retired_in__isnull=True).prefetch_related("clauses")


def routes_of(programme: Programme) -> QuerySet[Route]:
    """Sign-off routes of the programme's edition in force."""
    return Route.objects.filter(programme=programme, retired_in__isnull=True).select_related("clause")


def blocker_kinds_of(programme: Programme) -> QuerySet[BlockerKind]:
    """Kinds of blockers of the programme's edition in force."""
    return BlockerKind.objects.filter(programme=programme, retired_in__isnull=True)


def route_at(programme: Programme, code: str) -> Route | None:
    """The route with this code, unless the edition in force has none."""
    return routes_of(programme).filter(code=code).first()
