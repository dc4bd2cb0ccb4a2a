"""A promise as tables and texts of offices write it, turned into a draft: clauses, sections, units, dates, money."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Problem, Severity
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Money
from duikou.kernel.periods import Period, days_of
from duikou.kernel.text import near_key
from duikou.plans.models import PlanVersion
from duikou.plans.rules.content import PlanContent
from duikou.plans.rules.units import SideNames, read_list, read_sides
from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft, checked
from duikou.plans.services.entry_money import money_read
from duikou.plans.services.entry_table import MONEY, names_of
from duikou.programme.models import Indicator, Programme
from duikou.programme.selectors.clauses import clause_index

_FIGURE = re.compile(r"([+-]?[\d,，]*\.?\d+)\s*(%|[^\d\s.,，]{0,20})")
_NEVER = ("长期", "持续", "常态", "全程", "适时", "按需")
_KEYS_OF = {"units": ("units", "first_units", "second_units")}
"""Columns at which a fault of a field is shown, the first that the row fills."""


@dataclass(slots=True)
class Said:
    """What a row or paragraph says of a promise: the draft, which fields it states, what is wrong or worth saying."""

    draft: EntryDraft
    given: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, key: str, code: str, reason: str, severity: Severity = Severity.ERROR) -> None:
        """Add a finding."""
        self.problems.append(Problem(key, code, reason, severity))


def merged(present: EntryDraft, said: EntryDraft, given: Mapping[str, Any] | set[str] | list[str]) -> EntryDraft:
    """The present promise with the fields that were stated anew; known organisations stay linked by name."""
    known = {(unit.side, unit.name): unit.organisation_id for unit in present.units}
    changes = {name: getattr(said, name) for name in given if name not in {"first", "second"}}
    units = [unit for unit in present.units if unit.side not in given]
    units += [
        dataclasses.replace(unit, organisation_id=known.get((unit.side, unit.name)) or unit.organisation_id)
        for unit in said.units
        if unit.side in given
    ]
    return dataclasses.replace(present, **changes, units=tuple(units))


class EntryReader:
    """Resolves what rows name against one plan; everything is loaded once."""

    def __init__(self, programme: Programme, names: SideNames, year: int | None, sections: Mapping[str, str]) -> None:
        self.names, self.year = names, year
        self._clauses = clause_index(programme)
        self._sections: dict[str, list[str]] = {}
        for uid, heading in sections.items():
            self._sections.setdefault(near_key(heading), []).append(uid)
        rows = Indicator.objects.filter(programme=programme, retired_in=None).order_by("order")
        self._indicators = {key: row for row in rows for key in map(near_key, (row.code, row.title, row.title_en))}

    @classmethod
    def of(cls, version: PlanVersion, content: PlanContent) -> EntryReader:
        """For a version whose content is at hand."""
        sections = {section.uid: section.heading for section in content.sections}
        return cls(version.plan.programme, names_of(version), content.year, sections)

    def read(self, values: Mapping[str, Any]) -> Said:
        """What the values of a row say; a field that is None says nothing."""
        said = Said(EntryDraft(values.get("title") or ""))
        facts: dict[str, Any] = {}
        for name in ("title", "measure", "target", "target_unit"):
            if values.get(name) is not None:
                facts[name] = values[name]
        self._clause_codes(said, values, facts)
        self._section(said, values, facts)
        self._target(said, values, facts)
        self._days(said, values, facts)
        said.given |= facts.keys()
        units = self._units(said, values)
        if money := self._money(said, values):
            facts["money"] = money
            said.given.add("money")
        said.draft = EntryDraft(**{"title": "", **facts}, units=units)
        self._checked(said, values)
        return said

    def clauses(self, text: str) -> tuple[tuple[str, ...], str]:
        """The codes of the clauses that a text names, and why not ("" when all are known)."""
        whole = self._clauses.resolve(text)
        if whole.clause is not None and not re.search(r"[;；\n]", text):
            return (whole.clause.code,), ""
        for parts in (re.split(r"[;；\n]+", text), re.split(r"[;；\n、,，]+", text)):
            found = [self._clauses.resolve(part) for part in parts if part.strip()]
            if found and all(match.clause for match in found):
                return tuple(dict.fromkeys(match.clause.code for match in found if match.clause)), ""
        if whole.candidates:
            names = _("、").join(f"{clause.code} {clause.title}" for clause in whole.candidates[:4])
            return (), _("“%(text)s”可能是：%(names)s，请写明条款编号。") % {"text": text[:40], "names": names}
        return (), _("方案中没有条款“%(text)s”。") % {"text": text[:40]}

    def candidates(self, text: str) -> tuple[str, ...]:
        """Codes of the clauses that a heading may mean, the surest alone."""
        found = self._clauses.resolve(text)
        return (found.clause.code,) if found.clause else tuple(clause.code for clause in found.candidates[:4])

    def indicator(self, text: str) -> Indicator | None:
        """An indicator by its code or title."""
        return self._indicators.get(near_key(text))

    def _clause_codes(self, said: Said, values: Mapping[str, Any], facts: dict[str, Any]) -> None:
        if text := values.get("clauses"):
            codes, why = self.clauses(text)
            facts["clauses"] = codes
            if why:
                said.fault("clauses", "clause", why)

    def _section(self, said: Said, values: Mapping[str, Any], facts: dict[str, Any]) -> None:
        text = values.get("section")
        if not text:
            return
        found = self._sections.get(near_key(text), [])
        if found:
            facts["section"] = uuid.UUID(found[0])
            if len(found) > 1:
                reason = _("有%(count)d个章节叫“%(name)s”，归入第一个。") % {"count": len(found), "name": text[:40]}
                said.fault("section", "section_twice", reason, Severity.WARNING)
        else:
            reason = _("计划中没有章节“%(name)s”，这一事项不归入章节。") % {"name": text[:40]}
            said.fault("section", "section", reason, Severity.WARNING)

    def _target(self, said: Said, values: Mapping[str, Any], facts: dict[str, Any]) -> None:
        if text := values.get("indicator"):
            found = self.indicator(text)
            if found is None:
                said.fault("indicator", "indicator", _("方案中没有指标“%(text)s”。") % {"text": text[:40]})
            else:
                facts["indicator"] = found.code
                if values.get("target_value") is not None and not values.get("target_unit"):
                    facts["target_unit"] = found.unit
        text = values.get("target_value")
        if not text:
            return
        number = _FIGURE.fullmatch(text)
        if number is None:
            said.fault("target_value", "figure", _("目标值应为数字，如 5 或 85%；“不少于”等写在“目标”一栏。"))
            return
        try:
            facts["target_value"] = Decimal(re.sub("[,，]", "", number[1]))
        except InvalidOperation:
            said.fault("target_value", "figure", _("目标值应为不超过15位整数、4位小数的数字。"))
            return
        if number[2] and not values.get("target_unit"):
            facts["target_unit"] = number[2]

    def _days(self, said: Said, values: Mapping[str, Any], facts: dict[str, Any]) -> None:
        starts, due = self._day(said, values, "starts_on"), self._day(said, values, "due_on")
        if due is not None:
            facts["due_on"] = due.last
            if due.first.year != due.last.year and not values.get("starts_on"):
                facts["starts_on"] = due.first
        if starts is not None:
            facts["starts_on"] = starts.first

    def _day(self, said: Said, values: Mapping[str, Any], key: str) -> Period | None:
        text = values.get(key)
        if not text:
            return None
        found = days_of(text, self.year)
        if found is None and any(word in text for word in _NEVER):
            said.fault(key, "no_day", _("“%(text)s”不是日期，没有登记期限。") % {"text": text[:40]}, Severity.WARNING)
        elif found is None:
            said.fault(key, "day", _("日期应写作 2019-05-09，也可写 2019年5月、2019年上半年、2019年底。"))
        return found

    def _units(self, said: Said, values: Mapping[str, Any]) -> tuple[UnitDraft, ...]:
        texts = {side: [values[f"{side}_{key}"] for key in ("units",) if values.get(f"{side}_{key}")] for side in SIDES}
        if both := values.get("units"):
            first, second, rest = read_sides(both, self.names)
            texts["first"] += [first] if first else []
            texts["second"] += [second] if second else []
            if rest:
                reason = _("没有认出“%(text)s”属于哪一方，没有登记；请写“%(first)s：…；%(second)s：…”。") % {
                    "text": rest[:60],
                    "first": self.names.first,
                    "second": self.names.second,
                }
                said.fault("units", "units_side", reason, Severity.WARNING)
        found: list[UnitDraft] = []
        for side in SIDES:
            lead = values.get(f"{side}_lead")
            text = "；".join(
                [*([f"牵头单位：{lead}；配合单位：" if texts[side] else f"牵头单位：{lead}"] if lead else [])]
            )
            units, more = read_list(text + "；".join(texts[side]))
            if units:
                said.given.add(side)
                found += [UnitDraft(side, unit.name, unit.is_lead) for unit in units]
            if more:
                reason = _("每一侧只能有一个牵头单位：以第一个为牵头，其余登记为责任单位。")
                said.fault(f"{side}_units", "leads", reason, Severity.WARNING)
        return tuple(found)

    def _money(self, said: Said, values: Mapping[str, Any]) -> tuple[MoneyDraft, ...]:
        found: list[MoneyDraft] = []
        if text := values.get("money"):
            try:
                found += money_read(text, self.names)
            except Invalid as bad:
                said.fault("money", "money", bad.message)
        for key, (source, side) in MONEY.items():
            if values.get(key):
                cents, bound = values[key]
                found.append(MoneyDraft(source.value, Money.from_cents(cents), side, bound))
        return tuple(found)

    def _checked(self, said: Said, values: Mapping[str, Any]) -> None:
        """What the promise itself refuses, at the columns of the row."""
        try:
            said.draft = checked(said.draft)
        except Invalid as bad:
            known = {problem.key for problem in said.problems}
            for name, texts in bad.fields.items():
                key = next((one for one in _KEYS_OF.get(name, (name,)) if values.get(one)), "")
                if name not in known and not (name == "title" and values.get("title") is None):
                    said.fault(key, name, texts[0])


SIDES = ("first", "second")
