"""Beginning a plan, its facts, and its next version."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word
from duikou.plans import policies
from duikou.plans.models import Plan, PlanVersion
from duikou.plans.services.carrying import carried_again, carried_let_go, carried_links
from duikou.plans.services.copies import sections_seed, version_copy
from duikou.plans.states import LIFECYCLE, PlanKind, VersionState
from duikou.programme.models import Clause, Pairing
from duikou.records.services.audit import changes, record, snapshot

YEARLY = frozenset({PlanKind.ANNUAL.value, PlanKind.SUMMARY.value})
OPEN = ("draft", "in_cosign", "signed", "filed", "issued")


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """The facts of a plan; `field` is the clause a special plan is about, `parent` the plan it breaks down."""

    pairing: Pairing
    kind: str
    title: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    year: int | None = None
    field: Clause | None = None
    parent: Plan | None = None


@transaction.atomic
def plan_create(*, actor: Actor, draft: PlanDraft, with_parts: bool = True) -> PlanVersion:
    """Begin a plan and its first draft, with the demanded headings in place; raises `Invalid` by field."""
    draft = checked(draft)
    policies.create(actor, draft.pairing).or_raise()
    moment = now()
    plan = Plan(
        programme_id=draft.pairing.programme_id,
        created_at=moment,
        created_by=actor.name[:150],
        **_facts(draft),
    )
    _saved(plan, new=True)
    version = PlanVersion.objects.create(plan=plan, number=1, created_at=moment, created_by=actor.name[:150])
    if with_parts:
        sections_seed(actor=actor, version=version)
    record(actor=actor, action="plans.plan.created", subject=plan, after=_words(plan))
    announce("plans.plan.created", plan_id=plan.pk, version_id=version.pk)
    return version


@transaction.atomic
def plan_update(*, actor: Actor, plan_id: int, draft: PlanDraft) -> Plan:
    """Change the facts of a plan, which are part of what is signed: only while nothing of it was sent for signing."""
    draft = checked(draft)
    related = ("programme", "pairing__first_region", "pairing__second_region", "field", "parent")
    plan = Plan.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    policies.create(actor, plan.pairing).or_raise()
    if plan.versions.exclude(state__in=(VersionState.DRAFT, VersionState.ABANDONED)).exists():
        raise Conflict(_("标题、时段等是签署内容的一部分，送签之后不能再改。"))
    if draft.pairing.pk != plan.pairing.pk or draft.kind != plan.kind:
        raise Conflict(_("计划的对口关系和类别不能更换，请另建计划。"))
    before = snapshot(plan)
    for name, value in _facts(draft).items():
        setattr(plan, name, value)
    old, new = changes(before, plan)
    if not new and not old:
        return plan
    _saved(plan)
    record(actor=actor, action="plans.plan.updated", subject=plan, before=old, after=new)
    announce("plans.plan.updated", plan_id=plan.pk)
    return plan


@transaction.atomic
def unserved_set(*, actor: Actor, version_id: int, reasons: dict[str, str]) -> PlanVersion:
    """Say why tasks are not served (an empty reason takes it back); tasks that are not named keep their reason."""
    version = version_locked(version_id)
    policies.write(actor, version).or_raise()
    tasks = set(Clause.objects.filter(programme=version.plan.programme_id, is_task=True).values_list("code", flat=True))
    found = dict(version.unserved)
    for code, reason in reasons.items():
        text = clean_name(reason)
        if code not in tasks:
            raise Invalid(fields={code: [_("没有这个条款：%(code)s。") % {"code": code[:60]}]})
        if len(text) > 500:
            raise Invalid(fields={code: [_("最多%(limit)s个字。") % {"limit": 500}]})
        if text:
            found[code] = text
        else:
            found.pop(code, None)
    if found == version.unserved:
        return version
    before, version.unserved = {"unserved": version.unserved}, found
    version.revision += 1
    version.save(update_fields=["unserved", "revision"])
    record(actor=actor, action="plans.version.explained", subject=version, before=before, after={"unserved": found})
    announce("plans.version.changed", version_id=version.pk, uid="")
    return version


@transaction.atomic
def version_abandon(*, actor: Actor, version_id: int, reason: str) -> PlanVersion:
    """Give a draft up; it stays readable, and the next version may begin from it."""
    version = version_locked(version_id)
    policies.write(actor, version).or_raise()
    reason = clean(reason)
    if not reason:
        raise Invalid(fields={"reason": [_("请写明作废的理由。")]})
    before = version.state
    version.state = LIFECYCLE.go(VersionState(version.state), "abandon").value
    version.save(update_fields=["state"])
    carried_let_go(actor=actor, links=carried_links(version))
    record(
        actor=actor,
        action="plans.version.abandoned",
        subject=version,
        before={"state": before},
        after={"state": version.state},
        reason=reason[:1000],
    )
    announce("plans.version.moved", version_id=version.pk, state=version.state)
    return version


@transaction.atomic
def amendment_open(*, actor: Actor, version_id: int, reason: str) -> PlanVersion:
    """Open the next version with the content of this one (in force, returned or abandoned); the reason is a must."""
    base = version_locked(version_id)
    Plan.objects.select_for_update().get(pk=base.plan_id)
    is_open = PlanVersion.objects.filter(plan=base.plan_id, state__in=OPEN).exists()
    policies.create(actor, base.plan.pairing).or_raise()
    verdict = policies.amend(actor, base, is_open=is_open)
    if not verdict:
        raise Conflict(str(verdict.reason))
    reason = clean(reason)
    if not reason or len(reason) > 1000:
        raise Invalid(fields={"reason": [_("请写明修订的理由，最多1000个字。")]})
    last = PlanVersion.objects.filter(plan=base.plan_id).order_by("-number").values_list("number", flat=True)[0]
    version = PlanVersion.objects.create(
        plan=base.plan,
        number=last + 1,
        based_on=base,
        amendment_reason=reason,
        unserved=base.unserved,
        created_at=now(),
        created_by=actor.name[:150],
    )
    version_copy(actor=actor, source=base, target=version)
    if base.state == VersionState.ABANDONED:
        carried_again(actor=actor, version=version)
    record(
        actor=actor,
        action="plans.version.amended",
        subject=version,
        after={"number": version.number, "based_on": str(base)},
        reason=reason,
    )
    announce("plans.version.opened", version_id=version.pk, based_on=base.pk)
    return version


def version_locked(version_id: int) -> PlanVersion:
    """The row for changing, with what policies look at; raises `NotFound`."""
    found = (
        PlanVersion.objects.select_for_update(of=("self",))
        .select_related("plan__programme", "plan__field", "plan__pairing__first_region", "plan__pairing__second_region")
        .filter(pk=version_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def checked(draft: PlanDraft) -> PlanDraft:
    """The draft as it is stored; raises `Invalid` by field."""
    faults: dict[str, list[object]] = {}
    draft = replace(draft, title=clean_name(draft.title))
    if draft.kind not in PlanKind.values:
        raise Invalid(fields={"kind": [_("没有这一项。")]})
    if not has_word(draft.title) or len(draft.title) > 200:
        faults["title"] = [_("请填写标题，最多200个字。")]
    if draft.kind in YEARLY:
        if draft.year is None or not 2000 <= draft.year <= 2100:
            faults["year"] = [_("请填写年度。")]
        else:
            year = draft.year
            draft = replace(
                draft,
                starts_on=draft.starts_on or dt.date(year, 1, 1),
                ends_on=draft.ends_on or dt.date(year, 12, 31),
            )
    else:
        draft = replace(draft, year=None)
    if draft.kind == PlanKind.SPECIAL:
        if draft.field is None or draft.field.programme_id != draft.pairing.programme_id:
            faults["field"] = [_("请选择专项方案的合作领域。")]
    else:
        draft = replace(draft, field=None)
    if not faults.get("year"):
        if draft.starts_on is None:
            faults["starts_on"] = [_("请填写起始日期。")]
        if draft.ends_on is None:
            faults["ends_on"] = [_("请填写截止日期。")]
        if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
            faults["ends_on"] = [_("截止日期不能早于起始日期。")]
    _check_parent(draft, faults)
    if faults:
        raise Invalid(fields=faults)
    return draft


def _check_parent(draft: PlanDraft, faults: dict[str, list[object]]) -> None:
    parent = draft.parent
    if parent is None:
        return
    near = {draft.pairing.pk, draft.pairing.parent_id}
    if parent.programme_id != draft.pairing.programme_id or parent.pairing_id not in near:
        faults["parent"] = [_("上级计划应属于同一对口关系，或它的上级对口关系。")]
    elif parent.kind in YEARLY and draft.kind not in YEARLY:
        faults["parent"] = [_("年度计划不能作为阶段性方案或专项方案的上级。")]


def _facts(draft: PlanDraft) -> dict[str, Any]:
    return {
        "pairing": draft.pairing,
        "kind": draft.kind,
        "title": draft.title,
        "field": draft.field,
        "year": draft.year,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "parent": draft.parent,
    }


def _words(plan: Plan) -> dict[str, Any]:
    return changes(None, snapshot(plan))[1] or {}


def _saved(plan: Plan, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            plan.save(force_insert=new)
    except IntegrityError:
        raise Conflict(_("这一对口关系该年度的同类计划已经存在，请打开已有的计划。")) from None
