"""Any two versions, or any two moments of a draft, beside each other; and who wrote what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from duikou.plans.models import PlanVersion, Revision
from duikou.plans.rules.diff import Piece, Row, authors, pieces, rows

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", "same"
ENTRY_FIELDS = (
    *("title", "measure", "section", "clauses", "target", "indicator", "target_value", "target_unit"),
    *("starts_on", "due_on", "units", "money"),
)


@dataclass(frozen=True, slots=True)
class State:
    """What every part said at one moment: contents in their order."""

    sections: tuple[Mapping[str, Any], ...]
    entries: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section in both: `kind` is added, removed, changed, moved or same; a changed one may have moved too."""

    kind: str
    uid: str
    heading: tuple[Piece, ...]
    rows: tuple[Row, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One promise in both, with the cells that differ: (field, pieces)."""

    kind: str
    uid: str
    title: str
    cells: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs, and what stayed, in the order of the later one."""

    sections: tuple[SectionChange, ...]
    entries: tuple[EntryChange, ...]


def state_at(version: PlanVersion, number: int | None = None) -> State:
    """What `version` said after its revision `number` (None: now), from the kept revisions, in two queries."""
    kept = Revision.objects.filter(version=version)
    if number is not None:
        kept = kept.filter(number__lte=number)
    last = kept.order_by().values("uid").annotate(last=Max("number")).values("last")
    found = list(Revision.objects.filter(version=version, number__in=last).values_list("subject", "content"))
    return State(
        *(
            tuple(sorted((one for kind, one in found if kind == subject and one), key=lambda one: one["order"]))
            for subject in ("section", "entry")
        )
    )


def compare(old: State, new: State) -> Comparison:
    """Texts by character, moved sections by their uid, promises cell by cell."""
    return Comparison(tuple(_sections(old, new)), tuple(_entries(old, new)))


def authorship(*, version_id: int, uid: uuid.UUID) -> list[tuple[str, str, str]]:
    """(paragraph, name, side) of the present text of a section: who last wrote each (one query)."""
    kept = Revision.objects.filter(version=version_id, uid=uid, subject="section").order_by("number")
    history = [
        (content["body"], (name, side))
        for content, name, side in kept.values_list("content", "author_name", "side")
        if content
    ]
    return [(paragraph, name, side) for paragraph, (name, side) in authors(history)]


def _sections(old: State, new: State) -> Iterable[SectionChange]:
    before = {one["uid"]: one for one in old.sections}
    after = {one["uid"] for one in new.sections}
    stayed = [one["uid"] for one in old.sections if one["uid"] in after]
    place = {uid: number for number, uid in enumerate(stayed)}
    common = [one["uid"] for one in new.sections if one["uid"] in before]
    still = _longest_rising([place[uid] for uid in common])
    for one in new.sections:
        uid, was = one["uid"], before.get(one["uid"])
        if was is None:
            yield SectionChange(ADDED, uid, pieces("", one["heading"]), tuple(rows("", one["body"])))
            continue
        moved = place[uid] not in still
        differs = any(was.get(name) != one.get(name) for name in ("heading", "body", "part", "level", "clauses"))
        kind = CHANGED if differs else MOVED if moved else SAME
        told = tuple(rows(was["body"], one["body"]))
        yield SectionChange(kind, uid, pieces(was["heading"], one["heading"]), told, moved)
    for one in old.sections:
        if one["uid"] not in after:
            yield SectionChange(REMOVED, one["uid"], pieces(one["heading"], ""), tuple(rows(one["body"], "")))


def _entries(old: State, new: State) -> Iterable[EntryChange]:
    before = {one["uid"]: one for one in old.entries}
    after = {one["uid"] for one in new.entries}
    names = {one["uid"]: one["heading"] for one in (*old.sections, *new.sections)}
    for one in new.entries:
        was = before.get(one["uid"])
        cells = _cells(was or {}, one, names)
        kind = ADDED if was is None else CHANGED if cells else SAME
        yield EntryChange(kind, one["uid"], one["title"], cells)
    for one in old.entries:
        if one["uid"] not in after:
            yield EntryChange(REMOVED, one["uid"], one["title"], _cells(one, {}, names))


def _cells(
    was: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    return tuple(
        (name, pieces(_said(name, was.get(name), names), _said(name, now.get(name), names)))
        for name in ENTRY_FIELDS
        if was.get(name) != now.get(name)
    )


def _said(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A field's value on lines, as the table shows it."""
    if value is None:
        return ""
    if name == "section":
        return names.get(str(value), str(value))
    if name == "units":
        return "\n".join(f"{unit['name']}{'*' if unit['lead'] else ''}" for unit in value)
    if name == "money":
        return "\n".join(" ".join(str(part) for part in row.values() if part) for row in value)
    return "\n".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _longest_rising(places: list[int]) -> set[int]:
    """The most of `places` that stand in rising order: those did not move, the others did."""
    best: list[list[int]] = []
    for place in places:
        longer = _longest([one for one in best if one[-1] < place])
        best.append([*longer, place])
    return set(_longest(best))


def _longest(found: list[list[int]]) -> list[int]:
    return max(found, key=len) if found else []
