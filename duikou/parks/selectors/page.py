"""What a park's page and forms list beside its totals; the park itself was judged visible before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from duikou.kernel.actor import Actor
from duikou.parks.models import Agreed, AgreedLine, AgreedSplit, OfficialFigure, Park, ParkAgreement, Resident
from duikou.parks.rules.spans import Span
from duikou.parks.selectors.scope import RELATED, parks_visible, residents_visible
from duikou.parks.states import OPEN_REVIEW, SETTLED, ReviewState
from duikou.projects.models import Project

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Move:
    """A company coming, starting or leaving; `what`: in, produced, out."""

    day: dt.date
    what: str
    resident: Resident


@dataclass(frozen=True, slots=True)
class SpanWaiting:
    """Open rows of a span."""

    span: Span
    drafts: int
    submitted: int


def parks_listed(*, actor: Actor) -> QuerySet[Park]:
    """Visible parks with what a list names and how many companies are settled in each."""
    settled = Count("residents", filter=Q(residents__state__in=SETTLED))
    return parks_visible(actor=actor).select_related(*RELATED).annotate(settled_count=settled)


def park_of_project(*, actor: Actor, project: Project) -> Park | None:
    """The project's park, when the viewer may know of it."""
    return parks_visible(actor=actor).select_related(*RELATED).filter(project=project).first()


def managers_of(project: Project) -> list[tuple[int, str]]:
    """The project's parties that are known organisations: one of them may enter the park's data (one query)."""
    rows = project.parties.filter(organisation__isnull=False).select_related("organisation").order_by("id")
    return list({row.organisation_id: str(row.organisation) for row in rows}.items())  # type: ignore[arg-type]


def agreements_of(park: Park) -> list[ParkAgreement]:
    """What was signed, the latest first, each with what superseded it (one query)."""
    return list(park.agreements.select_related("superseded_by"))


def splits_of(park: Park) -> list[AgreedSplit]:
    """The latest splits, with how many companies each holds (one query)."""
    rows = park.splits.select_related("agreement").annotate(companies=Count("lines"))
    return list(rows.order_by("-year", "-id")[:SHOWN])


def moves_of(park: Park) -> list[Move]:
    """The latest comings, starts and leavings, the newest first (three queries)."""
    found = []
    for what, name in (("in", "moved_in_on"), ("produced", "produced_on"), ("out", "moved_out_on")):
        rows = Resident.objects.filter(park=park, **{f"{name}__isnull": False}).order_by(f"-{name}", "-id")[:SHOWN]
        found += [Move(getattr(row, name), what, row) for row in rows]
    return sorted(found, key=lambda move: move.day, reverse=True)[:SHOWN]


def spans_waiting(park: Park) -> list[SpanWaiting]:
    """Spans with open rows, the latest first (one query)."""
    rows = OfficialFigure.objects.filter(park=park, state__in=OPEN_REVIEW).values("grain", "year", "month")
    counted = rows.annotate(
        drafts=Count("id", filter=Q(state=ReviewState.DRAFT.value)),
        submitted=Count("id", filter=Q(state=ReviewState.SUBMITTED.value)),
    ).order_by("-year", "-month", "grain")
    return [
        SpanWaiting(Span(row["grain"], row["year"], row["month"]), row["drafts"], row["submitted"])
        for row in counted[: 2 * SHOWN]
    ]


def residents_listed(*, actor: Actor, park: Park) -> QuerySet[Resident]:
    """Companies of a park that the viewer may know of, with what a list names."""
    related = ("industry", "park__project__first_region", "park__project__second_region")
    return residents_visible(actor=actor).filter(park=park).select_related(*related)


def figures_listed(*, actor: Actor, park: Park) -> QuerySet[OfficialFigure]:
    """Official rows of the companies of a park that the viewer may know of."""
    seen = residents_visible(actor=actor).filter(park=park).values("pk")
    return OfficialFigure.objects.filter(park=park, resident__in=seen).select_related("resident")


def review_rows(*, park: Park, span: Span) -> QuerySet[OfficialFigure]:
    """Open rows of a span, drafts and submitted ones, with what they correct."""
    rows = OfficialFigure.objects.filter(
        park=park, grain=span.grain, year=span.year, month=span.month, state__in=OPEN_REVIEW
    )
    return rows.select_related("resident", "corrects").order_by("resident__near_key", "id")


def resident_figures(row: Resident) -> list[OfficialFigure]:
    """All official rows of a company, the latest span first, replaced ones too (one query)."""
    found = list(row.figures.select_related("corrects").order_by("-year", "-month", "grain", "-id"))
    for figure in found:
        figure.park, figure.resident = row.park, row
    return found


def blank_rows(*, park: Park, span: Span) -> list[OfficialFigure]:
    """A row for each settled company, with the figures of the span that are there (two queries); nothing is saved."""
    residents = Resident.objects.filter(park=park, state__in=SETTLED).order_by("near_key", "id")
    rows = OfficialFigure.objects.filter(park=park, grain=span.grain, year=span.year, month=span.month)
    known: dict[int, OfficialFigure] = {}
    for row in rows.exclude(state=ReviewState.SUPERSEDED.value):
        if row.resident_id not in known or row.state != ReviewState.ACCEPTED:
            known[row.resident_id] = row
    found = []
    for resident in residents:
        row = known.get(resident.pk) or OfficialFigure(grain=span.grain, year=span.year, month=span.month)
        row.resident = resident
        found.append(row)
    return found


def resident_shares(row: Resident) -> list[AgreedLine]:
    """What is agreed of a company's figures: lines of accepted splits, the latest year first (one query)."""
    rows = AgreedLine.objects.filter(resident=row, is_live=True).select_related("split__agreement")
    return list(rows.order_by("-year", "measure"))


def split_lines(split: AgreedSplit) -> QuerySet[AgreedLine]:
    """The companies of a split."""
    return AgreedLine.objects.filter(split=split).select_related("resident")


@dataclass(frozen=True, slots=True)
class SplitTotals:
    """What a split comes to, in its own column."""

    whole: Agreed
    first: Agreed
    second: Agreed
    companies: int


def split_totals(split: AgreedSplit) -> SplitTotals:
    """The sums of a split's lines (one query)."""
    row = AgreedLine.objects.filter(split=split).aggregate(
        base=Sum("whole"), first=Sum("first_share"), second=Sum("second_share"), companies=Count("id")
    )
    return SplitTotals(row["base"], row["first"], row["second"], row["companies"])


def sides_of(park: Park) -> tuple[str, str]:
    """The names of the two sides; the second is empty where it is open."""
    project = park.project
    return project.first_region.label, project.second_region.label if project.second_region else ""
