"""What a writer wants an entry to be, checked and cleaned before anything is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.kernel.money import LARGEST, Bound, Money
from duikou.kernel.text import clean, clean_name, has_word
from duikou.plans.rules.content import plain_figure
from duikou.plans.states import MoneySource, Side

LONGEST_MEASURE = 10_000
MOST_UNITS = 60
LARGEST_VALUE = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A responsible unit of one side: an organisation of the platform, or only a name."""

    side: str
    name: str
    is_lead: bool = False
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class MoneyDraft:
    """Money of one source in 元; `side` "" when the plan names none."""

    source: str
    amount: Money
    side: str = ""
    bound: str = Bound.EXACT.value


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A promise as its writer wants it; clauses and the indicator by code, the section and parents by uid."""

    title: str
    measure: str = ""
    section: uuid.UUID | None = None
    clauses: tuple[str, ...] = ()
    target: str = ""
    indicator: str = ""
    target_value: Decimal | None = None
    target_unit: str = ""
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    units: tuple[UnitDraft, ...] = ()
    money: tuple[MoneyDraft, ...] = ()
    parent: tuple[int, uuid.UUID] | None = None
    carried: tuple[int, uuid.UUID] | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> EntryDraft:
        """From kept content, to change a field of it with `dataclasses.replace`."""
        return cls(
            title=content["title"],
            measure=content["measure"],
            section=uuid.UUID(content["section"]) if content["section"] else None,
            clauses=tuple(content["clauses"]),
            target=content["target"],
            indicator=content["indicator"],
            target_value=None if content["target_value"] is None else Decimal(content["target_value"]),
            target_unit=content["target_unit"],
            starts_on=_day(content["starts_on"]),
            due_on=_day(content["due_on"]),
            units=tuple(
                UnitDraft(row["side"], row["name"], row["lead"], row["organisation"]) for row in content["units"]
            ),
            money=tuple(
                MoneyDraft(row["source"], Money(row["amount"]), row["side"], row["bound"]) for row in content["money"]
            ),
            parent=_link(content["parent"]),
            carried=_link(content["carried"]),
        )

    def content(self, uid: uuid.UUID, order: int) -> dict[str, Any]:
        """The whole content as revisions keep it: plain values."""
        return {
            "uid": str(uid),
            "order": order,
            "section": str(self.section) if self.section else None,
            "title": self.title,
            "measure": self.measure,
            "clauses": list(self.clauses),
            "target": self.target,
            "indicator": self.indicator,
            "target_value": plain_figure(self.target_value),
            "target_unit": self.target_unit,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "units": [
                {"side": unit.side, "name": unit.name, "lead": unit.is_lead, "organisation": unit.organisation_id}
                for unit in self.units
            ],
            "money": [
                {"source": row.source, "side": row.side, "amount": f"{row.amount:.2f}", "bound": row.bound}
                for row in self.money
            ],
            "parent": _plain_link(self.parent),
            "carried": _plain_link(self.carried),
        }


def checked(draft: EntryDraft) -> EntryDraft:
    """The draft as it is stored; raises `Invalid` by field. An entry may be unfinished, but not contradict itself."""
    faults: dict[str, list[object]] = {}
    found = replace(
        draft,
        title=clean_name(draft.title),
        measure=clean(draft.measure),
        target=clean_name(draft.target),
        target_unit=clean_name(draft.target_unit),
        clauses=tuple(sorted(set(draft.clauses))),
    )
    if not has_word(found.title):
        faults["title"] = [_("请填写事项名称。")]
    for name, limit in (("title", 200), ("measure", LONGEST_MEASURE), ("target", 500), ("target_unit", 20)):
        if len(getattr(found, name)) > limit:
            faults[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if found.starts_on and found.due_on and found.due_on < found.starts_on:
        faults["due_on"] = [_("完成期限不能早于开始日期。")]
    try:
        found = replace(found, target_value=_value(found.target_value))
    except (InvalidOperation, ValueError):
        faults["target_value"] = [_("目标值应为不超过15位整数、4位小数的数字。")]
    found = replace(found, units=_units(found.units, faults), money=_money(found.money, faults))
    if faults:
        raise Invalid(fields=faults)
    return found


def _value(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    exact = value.quantize(Decimal("0.0001")) if value.is_finite() and abs(value) < LARGEST_VALUE else None
    if exact is None or exact != value:
        raise ValueError
    return exact


def _units(units: Sequence[UnitDraft], faults: dict[str, list[object]]) -> tuple[UnitDraft, ...]:
    """Each name once a side, the lead first, at most one lead."""
    found: dict[tuple[str, str], UnitDraft] = {}
    for unit in units:
        name = clean_name(unit.name)
        if unit.side not in Side.values or not has_word(name) or len(name) > 200:
            faults["units"] = [_("责任单位“%(name)s”无法识别。") % {"name": name[:40]}]
            continue
        known = found.get((unit.side, name))
        lead = unit.is_lead or (known is not None and known.is_lead)
        organisation = unit.organisation_id or (known.organisation_id if known else None)
        found[unit.side, name] = UnitDraft(unit.side, name, lead, organisation)
    for side in Side.values:
        if sum(1 for unit in found.values() if unit.side == side and unit.is_lead) > 1:
            faults["units"] = [_("每一侧只能有一个牵头单位。")]
    if len(found) > MOST_UNITS:
        faults["units"] = [_("责任单位最多%(limit)s个。") % {"limit": MOST_UNITS}]
    return tuple(sorted(found.values(), key=lambda unit: (unit.side, not unit.is_lead)))


def _money(rows: Sequence[MoneyDraft], faults: dict[str, list[object]]) -> tuple[MoneyDraft, ...]:
    found: dict[tuple[str, str], MoneyDraft] = {}
    for row in rows:
        if row.source not in MoneySource.values or row.side not in {"", *Side.values} or row.bound not in set(Bound):
            faults["money"] = [_("资金来源无法识别。")]
        elif not 0 <= row.amount <= LARGEST:
            faults["money"] = [_("资金金额超出可接受的范围。")]
        elif (row.source, row.side) in found:
            faults["money"] = [_("同一来源的资金请合并为一行。")]
        else:
            found[row.source, row.side] = row
    return tuple(found[key] for key in sorted(found))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _link(value: Mapping[str, Any] | None) -> tuple[int, uuid.UUID] | None:
    return (int(value["plan"]), uuid.UUID(value["uid"])) if value else None


def _plain_link(link: tuple[int, uuid.UUID] | None) -> dict[str, Any] | None:
    return {"plan": link[0], "uid": str(link[1])} if link else None
