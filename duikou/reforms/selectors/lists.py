"""The lists of measures and adoptions, what they may be narrowed by, and what stands around one on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce

from duikou.access.models import Organisation
from duikou.access.selectors.organisations import organisations_visible
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.text import clean, near_key
from duikou.programme.models import Clause, Pairing, Programme, Region, Topic
from duikou.records.models import Evidence
from duikou.reforms.models import Adoption, EffectFigure, EffectReport, ReformMeasure, Talk
from duikou.reforms.selectors.places import Places
from duikou.reforms.selectors.scope import adoptions_visible, measures_visible, threads_visible
from duikou.reforms.states import OPEN_STATES, AdoptionState, MeasureState

MOST_BODIES = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows measures and the adoptions of them; everything empty means all.

    `pairing` with what lies in it; `clause` with what lies in it; `year` that of publication.
    """

    programme: Programme
    side: str = ""
    topic: Topic | None = None
    clause: Clause | None = None
    pairing: Pairing | None = None
    origin: Region | None = None
    year: int | None = None
    text: str = ""

    def measures(self, at: str = "") -> Q:
        """The condition on measures, or on rows that reach them by `at` ("measure__")."""
        found = Q(**{f"{at}programme": self.programme})
        if self.side:
            found &= Q(**{f"{at}side": self.side})
        if self.topic is not None:
            found &= Q(**{f"{at}topic": self.topic})
        if self.clause is not None:
            named = ReformMeasure.clauses.through.objects.filter(clause_id__in=_below(self.clause))
            found &= Q(**{f"{at}pk__in": named.values("reformmeasure_id")})
        if self.origin is not None:
            found &= Q(**{f"{at}origin__path__startswith": self.origin.path})
        if self.year is not None:
            found &= Q(**{f"{at}published_on__year": self.year})
        if self.text.strip():
            found &= words_in(self.text, at)
        if self.pairing is not None and not at:
            sides = [one for one in (self.pairing.first_region, self.pairing.second_region) if one is not None]
            reached = Q()
            for side in sides:
                reached |= Q(origin__path__startswith=side.path)
            found &= reached
        return found

    def adoptions(self) -> Q:
        """The condition on adoptions."""
        found = self.measures("measure__")
        if self.pairing is not None:
            found &= Q(pairing=self.pairing) | Q(pairing__parent=self.pairing)
        return found


def _below(clause: Clause) -> list[int]:
    rows = Clause.objects.filter(programme_id=clause.programme_id)
    below = rows.filter(Q(pk=clause.pk) | Q(parent=clause) | Q(parent__parent=clause))
    return list(below.values_list("pk", flat=True))


def words_in(text: str, at: str = "") -> Q:
    """Every word in the title or the document, or the 文号 as written."""
    found = Q()
    for word in clean(text).split():
        key = near_key(word) or word
        found &= (
            Q(**{f"{at}near_key__contains": key})
            | Q(**{f"{at}number_key__contains": key})
            | Q(**{f"{at}document_title__icontains": word})
            | Q(**{f"{at}issuer_name__icontains": word})
        )
    return found


def measures_listed(*, actor: Actor) -> QuerySet[ReformMeasure]:
    """Visible measures with how many regions adopted them and how many are at it, as far as the viewer may know."""
    rows = adoptions_visible(actor=actor).filter(measure=OuterRef("pk")).order_by()

    def count(*states: str) -> Coalesce:
        numbers = rows.filter(state__in=states).values("measure").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(numbers), 0)

    found = measures_visible(actor=actor).select_related("topic", "origin", "issuer", "owner")
    return found.defer("summary", "needs").annotate(
        adopted=count(AdoptionState.ADOPTED.value), working=count(*OPEN_STATES)
    )


def with_clauses(rows: list[ReformMeasure]) -> list[ReformMeasure]:
    """The same rows with their clauses at hand (one query)."""
    prefetch_related_objects(rows, Prefetch("clauses", queryset=Clause.objects.order_by("order")))
    return rows


def chunks_with_clauses(chunks: Iterable[list[ReformMeasure]]) -> Iterator[list[ReformMeasure]]:
    """For exports: each piece with its clauses."""
    return (with_clauses(rows) for rows in chunks)


def undecided(*, actor: Actor, places: Places) -> Any:
    """The condition on published measures of the other side about which one of the actor's regions said nothing."""
    found: Any = Q(pk__in=[])
    for region in places.acted_for(actor):
        side = places.side_of(region)
        said = Adoption.objects.filter(measure=OuterRef("pk"), region=region)
        found |= Q(state=MeasureState.PUBLISHED.value) & ~Q(side=side) & ~Exists(said)
    return found


def adoptions_listed(*, actor: Actor) -> QuerySet[Adoption]:
    """Visible adoptions with measure, places, unit, and whether a file proves them (`has_file`)."""
    related = ("measure__origin", "measure__topic", "region", "pairing", "unit")
    return with_proof(adoptions_visible(actor=actor)).select_related(*related)


def with_proof(rows: QuerySet[Adoption]) -> QuerySet[Any]:
    """The rows with `has_file`: whether any file was brought for them."""
    key = Cast(OuterRef("pk"), CharField())
    files = Evidence.objects.filter(subject_kind=Adoption._meta.label_lower, subject_id=key)
    return rows.annotate(has_file=Exists(files))


def late() -> Q:
    """Adaptations whose planned day has passed."""
    return Q(state=AdoptionState.ADAPTING.value, planned_on__lt=today())


def adoptions_of(*, actor: Actor, measure: ReformMeasure) -> dict[int, Adoption]:
    """Region id → what it makes of this measure, as far as the viewer may know (one query)."""
    rows = adoptions_visible(actor=actor).filter(measure=measure).select_related("region", "unit")
    return {row.region_id: row for row in rows}


def effects_of(adoption: Adoption) -> list[EffectReport]:
    """The reports of an adoption, newest day first, with figures and corrections (two queries)."""
    rows = EffectReport.objects.filter(adoption=adoption).select_related("corrects", "corrected_by")
    return list(rows.prefetch_related(Prefetch("figures", queryset=EffectFigure.objects.order_by("order"))))


def threads_of(*, actor: Actor, measure: ReformMeasure) -> list[Talk]:
    """Threads of a measure that the viewer may know of, oldest first, with their replies (two queries)."""
    rows = threads_visible(actor=actor).filter(measure=measure).select_related("region").order_by("id")
    replies = Prefetch("replies", queryset=Talk.objects.select_related("region").order_by("id"))
    return list(rows.prefetch_related(replies))


def bodies_of(*, actor: Actor, region: Region) -> list[Organisation]:
    """Organisations of a place that the actor may name, by name (one query, ≤ 500)."""
    rows = organisations_visible(actor=actor).filter(region__path__startswith=region.path)
    return list(rows.order_by("name", "id")[:MOST_BODIES])


def successors_of(*, measure: ReformMeasure) -> list[ReformMeasure]:
    """Published measures of the same origin that may take its place (one query, ≤ 500)."""
    rows = ReformMeasure.objects.filter(origin_id=measure.origin_id, state=MeasureState.PUBLISHED)
    return list(rows.exclude(pk=measure.pk).order_by("-published_on", "-id")[:MOST_BODIES])


def years_of(rows: QuerySet[Any], field: str) -> list[int]:
    """The years that occur in a date field, newest first (one query)."""
    return [day.year for day in rows.order_by().dates(field, "year", order="DESC")]
