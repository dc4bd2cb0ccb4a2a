"""Writing the table of entries; saving one costs the same in a plan of five hundred."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.plans import policies
from duikou.plans.models import EntryMoney, EntryUnit, PlanEntry, PlanSection, PlanVersion, Revision
from duikou.plans.services.carrying import carried_let_go, carried_mark
from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft, checked
from duikou.plans.services.places import free_place
from duikou.plans.services.revisions import refuse_stale, revision_write, revisions_of, version_hold
from duikou.programme.models import Clause, Indicator

__all__ = [
    "EntryDraft",
    "MoneyDraft",
    "UnitDraft",
    "entry_add",
    "entry_content",
    "entry_move",
    "entry_remove",
    "entry_save",
]
_PLAN = ("plan__programme", "plan__pairing__first_region", "plan__pairing__second_region")
_NOBODY = uuid.UUID(int=0)
_RowId = tuple[str, str, int]


@transaction.atomic
def entry_add(
    *,
    actor: Actor,
    version_id: int,
    draft: EntryDraft,
    after: uuid.UUID | None = None,
    uid: uuid.UUID | None = None,
) -> PlanEntry:
    """Add a promise behind the entry `after` (None: at the end); raises `Invalid` by field.

    `uid` brings a removed entry back: its revisions count on.
    """
    draft = checked(draft)
    version_hold(version_id)
    version = _versions(draft).get(pk=version_id)
    policies.write(actor, version).or_raise()
    _refuse_links(version, draft, {})
    known = _resolved(version.plan.programme_id, {}, draft)
    entry = PlanEntry(
        uid=uid or uuid.uuid4(),
        version=version,
        order=free_place(PlanEntry, version, after=after, at_end=after is None),
        revision=1 if uid is None else revisions_of(version_id, uid) + 1,
    )
    _fill(entry, draft, version, known)
    entry.changed_at, entry.changed_by = now(), actor.name[:150]
    entry.save(force_insert=True)
    _lists(entry, {}, draft, known)
    if draft.carried and entry.carried_plan:
        carried_mark(actor=actor, past=entry.carried_plan, titles={draft.carried[1]: draft.title})
    _kept(actor, entry, "added", None, draft)
    return entry


@transaction.atomic
def entry_save(
    *, actor: Actor, version_id: int, uid: uuid.UUID, revision: int, draft: EntryDraft, proposed_by: str = ""
) -> PlanEntry:
    """Write an entry as `draft` says; `revision` is what the writer had seen (at most twelve statements).

    Raises `Stale` with the present content, `Conflict` when the version is closed, `Invalid` by field. The same
    content again changes nothing.
    """
    draft = checked(draft)
    version_hold(version_id)
    entry, before = _held(version_id, uid, draft)
    policies.write(actor, entry.version).or_raise()
    refuse_stale(entry, revision, before)
    after = draft.content(entry.uid, entry.order)
    if after == before:
        PlanVersion.objects.filter(pk=version_id).update(revision=entry.version.revision - 1)
        return entry
    _refuse_links(entry, draft, before)
    known = _resolved(entry.version.plan.programme_id, before, draft)
    _fill(entry, draft, entry, known)
    _touched(actor, entry)
    _lists(entry, before, draft, known)
    _kept(actor, entry, "saved", before, draft, proposed_by)
    return entry


@transaction.atomic
def entry_move(
    *,
    actor: Actor,
    version_id: int,
    uid: uuid.UUID,
    revision: int,
    after: uuid.UUID | None,
    section: uuid.UUID | None = None,
) -> PlanEntry:
    """Put an entry behind another (None: first) and below `section`."""
    version_hold(version_id)
    entry, before = _held(version_id, uid, EntryDraft("", section=section))
    policies.write(actor, entry.version).or_raise()
    refuse_stale(entry, revision, before)
    if after == uid:
        raise Conflict(_("不能移到它自己之后。"))
    draft = replace(EntryDraft.of(before), section=section)
    _refuse_links(entry, replace(draft, parent=None), before)
    entry.section_id = entry.section_pk  # type: ignore[attr-defined]
    entry.order = free_place(PlanEntry, entry.version, after=after, but=entry.pk)
    _touched(actor, entry)
    _kept(actor, entry, "moved", before, draft)
    return entry


@transaction.atomic
def entry_remove(*, actor: Actor, version_id: int, uid: uuid.UUID, revision: int, reason: str = "") -> None:
    """Take a promise out of the draft; its words stay among the revisions."""
    version_hold(version_id)
    entry, before = _held(version_id, uid, EntryDraft(""))
    policies.write(actor, entry.version).or_raise()
    refuse_stale(entry, revision, before)
    entry.delete()
    if entry.carried_plan_id and entry.carried_uid:
        carried_let_go(actor=actor, links=[(entry.carried_plan_id, entry.carried_uid)])
    revision_write(
        actor=actor,
        version=entry.version,
        subject="entry",
        uid=uid,
        verb="removed",
        before=before,
        after=None,
        label=entry.title,
    )
    announce("plans.version.changed", version_id=version_id, uid=str(uid))


def entry_content(*, version: PlanVersion, uid: uuid.UUID) -> tuple[dict[str, Any], int]:
    """An entry's kept content and its revision, for an editor to start from; raises `NotFound`."""
    entry, content = _held(version.pk, uid, EntryDraft(""))
    return content, entry.revision


