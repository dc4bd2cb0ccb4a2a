"""What somebody says of a milestone, and whether it may stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.text import clean, clean_name, has_word, near_key
from duikou.projects.models import Project
from duikou.schedule.models import Milestone, MilestoneKind

FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
"""What a date of a project can be; anything else is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class MilestoneDraft:
    """The facts of a milestone as people give them; `done_on` only when it is registered as done already."""

    title: str
    planned_on: dt.date | None = None
    kind: str = MilestoneKind.NODE.value
    forecast_on: dt.date | None = None
    side: str = "none"
    organisation_id: int | None = None
    weight: int | None = None
    note: str = ""
    source: str = ""
    done_on: dt.date | None = None
    done_as: str = "day"


FACTS = ("title", "kind", "planned_on", "forecast_on", "side", "organisation_id", "weight", "note")
"""What a change may change."""
_PLAN_OF = {MilestoneKind.START.value: "planned_start", MilestoneKind.FINISH.value: "planned_finish"}


def plan_field(kind: str) -> str | None:
    """The project's own field that a milestone of this kind speaks of."""
    return _PLAN_OF.get(kind)


def draft_of(row: Milestone) -> MilestoneDraft:
    """The row as a draft."""
    facts = {name: getattr(row, name) for name in (*FACTS, "source", "done_on", "done_as")}
    return MilestoneDraft(**facts)


def checked(draft: MilestoneDraft, project: Project, present: Milestone | None = None) -> MilestoneDraft:
    """The draft fit to store; raises `Invalid` by field. `present`: the row that it changes."""
    others = Milestone.objects.filter(project=project)
    others = others.exclude(pk=present.pk) if present else others
    known = set(others.values_list("near_key", "kind"))
    kept = present.organisation_id if present else None
    bodies = {kept}
    if draft.organisation_id not in (None, kept):
        bodies |= set(project.parties.values_list("organisation_id", flat=True))
    return checked_among(
        draft, project, titles={key for key, _kind in known}, kinds={kind for _key, kind in known}, bodies=bodies
    )


def checked_among(
    draft: MilestoneDraft,
    project: Project,
    *,
    titles: Collection[str],
    kinds: Collection[str],
    bodies: Collection[int | None] | None = None,
) -> MilestoneDraft:
    """The same beside other milestones of the project, given by compared titles and by kinds; asks no database.

    `bodies`: who may be responsible; None where the caller has seen to it.
    """
    field = plan_field(draft.kind)
    draft = replace(
        draft,
        title=clean_name(draft.title),
        note=clean(draft.note),
        source=clean(draft.source)[:300],
        planned_on=draft.planned_on or (getattr(project, field) if field else None),
    )
    faults = {**_words(draft), **_days(draft)}
    if near_key(draft.title)[:100] in titles:
        faults["title"] = [_("这个项目已经有同名的里程碑。")]
    if plan_field(draft.kind) and draft.kind in kinds:
        faults["kind"] = [_("一个项目只有一个开工、一个完工里程碑。")]
    if bodies is not None and draft.organisation_id is not None and draft.organisation_id not in bodies:
        faults["organisation_id"] = [_("责任单位须是项目的合作单位。")]
    if faults:
        raise Invalid(fields=faults)
    return draft


def _words(draft: MilestoneDraft) -> dict[str, list[str]]:
    faults = {}
    if not has_word(draft.title):
        faults["title"] = [_("请填写里程碑名称。")]
    for name, limit in (("title", 100), ("note", 500)):
        if len(getattr(draft, name)) > limit:
            faults[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if draft.weight is not None and not 1 <= draft.weight <= 100:
        faults["weight"] = [_("权重是1到100之间的整数。")]
    return faults


def _days(draft: MilestoneDraft) -> dict[str, list[str]]:
    faults = {}
    for name in ("planned_on", "forecast_on", "done_on"):
        day = getattr(draft, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            faults[name] = [_("日期应在1990年至2099年之间。")]
    if draft.done_on is not None and draft.done_on > today():
        faults["done_on"] = [_("日期不能晚于今天。")]
    if draft.planned_on is None and draft.done_on is None:
        faults["planned_on"] = [_("请填写计划日期。")]
    return faults
