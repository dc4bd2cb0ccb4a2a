"""From a plan above to one below, and from last year to this: each entry once, however often it is asked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict
from duikou.kernel.facts import announce
from duikou.kernel.money import Money
from duikou.plans import policies
from duikou.plans.models import EntryMoney, EntryProgress, EntryUnit, Plan, PlanEntry, PlanSection, PlanVersion
from duikou.plans.rules.content import EntryContent
from duikou.plans.selectors.content import content_of
from duikou.plans.services.carrying import CLOSED, carried_mark
from duikou.plans.services.entries import money_rows, unit_rows
from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft, checked
from duikou.plans.services.plans import version_locked
from duikou.plans.services.revisions import GAP, revisions_write, version_hold
from duikou.plans.states import Part, PlanKind, VersionState
from duikou.programme.models import Clause, Indicator
from duikou.records.services.audit import record


@transaction.atomic
def entries_copy_down(*, actor: Actor, version_id: int, uids: Collection[uuid.UUID] | None = None) -> list[PlanEntry]:
    """Entries of the plan above as entries of this one (`uids`: only these); what is there already is left alone.

    Returns what is new. Raises `Conflict` when the plan has none above.
    """
    version = _writable(actor, version_id)
    above = version.plan.parent
    source = None if above is None else source_of(above)
    if above is None or source is None:
        raise Conflict(_("这个计划没有上级计划，请先在计划信息中选择。"))
    have = set(PlanEntry.objects.filter(version=version, parent_plan=above).values_list("parent_uid", flat=True))
    wanted = [
        entry
        for entry in content_of(source).entries
        if uuid.UUID(entry.uid) not in have and (uids is None or uuid.UUID(entry.uid) in uids)
    ]
    drafts = [replace(_draft(entry, version), parent=(above.pk, uuid.UUID(entry.uid))) for entry in wanted]
    return _add(actor, version, drafts, "copied", str(source))


@transaction.atomic
def entries_carry_over(*, actor: Actor, version_id: int, uids: Collection[uuid.UUID] | None = None) -> list[PlanEntry]:
    """What last year's plan left unfinished into this year's; last year's entries are marked as carried.

    Returns what is new. Raises `Conflict` when there is no plan of the year before.
    """
    version = _writable(actor, version_id)
    past = last_year(version.plan)
    source = None if past is None else source_of(past)
    if past is None or source is None:
        raise Conflict(_("没有找到同一对口关系上一年度的计划。"))
    have = set(PlanEntry.objects.filter(version=version, carried_plan=past).values_list("carried_uid", flat=True))
    states = dict(EntryProgress.objects.filter(plan=past).values_list("entry_uid", "state"))
    wanted = [
        entry
        for entry in content_of(source).entries
        if (uid := uuid.UUID(entry.uid)) not in have and states.get(uid) not in CLOSED and (uids is None or uid in uids)
    ]
    drafts = [replace(_draft(entry, version), carried=(past.pk, uuid.UUID(entry.uid))) for entry in wanted]
    added = _add(actor, version, drafts, "carried", str(source))
    carried_mark(actor=actor, past=past, titles={uuid.UUID(entry.uid): entry.title for entry in wanted})
    return added


def source_of(plan: Plan) -> PlanVersion | None:
    """The version that others go by: the one in force, else the latest that was not given up."""
    versions = plan.versions.exclude(state__in=(VersionState.ABANDONED, VersionState.RETURNED)).select_related(
        "plan__programme", "plan__field", "plan__pairing__first_region", "plan__pairing__second_region"
    )
    return versions.filter(state=VersionState.IN_FORCE).first() or versions.order_by("-number").first()


def last_year(plan: Plan) -> Plan | None:
    """The same pairing's annual plan of the year before."""
    if plan.kind != PlanKind.ANNUAL or plan.year is None:
        return None
    return Plan.objects.filter(pairing=plan.pairing_id, kind=PlanKind.ANNUAL, year=plan.year - 1).first()


