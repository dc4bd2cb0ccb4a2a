"""Merging two organisations that are one: every foreign key in the house moves, the old one stays as a signpost."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Organisation
from duikou.kernel import facts
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Stale
from duikou.records.services.audit import record
from duikou.records.services.evidence import evidence_move

_FILLED = ("short_name", "uscc", "industry_id", "address", "website")


def merge_preview(organisation: Organisation) -> list[tuple[str, int]]:
    """What points at `organisation`, by kind of record, with counts; empty kinds are left out."""
    counts = [
        (str(relation.related_model._meta.verbose_name), _pointing(relation, organisation.pk).count())
        for relation in _relations()
    ]
    return [(label, count) for label, count in counts if count]


@transaction.atomic
def organisation_merge(*, actor: Actor, kept_id: int, dropped_id: int, reason: str = "") -> Organisation:
    """Move everything of `dropped` to `kept`, fill what `kept` lacks, and leave `dropped` pointing at it.

    A row that would stand twice (the same person in the same post) is folded into the one that is there: what
    pointed at it follows. Raises `Conflict` for one organisation with itself or one already merged.
    """
    rows = {
        row.pk: row
        for row in Organisation.objects.select_for_update(of=("self",))
        .select_related("region")
        .filter(pk__in=(kept_id, dropped_id))
        .order_by("pk")
    }
    if kept_id == dropped_id:
        raise Conflict(_("不能把主体并入自身。"))
    if len(rows) < 2:
        raise Stale
    kept, dropped = rows[kept_id], rows[dropped_id]
    policies.organisation_merge(actor, kept, dropped).or_raise()
    if kept.merged_into_id is not None or dropped.merged_into_id is not None:
        raise Conflict(_("其中一家主体已经合并过。"))
    if kept.uscc and dropped.uscc and kept.uscc != dropped.uscc:
        raise Conflict(_("两家主体的统一社会信用代码不同，不能合并；请先核对代码。"))
    moved = {_name(relation): count for relation in _relations() if (count := _move(relation, dropped, kept))}
    if files := evidence_move(actor=actor, source=dropped, target=kept):
        moved["records.evidence"] = files
    filled = {name: getattr(dropped, name) for name in _FILLED if getattr(dropped, name) and not getattr(kept, name)}
    for name, value in filled.items():
        setattr(kept, name, value)
    dropped.merged_into = kept
    dropped.version += 1
    dropped.save()
    kept.version += 1
    kept.save()
    record(
        actor=actor,
        action="access.organisation.merged",
        subject=dropped,
        before={"merged_into": None},
        after={"merged_into": kept.pk, "moved": moved},
        reason=reason,
    )
    record(
        actor=actor,
        action="access.organisation.absorbed",
        subject=kept,
        before=dict.fromkeys(filled),
        after={**filled, "absorbed": dropped.pk},
        reason=reason,
    )
    facts.announce("access.organisation.merged", kept_id=kept.pk, dropped_id=dropped.pk)
    return kept


def _relations() -> list[Any]:
    """Every foreign key, one-to-one and many-to-many in the house that points at organisations."""
    return [
        relation
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]


def _name(relation: Any) -> str:
    return f"{relation.related_model._meta.label_lower}.{relation.field.name}"


def _pointing(relation: Any, pk: int) -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = relation.related_model._base_manager.filter(**{relation.field.attname: pk})
    return found


def _move(relation: Any, source: models.Model, target: models.Model) -> int:
    """Point every row of one relation at `target`; returns how many rows moved or were folded."""
    rows = _pointing(relation, source.pk)
    if not _unique_groups(relation):
        return rows.update(**{relation.field.attname: target.pk})
    count = 0
    for row in rows.order_by("pk"):
        count += 1
        twin = _twin(relation, row, target)
        if twin is None:
            rows.filter(pk=row.pk).update(**{relation.field.attname: target.pk})
        else:
            _fold(row, twin)
    return count


def _unique_groups(relation: Any) -> list[tuple[tuple[str, ...], models.Q | None]]:
    """Groups of fields that the database holds unique and in which this foreign key stands, with their conditions."""
    options = relation.related_model._meta
    groups: list[tuple[tuple[str, ...], models.Q | None]] = [(tuple(group), None) for group in options.unique_together]
    if relation.field.unique:
        groups.append(((relation.field.name,), None))
    groups += [
        (tuple(constraint.fields), constraint.condition)
        for constraint in options.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    return [(names, condition) for names, condition in groups if relation.field.name in names]


def _twin(relation: Any, row: Any, target: models.Model) -> Any:
    """The row that is already there where `row` would collide after pointing at `target`; None when it would not."""
    rows = type(row)._base_manager
    for names, condition in _unique_groups(relation):
        held = rows.filter(condition) if condition is not None else rows.all()
        values = {name: getattr(row, row._meta.get_field(name).attname) for name in names}
        values[relation.field.name] = target.pk
        if any(value is None for value in values.values()) or not held.filter(pk=row.pk).exists():
            continue
        found = held.filter(**values).exclude(pk=row.pk).first()
        if found is not None:
            return found
    return None


def _fold(row: models.Model, twin: models.Model) -> None:
    """Move what points at `row` to its twin, then drop `row`, which says nothing that the twin does not."""
    for relation in row._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            _move(relation, row, twin)
    type(row)._base_manager.filter(pk=row.pk).delete()
