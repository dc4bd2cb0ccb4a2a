"""Milestones of the demonstration's real records: what their sources say, and no day that they do not say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict
from duikou.kernel.text import near_key
from duikou.projects.models import Project
from duikou.records.services.audit import Entry, record_many, subject_of
from duikou.schedule.models import DoneAs, Milestone, MilestoneKind
from duikou.schedule.services.milestones import facts_of

REACHED: Mapping[str, tuple[str, str]] = {
    "signed": ("签约", MilestoneKind.NODE.value),
    "started": ("开工", MilestoneKind.START.value),
    "in_production": ("投产", MilestoneKind.NODE.value),
    "closed": ("办结", MilestoneKind.NODE.value),
}
"""State of a record → what it has reached, and the kind of that milestone."""
_SIGNED = re.compile(r"(\d{4}-\d\d-\d\d)[^;；，。]*签")
_ALONE = re.compile(r"(\d{4}-\d\d-\d\d)(?=$|[;；])")


class Said(NamedTuple):
    """What a source says was reached, and how well it says when."""

    title: str
    kind: str
    on: dt.date
    done_as: str


@transaction.atomic
def milestones_demonstrate(*, actor: Actor) -> int:
    """Give the demonstration's records the milestones that their sources speak of, once; returns how many.

    Raises `Conflict` outside demonstration mode.
    """
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    if Milestone.objects.exists():
        return 0
    moment, rows = now(), []
    records = Project.objects.filter(merged_into=None, created_at__lte=moment).exclude(source_name="")
    for project in records.order_by("id").defer("search_text", "description", "extra")[:2000]:
        rows += [_row(project, said, moment) for said in said_of(project)]
    Milestone.objects.bulk_create(rows, batch_size=500)
    entries = [Entry(subject_of(row), None, facts_of(row)) for row in rows]
    record_many(actor=actor, action="schedule.milestone.added", entries=entries)
    return len(rows)


def said_of(project: Project) -> list[Said]:
    """What the record's state, its date or year, and dates written out in its note say was reached."""
    found = []
    reached = REACHED.get(project.state)
    written = _ALONE.match(project.source_note)
    if reached is not None and (when := _when(project, written)) is not None:
        found.append(Said(*reached, *when))
    signed = _SIGNED.search(project.source_note)
    if signed is not None and project.state != "signed" and (day := _day(signed[1])) is not None:
        found.append(Said(*REACHED["signed"], day, DoneAs.DAY.value))
    return found


def _when(project: Project, written: re.Match[str] | None) -> tuple[dt.date, str] | None:
    day = _day(written[1]) if written else None
    if day is not None:
        return day, DoneAs.DAY.value
    if project.state_as_of is not None:
        return min(project.state_as_of, today()), DoneAs.BY.value
    if project.year is not None:
        return min(dt.date(project.year, 12, 31), today()), DoneAs.YEAR.value
    return None


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today() else None


def _row(project: Project, said: Said, moment: dt.datetime) -> Milestone:
    return Milestone(
        project=project,
        kind=said.kind,
        title=said.title,
        near_key=near_key(said.title),
        done_on=said.on,
        done_as=said.done_as,
        expected_on=said.on,
        source=project.source_name[:300],
        created_at=moment,
        updated_at=moment,
    )
