"""Opening a park's page, and its facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.area import Area
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.text import clean, clean_name, has_word
from duikou.parks import policies
from duikou.parks.models import Park
from duikou.parks.services.keeping import day_faults, park_locked, refuse_stale, touch
from duikou.parks.states import Mode, Side
from duikou.projects.models import Project, ProjectParty
from duikou.records.services.audit import changes, record, snapshot

MOST_ROLES = 20
LIMITS = {"area_note": 200, "company": 200, "boundary": 1000, "note": 2000}


@dataclass(frozen=True, slots=True)
class ParkDraft:
    """The facts of a park; area in 亩, `team` as {"role", "people"} each, `outline` as checked rings."""

    side: str = Side.FIRST.value
    mode: str = Mode.JOINT.value
    manager_id: int | None = None
    area: Area | None = None
    area_note: str = ""
    boundary: str = ""
    outline: list[Any] | None = None
    company: str = ""
    team: list[dict[str, Any]] = field(default_factory=list)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str = ""


@transaction.atomic
def park_open(*, actor: Actor, project_id: int, draft: ParkDraft, is_demonstration: bool = False) -> Park:
    """Open the park's page of a project whose kind carries one; a second time is a conflict."""
    related = ("kind", "first_region", "second_region")
    project = Project.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=project_id).first()
    if project is None or project.merged_into_id is not None:
        raise NotFound
    policies.open_park(actor, project).or_raise()
    if Park.objects.filter(project=project).exists():
        raise Conflict(_("这个项目已经有园区页。"))
    park = Park(project=project, created_at=now(), is_demonstration=is_demonstration, revision=0)
    _fill(park, _checked(draft, project))
    touch(park, actor)
    record(actor=actor, action="parks.park.opened", subject=park, after=changes(None, snapshot(park))[1])
    return park


@transaction.atomic
def park_save(*, actor: Actor, park_id: int, revision: int, draft: ParkDraft) -> Park:
    """Change the facts; `revision` is what the writer had seen. Raises `Stale`, `Invalid`."""
    park = park_locked(park_id)
    policies.write(actor, park).or_raise()
    refuse_stale(park, revision)
    before = snapshot(park)
    _fill(park, _checked(draft, park.project))
    old, new = changes(before, park)
    if old or new:
        touch(park, actor)
        record(actor=actor, action="parks.park.updated", subject=park, before=old, after=new)
    return park


def _fill(park: Park, draft: ParkDraft) -> None:
    for name in ParkDraft.__dataclass_fields__:
        setattr(park, name, getattr(draft, name))


def _checked(draft: ParkDraft, project: Project) -> ParkDraft:
    draft = replace(
        draft,
        area_note=clean_name(draft.area_note),
        company=clean_name(draft.company),
        boundary=clean(draft.boundary),
        note=clean(draft.note),
        team=_team(draft.team),
    )
    faults = day_faults(valid_from=draft.valid_from, valid_to=draft.valid_to)
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        faults["valid_to"] = [_("截止日期不能早于开始日期。")]
    for name, known in (("side", Side.values), ("mode", Mode.values)):
        if getattr(draft, name) not in known:
            faults[name] = [_("没有这一项。")]
    if draft.side == Side.SECOND and project.second_region is None:
        faults["side"] = [_("项目没有登记乙侧地区。")]
    if draft.area is not None and draft.area <= 0:
        faults["area"] = [_("面积应大于0。")]
    for name, most in LIMITS.items():
        if len(getattr(draft, name)) > most:
            faults[name] = [_("最多%(limit)s个字。") % {"limit": most}]
    if draft.manager_id is not None:
        parties = ProjectParty.objects.filter(project=project, organisation_id=draft.manager_id)
        if not parties.exists():
            faults["manager"] = [_("填报单位应是项目的合作单位，请先在项目中登记。")]
    if faults:
        raise Invalid(fields=faults)
    return draft


def _team(team: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"role": clean_name(str(one["role"])), "people": int(one["people"])} for one in team]
    if len(rows) > MOST_ROLES or any(not has_word(one["role"]) or len(one["role"]) > 60 for one in rows):
        raise Invalid(fields={"team": [_("每行一个岗位，岗位最多60个字，最多20行。")]})
    if any(not 0 < one["people"] <= 100_000 for one in rows):
        raise Invalid(fields={"team": [_("人数应为正整数。")]})
    return rows