def _writable(actor: Actor, version_id: int) -> PlanVersion:
    version_hold(version_id, 0)
    version = version_locked(version_id)
    policies.write(actor, version).or_raise()
    return version


def _draft(entry: EntryContent, version: PlanVersion) -> EntryDraft:
    """The entry as this plan would say it: dates inside its period, money and figures as above."""
    plan = version.plan
    starts = max(entry.starts_on, plan.starts_on) if entry.starts_on else None
    due = entry.due_on if entry.due_on and plan.starts_on <= entry.due_on <= plan.ends_on else plan.ends_on
    return EntryDraft(
        title=entry.title,
        measure=entry.measure,
        clauses=tuple(clause.code for clause in entry.clauses),
        target=entry.target,
        indicator=entry.indicator,
        target_value=entry.target_value,
        target_unit=entry.target_unit,
        starts_on=starts if starts is None or starts <= due else None,
        due_on=due,
        units=tuple(UnitDraft(unit.side, unit.name, unit.is_lead, unit.organisation_id) for unit in entry.units),
        money=tuple(MoneyDraft(row.source, Money(row.amount), row.side, row.bound) for row in entry.money),
        parent=(entry.parent.plan_id, uuid.UUID(entry.parent.uid)) if entry.parent else None,
    )


def _add(actor: Actor, version: PlanVersion, drafts: Sequence[EntryDraft], verb: str, source: str) -> list[PlanEntry]:
    """Many entries in a constant number of statements, each with its revision; one event names how many."""
    if not drafts:
        return []
    section = PlanSection.objects.filter(version=version, part=Part.TASKS).order_by("order").first()
    last = PlanEntry.objects.filter(version=version).order_by("-order").values_list("order", flat=True).first() or 0
    drafts = [checked(replace(draft, section=section.uid if section else None)) for draft in drafts]
    programme = version.plan.programme_id
    clauses = dict(Clause.objects.filter(programme=programme).values_list("code", "pk"))
    indicators = dict(Indicator.objects.filter(programme=programme).values_list("code", "pk"))
    moment, rows = now(), []
    for place, draft in enumerate(drafts, start=1):
        plain = ("title", "measure", "target", "target_value", "target_unit", "starts_on", "due_on")
        rows.append(
            PlanEntry(
                uid=uuid.uuid4(),
                version=version,
                section=section,
                order=last + place * GAP,
                indicator_id=indicators.get(draft.indicator),
                parent_plan_id=draft.parent[0] if draft.parent else None,
                parent_uid=draft.parent[1] if draft.parent else None,
                carried_plan_id=draft.carried[0] if draft.carried else None,
                carried_uid=draft.carried[1] if draft.carried else None,
                changed_at=moment,
                changed_by=actor.name[:150],
                **{name: getattr(draft, name) for name in plain},
            )
        )
    PlanEntry.objects.bulk_create(rows, batch_size=200)
    pairs = list(zip(rows, drafts, strict=True))
    through = PlanEntry.clauses.through
    through.objects.bulk_create(
        [through(planentry=row, clause_id=clauses[code]) for row, draft in pairs for code in draft.clauses],
        batch_size=500,
    )
    EntryUnit.objects.bulk_create([unit for pair in pairs for unit in unit_rows(*pair)], batch_size=200)
    EntryMoney.objects.bulk_create([one for pair in pairs for one in money_rows(*pair)], batch_size=200)
    parts = [("entry", row.uid, draft.content(row.uid, row.order)) for row, draft in pairs]
    revisions_write(actor=actor, version=version, parts=parts, first=version.revision + 1)
    version.revision += len(parts)
    version.save(update_fields=["revision"])
    after = {"based_on": source, "count": len(rows), "entry": [row.title for row in rows[:20]]}
    record(actor=actor, action=f"plans.entry.{verb}", subject=version, after=after)
    announce("plans.version.changed", version_id=version.pk, uid="")
    return rows
