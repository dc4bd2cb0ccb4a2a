"""Lists of projects: what they may be narrowed by, and how many there are."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import DecimalField, Prefetch, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind, Region
from duikou.projects.models import Project, ProjectClause, ProjectParty, ReportedStatistic, StateWording
from duikou.projects.selectors.scope import projects_visible, scope_of
from duikou.projects.selectors.specs import NUMBERS, spec_number
from duikou.projects.selectors.sums import sums_where
from duikou.projects.states import STATE_LABELS, ProjectState, StateGroup, states_of

_NAME_AND_CODE = re.compile(r"[（(]([0-9]{6})[）)]$")
COUNT_LIMIT = 10_000
"""Beyond this a count that no sum answers is told as "more than"."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What narrows a list; everything empty means all. `clause` None with `other_clauses` means clauses of no task.

    `any_clause`: also projects that name the clause among their further ones.
    """

    pairing: Pairing | None = None
    exact_pairing: bool = False
    clause: Clause | None = None
    any_clause: bool = False
    other_clauses: bool = False
    kind: ProjectKind | None = None
    states: tuple[str, ...] = ()
    groups: tuple[StateGroup, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    year_unknown: bool = False
    region: Region | None = None
    text: str = ""
    amount_from: Money | None = None
    amount_to: Money | None = None
    amount_of: str = "planned"
    visibility: str = ""
    source: str = ""
    opinion: str = ""
    industry_id: int | None = None
    organisation_id: int | None = None
    own: tuple[tuple[Mapping[str, Any], str, Any], ...] = ()
    """What the kind's own fields must be: field, "is", "has", "from" or "to", and the value."""

    def cell(self, pairings: list[Pairing]) -> Q:
        """The part that the sums of cells know: pairing with what lies in it, clause with what lies in it, state."""
        condition = Q()
        if self.pairing is not None:
            condition &= Q(pairing_id__in=self._pairing_ids(pairings))
        if self.clause is not None and not self.any_clause:
            condition &= Q(clause_id__in=self._clause_ids(self.clause))
        if self.other_clauses:
            condition &= Q(clause__is_task=False)
        states = set(self.states)
        if self.groups:
            grouped = {state.value for state in states_of(self.groups)}
            states = states & grouped if states else grouped
            condition &= Q(state__in=sorted(states))
        elif states:
            condition &= Q(state__in=sorted(states))
        if self.visibility:
            condition &= Q(visibility=self.visibility)
        return condition

    def _clause_ids(self, clause: Clause) -> list[int]:
        codes = Clause.objects.filter(programme_id=clause.programme_id)
        below = codes.filter(Q(pk=clause.pk) | Q(parent=clause) | Q(parent__parent=clause))
        return list(below.values_list("pk", flat=True))

    def _pairing_ids(self, pairings: list[Pairing]) -> list[int]:
        assert self.pairing is not None  # noqa: S101 - the caller looked
        if self.exact_pairing:
            return [self.pairing.pk]
        wanted = {self.pairing.pk}
        for _depth in range(len(pairings)):
            below = {pairing.pk for pairing in pairings if pairing.parent_id in wanted}
            if below <= wanted:
                break
            wanted |= below
        return sorted(wanted)

    def years(self) -> Q:
        """The part that the sums of years know."""
        condition = Q()
        if self.year_unknown:
            condition &= Q(year__isnull=True)
        if self.year_from is not None:
            condition &= Q(year__gte=self.year_from)
        if self.year_to is not None:
            condition &= Q(year__lte=self.year_to)
        return condition

    def rest(self) -> Q:
        """The part that only the projects themselves know."""
        found: list[Q] = []
        if self.clause is not None and self.any_clause:
            inside = self._clause_ids(self.clause)
            named = ProjectClause.objects.filter(clause_id__in=inside).values("project_id")
            found.append(Q(clause_id__in=inside) | Q(pk__in=named))
        if self.kind is not None:
            found.append(Q(kind=self.kind))
        if self.region is not None:
            places = list(Region.objects.filter(path__startswith=self.region.path).values_list("pk", flat=True)[:5000])
            found.append(Q(first_region_id__in=places) | Q(second_region_id__in=places))
        if self.text.strip():
            found.append(_text(self.text))
        if self.amount_from is not None:
            found.append(Q(**{f"{self.amount_of}_amount__gte": self.amount_from}))
        if self.amount_to is not None:
            found.append(Q(**{f"{self.amount_of}_amount__lte": self.amount_to}))
        if self.source.strip():
            found.append(Q(source_name__icontains=self.source.strip()))
        if self.opinion:
            found.append(Q(opinion=self.opinion))
        if self.industry_id is not None:
            found.append(Q(industry_id=self.industry_id))
        if self.organisation_id is not None:
            mine = ProjectParty.objects.filter(organisation_id=self.organisation_id)
            found.append(Q(pk__in=mine.values("project_id")))
        found += [_own(self.kind, *asked) for asked in self.own if self.kind is not None]
        return Q(*found)


