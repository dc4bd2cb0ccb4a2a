"""What a version says, as values, and the one way to write it down so that a digest means something.

The canonical form (`FORMAT`) is UTF-8 JSON: keys sorted, no spaces, nothing escaped that need not be, texts in NFC,
dates as ISO, figures without trailing zeros, money in 元 with two decimals. It names things by what outlives a database
(codes, uids, names as written) and by position, never by row number, label or language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from duikou.kernel.canonical import written

FORMAT = "duikou-plan-1"


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause: its code, and its title in the reader's language."""

    code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class UnitContent:
    """A responsible unit of one side; `organisation_id` where the platform knows it."""

    side: str
    name: str
    is_lead: bool = False
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class MoneyContent:
    """Money of one source in 元, exact to the 分; `side` "" where neither is named."""

    source: str
    side: str
    amount: Decimal
    bound: str


@dataclass(frozen=True, slots=True)
class LinkContent:
    """An entry of another plan that this one comes from."""

    plan_id: int
    uid: str
    plan_title: str = ""


@dataclass(frozen=True, slots=True)
class SectionContent:
    """One heading and the safe HTML below it."""

    uid: str
    part: str
    order: int
    level: int
    heading: str
    body: str
    clauses: tuple[ClauseRef, ...] = ()
    revision: int = 1
    changed_by: str = ""
    changed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryContent:
    """One promise; `number` is its place in the table, from 1."""

    uid: str
    number: int
    order: int
    title: str
    measure: str = ""
    section: str | None = None
    clauses: tuple[ClauseRef, ...] = ()
    target: str = ""
    indicator: str = ""
    indicator_label: str = ""
    target_value: Decimal | None = None
    target_unit: str = ""
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    first_units: tuple[UnitContent, ...] = ()
    second_units: tuple[UnitContent, ...] = ()
    money: tuple[MoneyContent, ...] = ()
    parent: LinkContent | None = None
    carried: LinkContent | None = None
    revision: int = 1
    changed_by: str = ""
    changed_at: dt.datetime | None = None

    @property
    def units(self) -> tuple[UnitContent, ...]:
        """Both lists, the first side's first."""
        return self.first_units + self.second_units


@dataclass(frozen=True, slots=True)
class PlanContent:
    """Everything that one version says; labels are in the reader's language and no part of the canonical form."""

    plan_id: int
    version_id: int
    programme: str
    pairing: str
    kind: str
    title: str
    field: str
    year: int | None
    starts_on: dt.date
    ends_on: dt.date
    number: int
    unserved: tuple[tuple[str, str], ...]
    sections: tuple[SectionContent, ...]
    entries: tuple[EntryContent, ...]
    programme_label: str = ""
    pairing_label: str = ""
    first_label: str = ""
    second_label: str = ""
    kind_label: str = ""
    state: str = ""
    revision: int = 0
    digest: str = ""
    document_number: str = ""

    def entries_of(self, section: str | None) -> tuple[EntryContent, ...]:
        """The entries below a heading (None: below none)."""
        return tuple(entry for entry in self.entries if entry.section == section)


def plain_figure(value: Decimal | None) -> str | None:
    """A figure as digits only, without trailing zeros: the same for 12.50 and 12.5000."""
    if value is None:
        return None
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def plain_section(section: SectionContent) -> dict[str, Any]:
    """What is signed of a section."""
    return {
        "uid": section.uid,
        "part": section.part,
        "level": section.level,
        "heading": section.heading,
        "body": section.body,
        "clauses": sorted(clause.code for clause in section.clauses),
    }


def plain_entry(entry: EntryContent) -> dict[str, Any]:
    """What is signed of an entry."""
    return {
        "uid": entry.uid,
        "section": entry.section,
        "title": entry.title,
        "measure": entry.measure,
        "clauses": sorted(clause.code for clause in entry.clauses),
        "target": entry.target,
        "indicator": entry.indicator,
        "target_value": plain_figure(entry.target_value),
        "target_unit": entry.target_unit,
        "starts_on": _iso(entry.starts_on),
        "due_on": _iso(entry.due_on),
        "units": {
            side: [{"name": unit.name, "lead": unit.is_lead} for unit in units]
            for side, units in (("first", entry.first_units), ("second", entry.second_units))
        },
        "money": [
            {"source": row.source, "side": row.side, "amount": f"{row.amount:.2f}", "bound": row.bound}
            for row in sorted(entry.money, key=lambda row: (row.source, row.side))
        ],
        "parent": entry.parent.uid if entry.parent else None,
        "carried": entry.carried.uid if entry.carried else None,
    }


def plain(content: PlanContent) -> dict[str, Any]:
    """What is signed, as plain values."""
    return {
        "format": FORMAT,
        "programme": content.programme,
        "pairing": content.pairing,
        "kind": content.kind,
        "title": content.title,
        "field": content.field,
        "year": content.year,
        "starts_on": _iso(content.starts_on),
        "ends_on": _iso(content.ends_on),
        "version": content.number,
        "unserved": dict(content.unserved),
        "sections": [plain_section(section) for section in content.sections],
        "entries": [plain_entry(entry) for entry in content.entries],
    }


def canonical(content: PlanContent) -> bytes:
    """The canonical form: the same bytes on every machine, database and in every language."""
    return written(plain(content))


def renamed(value: Any, codes: Mapping[str, str]) -> Any:
    """A canonical form read back, with clause codes as they are called today (a later edition may have moved them)."""
    if isinstance(value, dict):
        return {
            name: sorted(codes.get(code, code) for code in inner)
            if name == "clauses"
            else {codes.get(code, code): text for code, text in inner.items()}
            if name == "unserved"
            else codes.get(inner, inner)
            if name == "field"
            else renamed(inner, codes)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [renamed(inner, codes) for inner in value]
    return value


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
