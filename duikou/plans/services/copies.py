"""Filling a version from another, and the headings a new plan begins with; each in a constant number of statements."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import override

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.plans.models import EntryMoney, EntryUnit, PlanEntry, PlanSection, PlanVersion
from duikou.plans.rules.completeness import DEMANDED_OF, SKELETON_OF
from duikou.plans.services.revisions import GAP, revisions_write
from duikou.plans.states import Part

BATCH = 200


def sections_seed(*, actor: Actor, version: PlanVersion) -> None:
    """The headings that the kind opens with, empty and in their order, in the papers' own language; each with its
    first revision."""
    moment, name = now(), actor.name[:150]
    kind = version.plan.kind
    with override(settings.LANGUAGE_CODE):
        headings = [(part, str(Part(part).label)) for part in DEMANDED_OF[kind]]
    headings += SKELETON_OF.get(kind, ())
    rows = [
        PlanSection(
            uid=uuid.uuid4(),
            version=version,
            part=part,
            order=place * GAP,
            heading=heading,
            changed_at=moment,
            changed_by=name,
        )
        for place, (part, heading) in enumerate(headings, start=1)
    ]
    PlanSection.objects.bulk_create(rows)
    _kept(actor, version, [("section", row.uid, _section(row, ())) for row in rows])


def version_copy(*, actor: Actor, source: PlanVersion, target: PlanVersion) -> None:
    """Everything that `source` says into the empty `target`, under the same uids, with the first revision of each."""
    moment, name = now(), actor.name[:150]
    sections = list(PlanSection.objects.filter(version=source).order_by("order", "id"))
    entries = list(
        PlanEntry.objects.filter(version=source).select_related("indicator", "section").order_by("order", "id")
    )
    section_clauses = _clauses(PlanSection.clauses.through, "plansection", source)
    entry_clauses = _clauses(PlanEntry.clauses.through, "planentry", source)
    units = _by_entry(EntryUnit.objects.filter(entry__version=source).order_by("side", "-is_lead", "order", "id"))
    money = _by_entry(EntryMoney.objects.filter(entry__version=source).order_by("source", "side"))
    sections_old, entries_old = [row.pk for row in sections], [row.pk for row in entries]
    parts_new: list[Any] = [*sections, *entries]
    for row in parts_new:
        row.pk, row.version, row.revision, row.changed_at, row.changed_by = None, target, 1, moment, name
        row._state.adding = True
    PlanSection.objects.bulk_create(sections, batch_size=BATCH)
    new_of = dict(zip(sections_old, sections, strict=True))
    for entry in entries:
        entry.section = new_of[entry.section_id] if entry.section_id else None
    PlanEntry.objects.bulk_create(entries, batch_size=BATCH)
    _link(PlanSection.clauses.through, "plansection", sections_old, sections, section_clauses)
    _link(PlanEntry.clauses.through, "planentry", entries_old, entries, entry_clauses)
    for old, entry in zip(entries_old, entries, strict=True):
        for own in (*units.get(old, ()), *money.get(old, ())):
            own.pk, own.entry = None, entry
            own._state.adding = True
    EntryUnit.objects.bulk_create([row for old in entries_old for row in units.get(old, ())], batch_size=BATCH)
    EntryMoney.objects.bulk_create([row for old in entries_old for row in money.get(old, ())], batch_size=BATCH)
    parts: list[tuple[str, uuid.UUID, Mapping[str, Any]]] = [
        ("section", row.uid, _section(row, [code for _pk, code in section_clauses.get(old, ())]))
        for old, row in zip(sections_old, sections, strict=True)
    ]
    parts += [
        (
            "entry",
            row.uid,
            entry_plain(
                row, [code for _pk, code in entry_clauses.get(old, ())], units.get(old, ()), money.get(old, ())
            ),
        )
        for old, row in zip(entries_old, entries, strict=True)
    ]
    _kept(actor, target, parts)


def entry_plain(
    row: PlanEntry, codes: Sequence[str], units: Sequence[EntryUnit], money: Sequence[EntryMoney]
) -> dict[str, Any]:
    """A stored entry's whole content as revisions keep it, from rows at hand."""
    from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft, checked  # noqa: PLC0415

    draft = EntryDraft(
        title=row.title,
        measure=row.measure,
        section=row.section.uid if row.section else None,
        clauses=tuple(codes),
        target=row.target,
        indicator=row.indicator.code if row.indicator else "",
        target_value=row.target_value,
        target_unit=row.target_unit,
        starts_on=row.starts_on,
        due_on=row.due_on,
        units=tuple(UnitDraft(unit.side, unit.name, unit.is_lead, unit.organisation_id) for unit in units),
        money=tuple(MoneyDraft(one.source, one.amount, one.side, one.bound) for one in money),
        parent=(row.parent_plan_id, row.parent_uid) if row.parent_plan_id and row.parent_uid else None,
        carried=(row.carried_plan_id, row.carried_uid) if row.carried_plan_id and row.carried_uid else None,
    )
    return checked(draft).content(row.uid, row.order)


def _section(row: PlanSection, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "order": row.order,
        "part": row.part,
        "level": row.level,
        "heading": row.heading,
        "body": row.body,
        "clauses": sorted(codes),
    }


def _kept(actor: Actor, version: PlanVersion, parts: Sequence[tuple[str, uuid.UUID, Mapping[str, Any]]]) -> None:
    revisions_write(actor=actor, version=version, parts=parts, first=version.revision + 1)
    version.revision += len(parts)
    version.save(update_fields=["revision"])


def _clauses(through: Any, owner: str, version: PlanVersion) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    rows = through.objects.filter(**{f"{owner}__version": version}).order_by("clause__code")
    for own, pk, code in rows.values_list(f"{owner}_id", "clause_id", "clause__code"):
        found.setdefault(own, []).append((pk, code))
    return found


def _by_entry(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _link(
    through: Any, owner: str, old: Sequence[int], new: Sequence[Any], clauses: Mapping[int, list[tuple[int, str]]]
) -> None:
    through.objects.bulk_create(
        [
            through(**{f"{owner}_id": row.pk, "clause_id": pk})
            for was, row in zip(old, new, strict=True)
            for pk, _code in clauses.get(was, ())
        ],
        batch_size=500,
    )
