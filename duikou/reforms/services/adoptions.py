"""What a region makes of a measure: follow, adapt, adopt, decline, end, correct."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word
from duikou.programme.models import Region
from duikou.records.models import Evidence
from duikou.records.services.audit import changes, record, snapshot, subject_of
from duikou.records.services.evidence import evidence_add
from duikou.reforms import policies
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.rules import days_to_adoption
from duikou.reforms.selectors.places import Places, places_of
from duikou.reforms.services.effects import EffectDraft, effect_write
from duikou.reforms.services.text import LONGEST, Faults, day_fault, words
from duikou.reforms.services.waiting import adaptation_waits, adaptation_waits_no_more, measure_told_no_more
from duikou.reforms.states import ADOPTIONS, FIRST_STATES, VERBS, AdoptionState

SAID = {
    "follow": "followed",
    "adapt": "adapting",
    "adopt": "adopted",
    "decline": "declined",
    "end": "ended",
    "correct": "corrected",
}
FURTHEST = dt.timedelta(days=3660)
"""How far ahead a plan may reach."""


@dataclass(frozen=True, slots=True)
class AdoptionDraft:
    """What goes with a step; each step reads what it needs.

    adapt: `unit`, `planned_on`, `differences`. adopt: `adopted_on`, the document, `file` (the evidence; `no_file`
    lets a row of a table in without), `effect`. decline, end and correct: `reason`; end: `ended_on`.
    """

    unit: Organisation | None = None
    planned_on: dt.date | None = None
    differences: str = ""
    adopted_on: dt.date | None = None
    document_title: str = ""
    document_number: str = ""
    document_date: dt.date | None = None
    source_name: str = ""
    file: UploadedFile[Any] | None = None
    no_file: bool = False
    effect: EffectDraft | None = None
    ended_on: dt.date | None = None
    reason: str = ""
    is_demonstration: bool = False


@transaction.atomic
def adoption_step(
    *,
    actor: Actor,
    measure_id: int,
    region: Region,
    verb: str,
    draft: AdoptionDraft,
    revision: int = 0,
    places: Places | None = None,
) -> Adoption:
    """Take one step for a region; `revision` is that of the row the person had seen, 0 where there was none.

    The same step again, with nothing new to say, changes nothing. Raises `Invalid` by field, `Stale` when the row
    changed since, `Conflict` for a step that the table of states has not, `Forbidden` with the reason.
    """
    if verb not in VERBS:
        raise NotFound
    policies.learn_for(actor, region).or_raise()
    measure = _measure(measure_id)
    places = places or places_of(measure.programme)
    row = _row(measure, region)
    is_other_side = region in places.across(measure.side)
    if row is not None and _is_again(row, verb, draft):
        return row
    state = row.state if row is not None else ""
    verdict = policies.adopt(actor, measure, region, state=state, is_other_side=is_other_side, verb=verb)
    if not verdict and state and not ADOPTIONS.allows(AdoptionState(state), verb) and row is not None:
        raise Conflict(_("%(region)s%(state)s，不能进行这一步。") % {"region": region.label, "state": row.state_label})
    verdict.or_raise()
    if (row.revision if row is not None else 0) != revision:
        raise Stale(revision=row.revision if row is not None else 0)
    before = snapshot(row) if row is not None else None
    row = row or Adoption(measure=measure, region=region, created_at=now(), revision=0)
    row.pairing = places.pairing_of(measure.origin, region)
    _WRITE[verb](row, draft)
    row.state = (ADOPTIONS.go(AdoptionState(state), verb) if state else FIRST_STATES[verb]).value
    row.is_demonstration = row.is_demonstration or draft.is_demonstration
    _save(actor, row)
    _prove(actor, row, verb, draft)
    old, new = changes(before, row) if before is not None else (None, changes(None, snapshot(row))[1])
    record(
        actor=actor,
        action=f"reforms.adoption.{SAID[verb]}",
        subject=row,
        before=old,
        after=new,
        reason=draft.reason,
    )
    _tell(actor, row, verb)
    return row


def _measure(measure_id: int) -> ReformMeasure:
    """The measure, held so that it is not withdrawn in between."""
    rows = ReformMeasure.objects.select_for_update(of=("self",)).select_related("programme", "origin")
    found = rows.filter(pk=measure_id).exclude(state="draft").first()
    if found is None:
        raise NotFound
    return found


def _row(measure: ReformMeasure, region: Region) -> Adoption | None:
    found = Adoption.objects.filter(measure=measure, region=region).select_related("unit").first()
    if found is not None:
        found.measure, found.region = measure, region
    return found


def _is_again(row: Adoption, verb: str, draft: AdoptionDraft) -> bool:
    """Whether the very same was said already: a form sent twice."""
    if verb not in FIRST_STATES or row.state != FIRST_STATES[verb]:
        return False
    if verb == "adopt":
        return row.adopted_on == draft.adopted_on and row.document_title == clean_name(draft.document_title)
    if verb == "adapt":
        unit = draft.unit.pk if draft.unit else None
        return (row.unit_id, row.planned_on, row.differences) == (unit, draft.planned_on, clean(draft.differences))
    return verb == "follow" or row.reason == clean(draft.reason)


def _follow(row: Adoption, _draft: AdoptionDraft) -> None:
    row.reason = ""


def _adapt(row: Adoption, draft: AdoptionDraft) -> None:
    faults: Faults = {}
    if draft.planned_on is None:
        faults["planned_on"] = [_("请填写计划完成日期。")]
    elif draft.planned_on < row.created_at.date() - FURTHEST or draft.planned_on > now().date() + FURTHEST:
        faults["planned_on"] = [_("日期过早或过晚，请核对。")]
    if draft.unit is not None and not draft.unit.region.path.startswith(row.region.path):
        faults["unit"] = [_("责任单位应在%(region)s。") % {"region": row.region.label}]
    if len(clean(draft.differences)) > LONGEST:
        faults["differences"] = [_("最多%(limit)s个字。") % {"limit": LONGEST}]
    if faults:
        raise Invalid(fields=faults)
    row.unit, row.planned_on, row.differences = draft.unit, draft.planned_on, clean(draft.differences)
    row.reason, row.adopted_on, row.ended_on, row.days = "", None, None, None


def _adopt(row: Adoption, draft: AdoptionDraft) -> None:
    draft = replace(
        draft,
        document_title=clean_name(draft.document_title),
        document_number=clean_name(draft.document_number),
        source_name=clean_name(draft.source_name),
    )
    if faults := adopt_faults(draft):
        raise Invalid(fields=faults)
    if draft.file is None and not draft.no_file and not _has_file(row):
        raise Invalid(fields={"file": [_("请上传本地文件或其他佐证材料。")]})
    for name in ("adopted_on", "document_title", "document_number", "document_date", "source_name"):
        setattr(row, name, getattr(draft, name))
    row.days = days_to_adoption(row.measure.published_on, row.adopted_on)
    row.reason, row.ended_on = "", None


def adopt_faults(draft: AdoptionDraft) -> Faults:
    """Why this is no adoption: no document of the region's own, no day, days that cannot be (words cleaned)."""
    faults: Faults = {}
    if not has_word(draft.document_title):
        faults["document_title"] = [_("请填写本地区印发的文件名称。")]
    for name, limit in (("document_title", 300), ("document_number", 80), ("source_name", 200)):
        if len(getattr(draft, name)) > limit:
            faults[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if draft.adopted_on is None:
        faults["adopted_on"] = [_("请填写推广日期。")]
    for name in ("adopted_on", "document_date"):
        if wrong := day_fault(getattr(draft, name)):
            faults[name] = [wrong]
    return faults


def _decline(row: Adoption, draft: AdoptionDraft) -> None:
    row.reason = words(draft.reason, "reason", longest=500)


def _end(row: Adoption, draft: AdoptionDraft) -> None:
    row.reason = words(draft.reason, "reason", longest=500)
    wrong = _("请填写停止执行的日期。") if draft.ended_on is None else day_fault(draft.ended_on)
    if not wrong and draft.ended_on and row.adopted_on and draft.ended_on < row.adopted_on:
        wrong = _("停止执行的日期不能早于推广日期。")
    if wrong:
        raise Invalid(fields={"ended_on": [wrong]})
    row.ended_on = draft.ended_on


def _correct(row: Adoption, draft: AdoptionDraft) -> None:
    words(draft.reason, "reason", longest=500)
    row.adopted_on, row.days, row.reason = None, None, ""


_WRITE: dict[str, Callable[[Adoption, AdoptionDraft], None]] = {
    "follow": _follow,
    "adapt": _adapt,
    "adopt": _adopt,
    "decline": _decline,
    "end": _end,
    "correct": _correct,
}


def _has_file(row: Adoption) -> bool:
    ref = subject_of(row)
    return Evidence.objects.filter(subject_kind=ref.kind, subject_id=ref.id).exists()


def _save(actor: Actor, row: Adoption) -> None:
    row.revision += 1
    row.changed_at, row.changed_by = now(), actor.name[:150]
    row.save()


def _prove(actor: Actor, row: Adoption, verb: str, draft: AdoptionDraft) -> None:
    """The file and the effect that came with an adoption."""
    if verb != "adopt":
        return
    if draft.file is not None:
        evidence_add(actor=actor, subject=row, file=draft.file, note=row.document_title)
    if draft.effect is not None and not draft.effect.is_empty:
        effect_write(actor=actor, adoption=row, draft=replace(draft.effect, as_of=draft.effect.as_of or row.adopted_on))


def _tell(actor: Actor, row: Adoption, verb: str) -> None:
    measure_told_no_more(actor=actor, measure=row.measure, region=row.region)
    adaptation_waits_no_more(actor=actor, adoption=row)
    adaptation_waits(actor=actor, adoption=row)
    announce("reforms.adoption.moved", adoption_id=row.pk, verb=verb)
