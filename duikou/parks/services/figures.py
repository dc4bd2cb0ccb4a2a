"""The official 在地 column: entering and correcting rows as drafts. What happens to drafts next: `review.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Invalid, NotFound
from duikou.parks import policies
from duikou.parks.models import Official, OfficialFigure, Resident
from duikou.parks.rules.spans import Gap, Row, Span, gaps
from duikou.parks.services.keeping import Faults, refuse_stale, words
from duikou.parks.services.residents import resident_locked
from duikou.parks.states import MAY_FALL, MEASURES, OPEN_REVIEW, TAX_KINDS, Measure, ReviewState
from duikou.records.services.audit import changes, record, snapshot

MOST_JOBS = 1_000_000
EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """What a company reports of a span: official amounts by measure (missing = unknown), jobs at its end."""

    span: Span
    amounts: Mapping[str, Official] = field(default_factory=dict)
    jobs: int | None = None
    note: str = ""


@transaction.atomic
def figure_save(
    *, actor: Actor, resident_id: int, draft: FigureDraft, revision: int | None = None, reason: str = ""
) -> OfficialFigure:
    """Enter a draft row of a span, or change the draft that is there (`revision`: what its writer had seen).

    Where an accepted row stands, the draft is its correction and needs a reason. Saving the same again changes
    nothing. Raises `Invalid` by field, `Stale`, `Forbidden` where the open row was submitted.
    """
    resident = resident_locked(resident_id)
    policies.enter(actor, resident.park).or_raise()
    note = figure_checked(resident, draft)
    rows = {row.state: row for row in rows_of(resident, draft.span)}
    accepted = rows.pop(ReviewState.ACCEPTED.value, None)
    row = next(iter(rows.values()), None)
    if accepted is not None:
        reason = words(reason or (row.reason if row else ""), "reason")
    before = None
    if row is None:
        row = OfficialFigure(revision=0)
        row.grain, row.year, row.month = draft.span
        if revision:  # what the writer had open is gone: dropped, or accepted by now
            refuse_stale(accepted or row, revision)
    row.park, row.resident = resident.park, resident
    if row.pk is not None:
        policies.edit_figure(actor, row).or_raise()
        if revision is not None:
            refuse_stale(row, revision)
        before = snapshot(row)
    row.corrects, row.reason = accepted, reason if accepted is not None else ""
    for name in MEASURES:
        setattr(row, name, draft.amounts.get(name))
    row.jobs, row.note = draft.jobs, note
    old, new = changes(before, snapshot(row))
    if before is not None and not old and not new:
        return row
    row.entered_by, row.changed_at = actor.name[:150], now()
    row.revision += 1
    row.save()
    action = "parks.figure.entered" if before is None else "parks.figure.updated"
    record(actor=actor, action=action, subject=row, before=old, after=new, reason=row.reason)
    return row


@transaction.atomic
def figure_drop(*, actor: Actor, figure_id: int, revision: int) -> int:
    """Remove a draft; the trail keeps what it said. Returns the company's id."""
    resident_id = OfficialFigure.objects.filter(pk=figure_id).values_list("resident_id", flat=True).first()
    if resident_id is None:
        raise NotFound
    resident = resident_locked(resident_id)
    row = OfficialFigure.objects.get(pk=figure_id)
    row.park = resident.park
    policies.edit_figure(actor, row).or_raise()
    refuse_stale(row, revision)
    record(actor=actor, action="parks.figure.dropped", subject=row, before=changes(snapshot(row), None)[0])
    row.delete()
    return resident_id


def figure_checked(resident: Resident, draft: FigureDraft) -> str:
    """The draft's note as it is stored; raises `Invalid` by field (no query)."""
    faults: Faults = {}
    span = draft.span
    if span.year < EARLIEST_YEAR or span.first > today():
        faults["span"] = [_("期间应在1990年至今之间。")]
    elif resident.moved_out_on is not None and span.first > resident.moved_out_on:
        faults["span"] = [_("企业已于%(day)s迁出，不能填报之后的数据。") % {"day": resident.moved_out_on.isoformat()}]
    elif resident.moved_in_on is not None and span.last < resident.moved_in_on:
        faults["span"] = [_("企业于%(day)s入园，不能填报之前的数据。") % {"day": resident.moved_in_on.isoformat()}]
    for name, amount in draft.amounts.items():
        if amount.money < 0 and name not in MAY_FALL:
            faults[name] = [_("金额不能为负数。")]
    kinds = [draft.amounts[name] for name in TAX_KINDS if name in draft.amounts]
    tax = draft.amounts.get(Measure.TAX.value)
    if tax is not None and kinds and Official.total(kinds) > tax:
        faults[Measure.TAX.value] = [_("分税种的地方分享部分之和不能超过税收总额。")]
    if draft.jobs is not None and not 0 <= draft.jobs <= MOST_JOBS:
        faults["jobs"] = [_("人数应为不小于0的整数。")]
    if not draft.amounts and draft.jobs is None and not faults:
        faults[""] = [_("请至少填写一项数据。")]
    if faults:
        raise Invalid(fields=faults)
    return words(draft.note, "note", needed=False)


def rows_of(resident: Resident, span: Span) -> list[OfficialFigure]:
    """The accepted and the open row of a company and span, those there are (one query)."""
    rows = OfficialFigure.objects.filter(resident=resident, grain=span.grain, year=span.year, month=span.month)
    return list(rows.filter(state__in=(*OPEN_REVIEW, ReviewState.ACCEPTED.value)))


def standing(rows: list[OfficialFigure]) -> list[OfficialFigure]:
    """Of each company and span the row that counts or is to count: the open one, else the accepted one."""
    live = [row for row in rows if row.state != ReviewState.SUPERSEDED]
    replaced = {row.corrects_id for row in live if row.state != ReviewState.ACCEPTED}
    return [row for row in live if row.pk not in replaced]


def contradictions(rows: list[OfficialFigure]) -> list[Gap]:
    """Where rows of one company and different spans do not agree (asks nothing)."""
    plain = [
        Row(row.span, {name: amount.money for name, amount in row.amounts.items()}, row.jobs) for row in standing(rows)
    ]
    return gaps(plain, MEASURES, may_fall=MAY_FALL)


def as_amounts(values: Mapping[str, Any]) -> dict[str, Official]:
    """Known plain money by measure as official amounts."""
    return {name: Official(values[name]) for name in MEASURES if values.get(name) is not None}
