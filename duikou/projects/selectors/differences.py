"""Figures on which the two sides differ, as far as the viewer may know of their projects."""

from __future__ import annotations

from django.db.models import QuerySet

from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing, Programme
from duikou.projects.models import ContestedFigure
from duikou.projects.selectors.scope import projects_visible
from duikou.projects.states import Settlement


def differences_visible(
    *,
    actor: Actor,
    programme: Programme,
    pairings: list[Pairing],
    pairing: Pairing | None = None,
    is_open: bool | None = True,
) -> QuerySet[ContestedFigure]:
    """Differences of visible projects of the programme, those of one pairing and what lies in it if given.

    `is_open`: True those that wait, False those that were settled, None both.
    """
    projects = projects_visible(actor=actor, pairings=pairings).filter(programme=programme)
    if pairing is not None:
        inside = [pairing.pk, *(one.pk for one in pairings if one.parent_id == pairing.pk)]
        projects = projects.filter(pairing_id__in=inside)
    found = ContestedFigure.objects.filter(project__in=projects)
    if is_open is not None:
        open_ones = {"outcome": Settlement.OPEN.value}
        found = found.filter(**open_ones) if is_open else found.exclude(**open_ones)
    return found.select_related("project__pairing", "project__first_region", "project__second_region")
