"""Companies of a park: registering a stay, taking it along, ending it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.area import Area
from duikou.kernel.clock import today
from duikou.kernel.codes import uscc_clean
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word, near_key
from duikou.parks import policies
from duikou.parks.models import Park, Resident
from duikou.parks.selectors.scope import RELATED
from duikou.parks.services.keeping import Faults, day_faults, park_locked, refuse_stale, touch, words
from duikou.parks.states import RESIDENT, Origin, ResidentState
from duikou.records.services.audit import changes, record, snapshot

DATED = {"sign": "moved_in_on", "build": "moved_in_on", "produce": "produced_on", "leave": "moved_out_on"}
"""Which date a step states."""


@dataclass(frozen=True, slots=True)
class ResidentDraft:
    """A company's stay as somebody enters it; a linked organisation gives name and code where they are blank."""

    name: str = ""
    uscc: str = ""
    origin: str = Origin.ELSEWHERE.value
    organisation_id: int | None = None
    industry_id: int | None = None
    state: str = ResidentState.TALKING.value
    land: Area | None = None
    moved_in_on: dt.date | None = None
    produced_on: dt.date | None = None
    moved_out_on: dt.date | None = None
    out_reason: str = ""


@transaction.atomic
def resident_add(*, actor: Actor, park_id: int, draft: ResidentDraft) -> Resident:
    """Register a company's stay. Raises `Invalid` by field; a company that is there already is refused by name."""
    park = park_locked(park_id)
    policies.enter(actor, park).or_raise()
    draft = _linked(resident_checked(draft))
    refuse_overlap(park, draft, None)
    row = Resident(park=park, revision=0, **_facts(draft))
    touch(row, actor)
    record(actor=actor, action="parks.resident.added", subject=row, after=changes(None, snapshot(row))[1])
    announce("parks.resident.moved", resident_id=row.pk, state=row.state)
    return row


@transaction.atomic
def resident_save(*, actor: Actor, resident_id: int, revision: int, draft: ResidentDraft, reason: str = "") -> Resident:
    """Change what is known of a stay. A wrong state is corrected here, with its reason. Raises `Stale`, `Invalid`."""
    row = resident_locked(resident_id)
    policies.enter(actor, row.park).or_raise()
    refuse_stale(row, revision)
    draft = _linked(resident_checked(draft))
    reason = words(reason, "reason", needed=draft.state != row.state)
    refuse_overlap(row.park, draft, row.pk)
    before = snapshot(row)
    for name, value in _facts(draft).items():
        setattr(row, name, value)
    old, new = changes(before, row)
    if old or new:
        touch(row, actor)
        record(actor=actor, action="parks.resident.updated", subject=row, before=old, after=new, reason=reason)
        if new and "state" in new:
            announce("parks.resident.moved", resident_id=row.pk, state=row.state)
    return row


@transaction.atomic
def resident_move(
    *, actor: Actor, resident_id: int, revision: int, verb: str, on: dt.date | None = None, reason: str = ""
) -> Resident:
    """Take one step: signed, under construction, in production, moved out (with date and reason)."""
    row = resident_locked(resident_id)
    policies.enter(actor, row.park).or_raise()
    target = RESIDENT.go(ResidentState(row.state), verb)
    refuse_stale(row, revision)
    before = snapshot(row)
    row.state = target.value
    row.out_reason = words(reason, "reason") if target is ResidentState.LEFT else ""
    if on is not None:
        setattr(row, DATED[verb], on)
    faults = _term_faults(_draft_of(row))
    if faults:
        raise Invalid(fields={"on": [text for texts in faults.values() for text in texts]})
    touch(row, actor)
    old, new = changes(before, row)
    record(actor=actor, action=f"parks.resident.{verb}", subject=row, before=old, after=new, reason=row.out_reason)
    announce("parks.resident.moved", resident_id=row.pk, state=row.state)
    return row


def resident_locked(resident_id: int) -> Resident:
    """The stay for changing it, its park held first, as everybody who writes here does; raises `NotFound`."""
    park_id = Resident.objects.filter(pk=resident_id).values_list("park_id", flat=True).first()
    if park_id is None:
        raise NotFound
    park_locked(park_id)
    related = ("industry", "organisation", *(f"park__{name}" for name in RELATED))
    return Resident.objects.select_related(*related).get(pk=resident_id)