def _sight(queryset: QuerySet[Any], version: Any, plan: Any, draft: EntryDraft) -> QuerySet[Any]:
    """Ask beside the row itself what the draft points at: its section, its parent entry."""
    section = PlanSection.objects.filter(version=version, uid=draft.section or _NOBODY).values("pk")[:1]
    plan_id, uid = draft.parent or (0, _NOBODY)
    parents = PlanEntry.objects.filter(version__plan_id=plan_id, uid=uid).exclude(version__plan_id=plan)
    found: QuerySet[Any] = queryset.annotate(section_pk=Subquery(section), parent_there=Exists(parents))
    return found


def _versions(draft: EntryDraft) -> QuerySet[PlanVersion]:
    rows = PlanVersion.objects.select_related(*_PLAN)
    return _sight(rows, OuterRef("pk"), OuterRef("plan_id"), draft)


def _held(version_id: int, uid: uuid.UUID, draft: EntryDraft) -> tuple[PlanEntry, dict[str, Any]]:
    """The row, with its version, plan and regions, and its present content, in one query; raises `NotFound`."""
    last = Revision.objects.filter(version=OuterRef("version"), uid=OuterRef("uid")).order_by("-number")
    rows = PlanEntry.objects.select_related(*(f"version__{name}" for name in _PLAN)).annotate(
        kept=Subquery(last.values("content")[:1])
    )
    entry = (
        _sight(rows, OuterRef("version_id"), OuterRef("version__plan_id"), draft)
        .filter(version_id=version_id, uid=uid)
        .first()
    )
    if entry is None:
        raise NotFound
    return entry, {**entry.kept, "order": entry.order}


def _refuse_links(row: Any, draft: EntryDraft, before: Mapping[str, Any]) -> None:
    faults: dict[str, list[object]] = {}
    if draft.section is not None and row.section_pk is None:
        faults["section"] = [_("这一节已不在本版中，请另选章节。")]
    content = draft.content(_NOBODY, 0)
    if draft.parent is not None and content["parent"] != before.get("parent") and not row.parent_there:
        faults["parent"] = [_("没有找到上级计划中的这个事项。")]
    if faults:
        raise Invalid(fields=faults)


def _resolved(programme_id: int, before: Mapping[str, Any], draft: EntryDraft) -> dict[tuple[str, str], int]:
    """Ids of the clauses, indicator and organisations that the draft adds, in one query; raises `Invalid` by field."""
    clauses = set(draft.clauses) - set(before.get("clauses", ()))
    indicators = {draft.indicator} - {"", before.get("indicator", "")}
    had = {unit["organisation"] for unit in before.get("units", ())}
    bodies = {unit.organisation_id for unit in draft.units if unit.organisation_id is not None} - had
    asked: list[QuerySet[Any, _RowId]] = []
    if clauses:
        asked.append(_ids("clauses", Clause.objects.filter(programme=programme_id, code__in=clauses), "code"))
    if indicators:
        rows = Indicator.objects.filter(programme=programme_id, code__in=indicators)
        asked.append(_ids("indicator", rows, "code"))
    if bodies:
        asked.append(_ids("units", Organisation.objects.filter(pk__in=bodies), "pk"))
    found = {(kind, key): pk for kind, key, pk in asked[0].union(*asked[1:])} if asked else {}
    for kind, keys, words in (
        ("clauses", clauses, _("没有这个条款：%(code)s。")),
        ("indicator", indicators, _("没有这个指标：%(code)s。")),
        ("units", {str(pk) for pk in bodies}, _("没有找到编号为%(code)s的主体。")),
    ):
        if missing := sorted(key for key in keys if (kind, key) not in found):
            raise Invalid(fields={kind: [words % {"code": missing[0][:60]}]})
    return found


