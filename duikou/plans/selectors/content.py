"""The whole content of a version, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from duikou.plans.models import EntryMoney, EntryUnit, PlanEntry, PlanSection, PlanVersion
from duikou.plans.rules.content import (
    ClauseRef,
    EntryContent,
    LinkContent,
    MoneyContent,
    PlanContent,
    SectionContent,
    UnitContent,
)
from duikou.plans.states import Side
from duikou.programme.models import Clause


def content_of(version: PlanVersion) -> PlanContent:
    """Everything that `version` says, as values (seven queries, and one each for what is not loaded with it)."""
    plan = version.plan
    pairing = plan.pairing
    sections = _sections(version)
    return PlanContent(
        plan_id=plan.pk,
        version_id=version.pk,
        programme=plan.programme.code,
        pairing=pairing.code,
        kind=plan.kind,
        title=plan.title,
        field=plan.field.code if plan.field else "",
        year=plan.year,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        number=version.number,
        unserved=tuple(sorted((str(code), str(reason)) for code, reason in version.unserved.items())),
        sections=tuple(sections.values()),
        entries=_entries(version, {pk: section.uid for pk, section in sections.items()}),
        programme_label=plan.programme.label,
        pairing_label=pairing.label,
        first_label=pairing.first_region.label,
        second_label=pairing.second_label,
        kind_label=str(plan.get_kind_display()),
        state=version.state,
        revision=version.revision,
        digest=version.digest,
        document_number=version.document_number,
    )


def _sections(version: PlanVersion) -> dict[int, SectionContent]:
    through = PlanSection.clauses.through.objects.filter(plansection__version=version)
    clauses = _clauses(through.values_list("plansection_id", "clause_id"))
    found = {}
    for row in PlanSection.objects.filter(version=version).order_by("order", "id"):
        found[row.pk] = SectionContent(
            uid=str(row.uid),
            part=row.part,
            order=row.order,
            level=row.level,
            heading=row.heading,
            body=row.body,
            clauses=clauses.get(row.pk, ()),
            revision=row.revision,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
    return found


def _clauses(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[ClauseRef, ...]]:
    pairs = list(pairs)
    known = Clause.objects.in_bulk({clause for _owner, clause in pairs})
    found: dict[int, list[Clause]] = defaultdict(list)
    for owner, clause in pairs:
        found[owner].append(known[clause])
    return {
        owner: tuple(ClauseRef(clause.code, clause.label) for clause in sorted(rows, key=lambda c: (c.order, c.pk)))
        for owner, rows in found.items()
    }


def _entries(version: PlanVersion, sections: dict[int, str]) -> tuple[EntryContent, ...]:
    through = PlanEntry.clauses.through.objects.filter(planentry__version=version)
    clauses = _clauses(through.values_list("planentry_id", "clause_id"))
    units: dict[tuple[int, str], list[UnitContent]] = defaultdict(list)
    for unit in EntryUnit.objects.filter(entry__version=version).order_by("-is_lead", "order", "id"):
        units[unit.entry_id, unit.side].append(UnitContent(unit.side, unit.name, unit.is_lead, unit.organisation_id))
    money: dict[int, list[MoneyContent]] = defaultdict(list)
    for row in EntryMoney.objects.filter(entry__version=version).order_by("source", "side"):
        money[row.entry_id].append(MoneyContent(row.source, row.side, row.amount, row.bound))
    rows = PlanEntry.objects.filter(version=version).select_related("indicator", "parent_plan", "carried_plan")
    return tuple(
        _entry(
            row,
            number,
            section=sections.get(row.section_id or 0),
            clauses=clauses.get(row.pk, ()),
            first_units=tuple(units[row.pk, Side.FIRST.value]),
            second_units=tuple(units[row.pk, Side.SECOND.value]),
            money=tuple(money[row.pk]),
        )
        for number, row in enumerate(rows.order_by("order", "id"), start=1)
    )


def _entry(row: PlanEntry, number: int, **lists: Any) -> EntryContent:
    return EntryContent(
        uid=str(row.uid),
        number=number,
        order=row.order,
        title=row.title,
        measure=row.measure,
        target=row.target,
        indicator=row.indicator.code if row.indicator else "",
        indicator_label=row.indicator.label if row.indicator else "",
        target_value=row.target_value,
        target_unit=row.target_unit,
        starts_on=row.starts_on,
        due_on=row.due_on,
        parent=LinkContent(row.parent_plan.pk, str(row.parent_uid), row.parent_plan.title) if row.parent_plan else None,
        carried=LinkContent(row.carried_plan.pk, str(row.carried_uid), row.carried_plan.title)
        if row.carried_plan
        else None,
        revision=row.revision,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        **lists,
    )