def resident_checked(draft: ResidentDraft) -> ResidentDraft:
    """The draft as it is stored; raises `Invalid` by field (one query for a linked organisation)."""
    faults: Faults = {}
    if draft.organisation_id is not None:
        body = Organisation.objects.filter(pk=draft.organisation_id, merged_into=None).first()
        if body is None:
            raise Invalid(fields={"organisation": [_("没有这一项。")]})
        if draft.uscc.strip() and body.uscc and draft.uscc.strip().upper() != body.uscc:
            faults["uscc"] = [_("与所选主体的统一社会信用代码%(code)s不一致。") % {"code": body.uscc}]
        draft = replace(draft, name=draft.name or body.name, uscc=draft.uscc or body.uscc)
    draft = replace(draft, name=clean_name(draft.name), uscc=draft.uscc.strip(), out_reason=clean(draft.out_reason))
    if draft.uscc and "uscc" not in faults:
        try:
            draft = replace(draft, uscc=uscc_clean(draft.uscc))
        except Invalid as bad:
            faults["uscc"] = [bad.message]
    if not has_word(draft.name) or len(draft.name) > 120:
        faults["name"] = [_("请填写企业名称，最多120个字。")]
    if draft.origin not in Origin.values:
        faults["origin"] = [_("没有这一项。")]
    if draft.state not in {state.value for state in ResidentState}:
        faults["state"] = [_("没有这一项。")]
    faults |= _term_faults(draft)
    if faults:
        raise Invalid(fields=faults)
    return draft


def _linked(draft: ResidentDraft) -> ResidentDraft:
    """The draft with the organisation of its credit code, where the platform knows it: its people see its figures."""
    if draft.organisation_id is not None or not draft.uscc:
        return draft
    body = Organisation.objects.filter(uscc=draft.uscc, merged_into=None).values_list("pk", flat=True).first()
    return replace(draft, organisation_id=body)


def _term_faults(draft: ResidentDraft) -> Faults:
    days = {name: getattr(draft, name) for name in ("moved_in_on", "produced_on", "moved_out_on")}
    faults = day_faults(**days)
    has_left = draft.state == ResidentState.LEFT
    if has_left and draft.moved_out_on is None:
        faults["moved_out_on"] = [_("请填写迁出日期。")]
    if has_left and not has_word(draft.out_reason):
        faults["out_reason"] = [_("请写明迁出原因。")]
    if not has_left and (draft.moved_out_on is not None or draft.out_reason):
        faults["moved_out_on"] = [_("没有迁出的企业不填迁出日期和原因。")]
    if len(draft.out_reason) > 500:
        faults["out_reason"] = [_("最多%(limit)s个字。") % {"limit": 500}]
    if draft.moved_in_on and draft.moved_out_on and draft.moved_out_on < draft.moved_in_on:
        faults["moved_out_on"] = [_("迁出日期不能早于入园日期。")]
    if draft.moved_in_on and draft.produced_on and draft.produced_on < draft.moved_in_on:
        faults["produced_on"] = [_("投产日期不能早于入园日期。")]
    for name, day in days.items():
        if day is not None and day > today():
            faults[name] = [_("这一天还没有到。")]
    return faults


def stays_of(park: Park, uscc: str, key: str) -> list[Resident]:
    """Stays of one company in a park: by its code, and by name among those of which one has no code."""
    same = Q(uscc=uscc) | Q(near_key=key, uscc="") if uscc else Q(near_key=key)
    return list(Resident.objects.filter(same, park=park).order_by("id"))


def refuse_overlap(park: Park, draft: ResidentDraft, pk: int | None) -> None:
    """Raise `Invalid` where the company has another stay in this park at the same time (one query)."""
    for other in stays_of(park, draft.uscc, near_key(draft.name)[:120]):
        if other.pk == pk or not meet(draft, other):
            continue
        values = {"name": other.name, "state": other.state_label}
        said = _("这家企业已在本园区登记（%(name)s，%(state)s），请修改那一条。") % values
        raise Invalid(fields={"uscc" if draft.uscc and other.uscc else "name": [said]})


def meet(draft: ResidentDraft, other: Resident) -> bool:
    """Whether two stays overlap: the day of leaving may be that of coming back; a stay whose arrival is unknown
    began after an earlier one ended."""
    if draft.moved_out_on is None and other.moved_out_on is None:
        return True
    if draft.moved_out_on is None or other.moved_out_on is None:
        gone, here = (draft, other) if other.moved_out_on is None else (other, draft)
        return here.moved_in_on is not None and gone.moved_out_on > here.moved_in_on  # type: ignore[operator]
    first_in, other_in = draft.moved_in_on or draft.moved_out_on, other.moved_in_on or other.moved_out_on
    return first_in < other.moved_out_on and other_in < draft.moved_out_on


def _draft_of(row: Resident) -> ResidentDraft:
    return ResidentDraft(**{name: getattr(row, name) for name in ResidentDraft.__dataclass_fields__})


def _facts(draft: ResidentDraft) -> dict[str, Any]:
    facts = {name: getattr(draft, name) for name in ResidentDraft.__dataclass_fields__}
    return {**facts, "near_key": near_key(draft.name)[:120]}
