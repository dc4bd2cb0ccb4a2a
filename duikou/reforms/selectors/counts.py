"""How many measures were adopted on a day, recomputed from rows beside what somebody stated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.programme.models import Programme, Region
from duikou.projects.models import Measure, ReportedStatistic
from duikou.projects.selectors.lists import statistics_visible
from duikou.projects.selectors.scope import pairings_of
from duikou.reforms.models import Adoption, CountStatement
from duikou.reforms.rules import Difference
from duikou.reforms.selectors.lists import with_proof
from duikou.reforms.selectors.scope import DONE, adoptions_visible, statements_visible
from duikou.reforms.states import AdoptionState


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are meant: adopted under a programme, in a region or pairing, from an origin, in force on a day."""

    programme: Programme
    as_of: dt.date
    region: Region | None = None
    origin: Region | None = None
    pairing_id: int | None = None

    def rows(self, *, actor: Actor) -> QuerySet[Adoption]:
        """Everything of that place and origin that was ever adopted, whenever."""
        found = adoptions_visible(actor=actor).filter(measure__programme=self.programme, adopted_on__isnull=False)
        if self.region is not None:
            found = found.filter(region__path__startswith=self.region.path)
        if self.origin is not None:
            found = found.filter(measure__origin__path__startswith=self.origin.path)
        if self.pairing_id is not None:
            found = found.filter(Q(pairing=self.pairing_id) | Q(pairing__parent=self.pairing_id))
        return found.filter(state__in=DONE)


def in_force(as_of: dt.date) -> Q:
    """Adopted by the end of the day, and not ended by then."""
    return Q(adopted_on__lte=as_of) & (Q(ended_on__isnull=True) | Q(ended_on__gt=as_of))


@dataclass(frozen=True, slots=True)
class Answer:
    """What rows say: measures (each practice once) and adoptions (each practice once a region), and the difference."""

    measures: int
    adoptions: int
    later: int
    ended: int
    unproved: int

    def beside(self, stated: int) -> Difference:
        """The difference to a stated number."""
        return Difference(stated, self.measures, self.later, self.ended)


def answer(*, actor: Actor, question: Question) -> Answer:
    """Counted from rows now (four queries)."""
    rows = question.rows(actor=actor).order_by()
    here = rows.filter(in_force(question.as_of))
    sums = rows.aggregate(
        measures=Count("measure__lineage", distinct=True, filter=in_force(question.as_of)),
        later=Count("measure__lineage", distinct=True, filter=Q(adopted_on__gt=question.as_of)),
        ended=Count("measure__lineage", distinct=True, filter=Q(ended_on__lte=question.as_of)),
    )
    adoptions = here.values("measure__lineage", "region_id").distinct().count()
    unproved = with_proof(here).filter(has_file=False).count()
    return Answer(sums["measures"], adoptions, sums["later"], sums["ended"], unproved)


def statements_listed(*, actor: Actor, programme: Programme) -> QuerySet[CountStatement]:
    """Stated counts with `counted`, what rows say for the same region, origin and day (one query in all)."""
    rows = _visible(actor).filter(region__path__startswith=OuterRef("region__path"))
    rows = rows.filter(
        Q(adopted_on__lte=OuterRef("as_of")) & (Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("as_of"))),
        measure__programme=OuterRef("programme"),
    )
    anywhere, from_there = (
        _number(rows),
        _number(rows.filter(measure__origin__path__startswith=OuterRef("origin__path"))),
    )
    found = statements_visible(actor=actor).filter(programme=programme).select_related("region", "origin")
    return found.annotate(
        counted=Coalesce(Case(When(origin=None, then=anywhere), default=from_there, output_field=IntegerField()), 0)
    )


def reported_listed(*, actor: Actor, programme: Programme) -> QuerySet[ReportedStatistic]:
    """Published figures of policy items with `counted` beside them: for the same pairing, and for their day or year."""
    rows = _visible(actor).filter(
        Q(pairing=OuterRef("pairing")) | Q(pairing__parent=OuterRef("pairing")),
        measure__programme=OuterRef("programme"),
    )
    by_day = rows.filter(
        Q(adopted_on__lte=OuterRef("as_of")) & (Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("as_of")))
    )
    by_year = rows.filter(
        Q(adopted_on__year__lte=OuterRef("year")) & (Q(ended_on__isnull=True) | Q(ended_on__year__gt=OuterRef("year")))
    )
    found = statistics_visible(actor=actor, programme=programme, pairings=pairings_of(programme))
    return found.filter(measure=Measure.POLICIES, value__isnull=False).annotate(
        counted=Coalesce(
            Case(
                When(as_of__isnull=False, then=_number(by_day)),
                default=_number(by_year),
                output_field=IntegerField(),
            ),
            0,
        )
    )


def _visible(actor: Actor) -> QuerySet[Adoption]:
    return adoptions_visible(actor=actor).filter(state__in=DONE).order_by()


def _number(rows: QuerySet[Adoption]) -> Subquery:
    """Practices among these rows, each once: one group over all of them."""
    one = rows.annotate(all=_nothing()).values("all").annotate(n=Count("measure__lineage", distinct=True))
    return Subquery(one.values("n"), output_field=IntegerField())


def _nothing() -> Case:
    return Case(default=1, output_field=IntegerField())


def statement_visible(*, actor: Actor, statement_id: int) -> CountStatement:
    """One stated count; raises `NotFound`."""
    related = ("region", "origin", "programme")
    found = statements_visible(actor=actor).filter(pk=statement_id).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def reported_visible(*, actor: Actor, statistic_id: int) -> ReportedStatistic:
    """One published figure of policy items; raises `NotFound`."""
    row = ReportedStatistic.objects.select_related("programme", "pairing").filter(pk=statistic_id).first()
    if row is None:
        raise NotFound
    known = statistics_visible(actor=actor, programme=row.programme, pairings=pairings_of(row.programme))
    if not known.filter(pk=row.pk, measure=Measure.POLICIES, value__isnull=False).exists():
        raise NotFound
    return row


def day_of(row: ReportedStatistic) -> dt.date | None:
    """The day for which a published figure holds: as stated, else the last of its year; None where neither is known."""
    if row.as_of is not None:
        return row.as_of
    return dt.date(row.year, 12, 31) if row.year else None


def list_kinds(rows: QuerySet[Adoption], as_of: dt.date) -> dict[str, QuerySet[Adoption]]:
    """The rows behind a number: in force on the day, adopted later, ended before; and all of them in one."""
    return {
        "counted": rows.filter(in_force(as_of)),
        "later": rows.filter(adopted_on__gt=as_of, state=AdoptionState.ADOPTED),
        "ended": rows.filter(ended_on__lte=as_of),
    }
