"""What rows of cooperation records are resolved against: clauses, places, pairings, kinds, wordings. Loaded once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Problem
from duikou.kernel.actor import Actor
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Industry, Pairing, Programme, ProjectKind, Region
from duikou.programme.selectors.clauses import clause_index
from duikou.programme.selectors.pairing_names import pairing_index
from duikou.programme.selectors.regions import region_index
from duikou.projects import policies
from duikou.projects.services.import_kinds import KindWords
from duikou.projects.services.wordings import wording_states
from duikou.projects.states import Side


@dataclass(slots=True)
class Place:
    """Where a row belongs, and what is wrong with it."""

    pairing: Pairing | None = None
    first: Region | None = None
    second: Region | None = None
    root_id: int = 0
    problems: tuple[Problem, ...] = ()
    allowed: str = ""
    side: str = Side.NONE.value
    ids: dict[str, int | None] = field(default_factory=dict)
    """Pairing, first and second place by their ids; empty where the row belongs nowhere."""


class World:
    """What rows are resolved against, loaded once; every written text is resolved once."""

    def __init__(self, actor: Actor, programme: Programme) -> None:
        self.actor = actor
        self.programme = programme
        self._clauses = clause_index(programme)
        self._regions = region_index()
        self._pairings = pairing_index(programme)
        self.roots = {pairing.pk: pairing.root.pk for pairing in self._pairings.pairings}
        self.by_pk = {pairing.pk: pairing for pairing in self._pairings.pairings}
        self.wordings = wording_states()
        self._industries = {i.code: i.pk for i in Industry.objects.all()}
        self._industries |= {near_key(i.name): i.pk for i in Industry.objects.all()}
        self.kinds = KindWords(
            ProjectKind.objects.filter(programme=programme, retired_in=None).prefetch_related("clauses")
        )
        self._known: dict[tuple[str, ...], Any] = {}

    def _once(self, *key: str, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[key] = make()
        return self._known[key]

    def clause(self, text: str) -> tuple[Clause | None, str]:
        """A clause, or why there is none."""
        return self._once("c", text, make=lambda: self._clause(text))  # type: ignore[no-any-return]

    def _clause(self, text: str) -> tuple[Clause | None, str]:
        found = self._clauses.resolve(text)
        if found.clause is not None:
            return found.clause, ""
        if found.candidates:
            names = _("、").join(f"{clause.code} {clause.title}" for clause in found.candidates[:4])
            return None, _("“%(text)s”可能是：%(names)s，请写明条款编号。") % {"text": text[:40], "names": names}
        return None, _("方案中没有条款“%(text)s”。") % {"text": text[:40]}

    def industry(self, text: str) -> int | None:
        """An industry by code or name."""
        return self._industries.get(text.strip().upper()) or self._industries.get(near_key(text))

    def place(self, pairing: str, first: str, second: str) -> Place:
        """Pairing and regions of a row, its sides put in the pairing's order."""
        return self._once("p", pairing, first, second, make=lambda: self._place(pairing, first, second))  # type: ignore[no-any-return]

    def _place(self, pairing_text: str, first_text: str, second_text: str) -> Place:
        problems: list[Problem] = []
        named = self._pairings.resolve(pairing_text) if pairing_text else None
        hint = named.pairing if named else None
        first = self._region(first_text, "first", hint, problems)
        second = self._region(second_text, "second", hint, problems)
        unknown = named is not None and named.pairing is None
        pairing = None if unknown else self._pairing(hint, first, second)
        if pairing is None and not (pairing_text or first_text or second_text):
            missing = _("必填：结对，或两侧的地区，至少填一处。")
            return Place(problems=(Problem("pairing", "missing", missing),))
        if pairing is None:
            text = pairing_text or f"{first_text}-{second_text}"
            key = "pairing" if pairing_text else "first"
            problems.append(Problem(key, "pairing", _("方案中没有对口关系“%(text)s”。") % {"text": text[:40]}))
            return Place(problems=tuple(problems))
        first, second = _in_order(pairing, first, second)
        for key, region, side in (
            ("first", first, pairing.first_region),
            ("second", second, pairing.second_region),
        ):
            if region is not None and side is not None and not side.covers(region):
                reason = _("%(region)s不属于“%(pairing)s”的%(side)s。") % {
                    "region": region.name,
                    "pairing": pairing.name,
                    "side": side.name,
                }
                problems.append(Problem(key, "region_outside", reason))
        first, second = first or pairing.first_region, second or pairing.second_region
        verdict = policies.create(self.actor, first, second)
        ids = {"pairing": pairing.pk, "first": first.pk, "second": second.pk if second else None} if first else {}
        return Place(
            pairing,
            first,
            second,
            self.roots[pairing.pk],
            tuple(problems),
            "" if verdict else str(verdict.reason),
            policies.side_of(self.actor, first, second).value,
            ids,
        )

    def _region(self, text: str, key: str, pairing: Pairing | None, problems: list[Problem]) -> Region | None:
        if not text:
            return None
        found = self._regions.resolve(text)
        if found.region is None and found.candidates and pairing is not None:
            sides = [side for side in (pairing.first_region, pairing.second_region) if side is not None]
            inside = [region for region in found.candidates if any(side.covers(region) for side in sides)]
            if len(inside) == 1:
                return inside[0]
        if found.region is None:
            reason = (_("地名“%(text)s”有重名，请写全称。") if found.candidates else _("没有找到地区“%(text)s”。")) % {
                "text": text[:40]
            }
            problems.append(Problem(key, "region", reason))
        return found.region

    def _pairing(self, named: Pairing | None, first: Region | None, second: Region | None) -> Pairing | None:
        """The named pairing, or the one below it that the two places make; without a name, that of the places."""
        if first is None or second is None:
            return named
        nearest = self._pairings.of_sides(first, second).pairing
        if named is None:
            return nearest
        return nearest if nearest is not None and self.roots[nearest.pk] == self.roots[named.pk] else named


def _in_order(pairing: Pairing, first: Region | None, second: Region | None) -> tuple[Region | None, Region | None]:
    one, two = pairing.first_region, pairing.second_region
    turned = (first is None or (two is not None and two.covers(first))) and (second is None or one.covers(second))
    if turned and (first is not None or second is not None) and not (first is not None and one.covers(first)):
        return second, first
    return first, second
