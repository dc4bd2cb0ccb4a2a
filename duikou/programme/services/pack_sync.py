"""Making the rows of one table equal to a pack: add, amend, bring back, retire; never delete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from duikou.programme.models import Programme, ProgrammeVersion
from duikou.records.services.audit import Entry, subject_of


def snapshot(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Plain values of `names`, as the audit trail keeps them."""
    return {name: _plain(getattr(row, name)) for name in names}


def changed(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Only what differs, before and after; (None, all) for something new, (None, None) for no change."""
    if before is None:
        return None, dict(after)
    names = [name for name in after if before.get(name) != after[name]]
    if not names:
        return None, None
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return str(getattr(value, "code", "") or getattr(value, "adcode", "") or value.pk)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


class Sync:
    """One table of one programme against one pack; notes what it changes into `entries`."""

    def __init__(
        self, model: type[models.Model], programme: Programme, version: ProgrammeVersion, entries: list[Entry]
    ) -> None:
        self.model = model
        self.programme = programme
        self.version = version
        self.entries = entries
        manager = model._default_manager
        self.known: dict[str, Any] = {row.code: row for row in manager.filter(programme=programme)}  # type: ignore[attr-defined]

    def rows(
        self, values: Mapping[str, Mapping[str, Any]], *, parents: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Add or amend a row per code (its parent's code in `parents`), retire the rest; returns all by code."""
        before = {code: self._seen(row, values.get(code)) for code, row in self.known.items()}
        new = [code for code in values if code not in self.known]
        for code in new:
            self.known[code] = self.model(programme=self.programme, code=code)
        for code, wanted in values.items():
            for name, value in wanted.items():
                setattr(self.known[code], name, value)
            self.known[code].retired_in = None
        self._save_new(new, parents or {})
        for code, row in self.known.items():
            if code not in values and row.retired_in_id is None:
                row.retired_in = self.version
            if parents is not None and code in values:
                row.parent = self.known.get(parents[code]) if parents[code] else None
        self._save_changed(before, values)
        for code in new:
            self.entries.append(Entry(subject_of(self.known[code]), None, self._seen(self.known[code], values[code])))
        return self.known

    def links(self, name: str, targets: Mapping[str, list[models.Model]]) -> None:
        """Set a many-to-many field of every row; what changes is part of the row's edition in the trail."""
        field = self.model._meta.get_field(name)
        through = field.remote_field.through  # type: ignore[union-attr]
        own, other = field.m2m_field_name() + "_id", field.m2m_reverse_field_name() + "_id"  # type: ignore[union-attr]
        pks = {self.known[code].pk for code in targets}
        had = set(through.objects.filter(**{f"{own}__in": pks}).values_list(own, other))
        want = {(self.known[code].pk, target.pk) for code, found in targets.items() for target in found}
        for mine, theirs in sorted(had - want):
            through.objects.filter(**{own: mine, other: theirs}).delete()
        through.objects.bulk_create(through(**{own: mine, other: theirs}) for mine, theirs in sorted(want - had))
        by_pk = {row.pk: row for row in self.known.values()}
        for pk in sorted({mine for mine, _ in had} & {mine for mine, _ in had ^ want}):
            self.entries.append(
                Entry(
                    subject_of(by_pk[pk]),
                    {name: sorted(theirs for mine, theirs in had if mine == pk)},
                    {name: sorted(theirs for mine, theirs in want if mine == pk)},
                )
            )

    def _seen(self, row: models.Model, wanted: Mapping[str, Any] | None) -> dict[str, Any]:
        names = [*(wanted or ()), "retired_in"]
        if any(field.name == "parent" for field in self.model._meta.concrete_fields):
            names.append("parent")
        return snapshot(row, names)

    def _save_new(self, codes: list[str], parents: Mapping[str, str]) -> None:
        """Insert in layers, so that a parent has its key before its children."""
        waiting = list(codes)
        while waiting:
            layer = [code for code in waiting if parents.get(code, "") not in waiting]
            for code in layer:
                parent = self.known.get(parents.get(code, ""))
                if parent is not None:
                    self.known[code].parent = parent
            self.model._default_manager.bulk_create([self.known[code] for code in layer])
            waiting = [code for code in waiting if code not in layer]

    def _save_changed(self, before: Mapping[str, dict[str, Any]], values: Mapping[str, Mapping[str, Any]]) -> None:
        for code, seen in before.items():
            row = self.known[code]
            old, new = changed(seen, self._seen(row, values.get(code)))
            if new:
                row.save(update_fields=list(new))
                self.entries.append(Entry(subject_of(row), old, new))