def _ids(kind: str, rows: QuerySet[Any], key: str) -> QuerySet[Any, _RowId]:
    text = CharField()
    named = rows.order_by().annotate(of=Value(kind, output_field=text), named=Cast(key, text))
    found: QuerySet[Any, _RowId] = named.values_list("of", "named", "pk")
    return found


def _fill(entry: PlanEntry, draft: EntryDraft, row: Any, known: Mapping[tuple[str, str], int]) -> None:
    entry.section_id = row.section_pk
    for name in ("title", "measure", "target", "target_value", "target_unit", "starts_on", "due_on"):
        setattr(entry, name, getattr(draft, name))
    if not draft.indicator:
        entry.indicator_id = None
    elif ("indicator", draft.indicator) in known:
        entry.indicator_id = known["indicator", draft.indicator]
    entry.parent_plan_id, entry.parent_uid = draft.parent or (None, None)
    entry.carried_plan_id, entry.carried_uid = draft.carried or (None, None)


def _lists(
    entry: PlanEntry, before: Mapping[str, Any], draft: EntryDraft, known: Mapping[tuple[str, str], int]
) -> None:
    """Write the lists that changed, each with at most one delete and one insert."""
    after = draft.content(entry.uid, entry.order)
    through = PlanEntry.clauses.through
    if gone := set(before.get("clauses", ())) - set(draft.clauses):
        through.objects.filter(planentry=entry, clause__code__in=gone).delete()
    if come := [known["clauses", code] for code in draft.clauses if ("clauses", code) in known]:
        through.objects.bulk_create([through(planentry=entry, clause_id=pk) for pk in come])
    if after["units"] != before.get("units", []):
        if before:
            units = EntryUnit.objects.filter(entry=entry)
            units._raw_delete(units.db)
        EntryUnit.objects.bulk_create(unit_rows(entry, draft))
    if after["money"] != before.get("money", []):
        if before:
            money = EntryMoney.objects.filter(entry=entry)
            money._raw_delete(money.db)
        EntryMoney.objects.bulk_create(money_rows(entry, draft))


def unit_rows(entry: PlanEntry, draft: EntryDraft) -> Sequence[EntryUnit]:
    """The rows of both lists, in order."""
    return [
        EntryUnit(
            entry=entry,
            side=unit.side,
            organisation_id=unit.organisation_id,
            name=unit.name,
            is_lead=unit.is_lead,
            order=order,
        )
        for order, unit in enumerate(draft.units)
    ]


def money_rows(entry: PlanEntry, draft: EntryDraft) -> Sequence[EntryMoney]:
    """The rows of the money."""
    found = []
    for row in draft.money:
        amount: Any = row.amount
        found.append(EntryMoney(entry=entry, source=row.source, side=row.side, amount=amount, bound=row.bound))
    return found


def _touched(actor: Actor, entry: PlanEntry) -> None:
    entry.revision += 1
    entry.changed_at, entry.changed_by = now(), actor.name[:150]
    entry.save()


def _kept(
    actor: Actor,
    entry: PlanEntry,
    verb: str,
    before: Mapping[str, Any] | None,
    draft: EntryDraft,
    proposed_by: str = "",
) -> None:
    revision_write(
        actor=actor,
        version=entry.version,
        subject="entry",
        uid=entry.uid,
        verb=verb,
        before=before,
        after=draft.content(entry.uid, entry.order),
        label=entry.title,
        at=entry.changed_at,
        proposed_by=proposed_by,
    )
    announce("plans.version.changed", version_id=entry.version.pk, uid=str(entry.uid))