def _own(kind: ProjectKind, spec: Mapping[str, Any], how: str, value: Any) -> Q:
    if spec["type"] in NUMBERS:
        compare = GreaterThanOrEqual if how == "from" else LessThanOrEqual
        return Q(compare(spec_number(kind, spec), Value(value, output_field=DecimalField())))
    name = f"extra__{spec['key']}"
    if how == "has":
        return Q(**{f"{name}__icontains": value})
    return Q(**{f"{name}{'' if how == 'is' else '__gte' if how == 'from' else '__lte'}": value})


def _text(text: str) -> Q:
    words = [key for word in text.split() if (key := near_key(word))]
    if not words:
        return Q(pk__in=[])
    named = Q(*(Q(search_text__contains=word) for word in words))
    exact = [Q(project_code=text.strip().upper())]
    number = text.strip().upper().removeprefix("XM")
    if number.isascii() and number.isdigit() and len(number) <= 12:
        exact.append(Q(pk=int(number)))
    return reduce(or_, exact, named)


def projects_named(*, actor: Actor, text: str, limit: int = 20) -> list[Project]:
    """Visible projects by name, parties, number or project code, the newest first (two queries)."""
    if not text.replace("\x00", "").strip():
        return []
    rows = projects_visible(actor=actor).filter(_text(text.replace("\x00", ""))).select_related("pairing")
    return list(rows.order_by("-id")[:limit])


def list_query(*, actor: Actor, programme: Programme, pairings: list[Pairing], wanted: ListFilter) -> QuerySet[Project]:
    """The visible projects that `wanted` leaves, in no order yet."""
    found = projects_visible(actor=actor, pairings=pairings).filter(programme=programme)
    return found.filter(wanted.cell(pairings), wanted.years(), wanted.rest())


@dataclass(frozen=True, slots=True)
class Count:
    """How many: exact, or "more than `number`"."""

    number: int
    more: bool = False


def list_count(
    *, actor: Actor, programme: Programme, pairings: list[Pairing], wanted: ListFilter, query: QuerySet[Project]
) -> Count:
    """How many rows the list has: from the kept sums when they can say, else counted up to `COUNT_LIMIT`."""
    if scope_of(actor, pairings).nothing:
        return Count(0)
    cell, year = wanted.cell(pairings), wanted.years()
    by_year = bool(year) and not (wanted.clause or wanted.other_clauses or wanted.states or wanted.groups)
    if not wanted.rest() and (by_year or not year):
        sums = sums_where(actor=actor, programme=programme, pairings=pairings, condition=cell & year, by_year=by_year)
        return Count(sums.count)
    found = query.order_by()[: COUNT_LIMIT + 1].count()
    return Count(min(found, COUNT_LIMIT), more=found > COUNT_LIMIT)


def programmes_open() -> list[Programme]:
    """The programmes in force, the real ones first."""
    return list(Programme.objects.all())


def programme_chosen(code: str, programmes: list[Programme]) -> Programme | None:
    """The programme of that code, else the platform's own, else the first; None when none is loaded."""
    known: dict[Any, Programme] = {programme.code: programme for programme in programmes}
    return known.get(code) or known.get(settings.PROGRAMME) or next(iter(programmes), None)


def statistics_visible(*, actor: Actor, programme: Programme, pairings: list[Pairing]) -> QuerySet[ReportedStatistic]:
    """Reported statistics: published facts, for everybody who may browse."""
    if scope_of(actor, pairings).nothing:
        return ReportedStatistic.objects.none()
    return ReportedStatistic.objects.filter(programme=programme).select_related("pairing", "clause")


def wordings() -> list[StateWording]:
    """The table of state wordings, in the order of the lifecycle."""
    order = {state: place for place, state in enumerate(STATE_LABELS)}
    return sorted(
        StateWording.objects.all(), key=lambda row: order.get(ProjectState(row.state), 0) if row.state else 99
    )


def kinds_by_chapter(programme: Programme) -> list[tuple[Clause | None, list[tuple[ProjectKind, Clause | None]]]]:
    """Kinds to choose from under the chapter of the first clause each serves, in the order of the text."""
    kinds = ProjectKind.objects.filter(programme=programme, retired_in=None).order_by("order")
    placed: list[tuple[ProjectKind, Clause | None]] = []
    for kind in kinds.prefetch_related(
        Prefetch("clauses", queryset=Clause.objects.select_related("parent").order_by("order"))
    ):
        placed.append((kind, next(iter(kind.clauses.all()), None)))
    placed.sort(key=lambda pair: pair[1].order if pair[1] else sys.maxsize)
    chapters: dict[Clause | None, list[tuple[ProjectKind, Clause | None]]] = {}
    for kind, clause in placed:
        chapters.setdefault((clause.parent or clause) if clause else None, []).append((kind, clause))
    return list(chapters.items())


def region_text(region: Region) -> str:
    """A region as a form writes it, so that one of two places of the same name comes back as itself."""
    return f"{region.name}（{region.adcode}）"


def region_named(text: str) -> Region | None:
    """A region by its code, its name, full or short, or both as `region_text` writes them (the code decides)."""
    text = text.strip()
    both = _NAME_AND_CODE.search(text)
    if both:
        return Region.objects.filter(adcode=both[1]).first()
    if text.isascii() and text.isdigit():
        return Region.objects.filter(adcode=text[:6]).first()
    found = Region.objects.filter(name=text) | Region.objects.filter(short_name=text)
    return found.order_by("rank", "adcode").first()
