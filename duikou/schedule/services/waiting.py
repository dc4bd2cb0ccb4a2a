"""Milestones that fall due, or are late, wait for those who answer for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_open, items_close_about
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.programme.models import Region
from duikou.projects.models import Project
from duikou.records.services.audit import subject_of
from duikou.schedule.models import Milestone, Side
from duikou.schedule.rules import SOON

DUE = "schedule.milestone"
AT_ONCE = 2000
"""Milestones a round: the next round takes the rest."""
LIVE = ("lead", "negotiating", "signed", "started", "in_production")
"""States of projects in which somebody is still asked."""


def kinds_register() -> None:
    """Name the kind (once, in `apps.py`)."""
    register(Kind(DUE, _("到期的里程碑"), "flag", is_duty=True))


def due_tick(*, actor: Actor) -> int:
    """Let what is due within a week, or late, wait for who answers for it; returns how many. May run any number of
    times: a planned day waits once."""
    found = _due().values_list("pk", flat=True)[:AT_ONCE]
    return sum(_wait(actor, pk) for pk in list(found))


def _due() -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(done_on=None, planned_on__lte=today() + SOON, project__merged_into=None)
    return rows.filter(project__state__in=LIVE).exclude(waits_for=F("planned_on")).order_by("planned_on", "id")


@transaction.atomic
def _wait(actor: Actor, milestone_id: int) -> bool:
    row = _due().select_for_update(of=("self",)).select_related("project").filter(pk=milestone_id).first()
    if row is None:
        return False
    items_close_about(actor=actor, subject=subject_of(row))
    params = {"milestone": row.title, "project": row.project.name[:80], "day": str(row.planned_on)}
    for number, to in enumerate(_whom(row)):
        item_open(
            actor=actor,
            key=f"schedule.milestone:{row.pk}:{row.planned_on}:{row.version}:{number}",
            kind=DUE,
            to=to,
            url=reverse("schedule:milestone", args=[row.pk]),
            title=gettext_noop("里程碑到期：%(milestone)s（%(project)s），计划日期%(day)s"),
            params=params,
            subject=subject_of(row),
            due_on=row.planned_on,
        )
    Milestone.objects.filter(pk=row.pk).update(waits_for=row.planned_on)
    return True


def _whom(row: Milestone) -> Iterable[To]:
    """The responsible body; else the office of the responsible side; else the offices of both sides."""
    if row.organisation_id is not None:
        return [To(organisation_id=row.organisation_id)]
    found = []
    for region in _regions(row.project, row.side):
        role, place = step_address(Role.OFFICE_EDITOR.value, region)
        found.append(To(role=Role(role), region=place))
    return found


def _regions(project: Project, side: str) -> list[Region]:
    sides = {Side.FIRST.value: project.first_region, Side.SECOND.value: project.second_region}
    wanted = [sides[side]] if side in sides else list(sides.values())
    return [region for region in wanted if region is not None]
