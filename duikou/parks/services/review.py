"""From draft to acceptance: a span's rows are handed in together, and the office where the park lies decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.facts import announce
from duikou.parks import policies
from duikou.parks.models import OfficialFigure, Park
from duikou.parks.rules.spans import Span
from duikou.parks.services.figures import contradictions
from duikou.parks.services.keeping import park_locked, words
from duikou.parks.services.waiting import review_ends, review_waits
from duikou.parks.services.years import years_refresh
from duikou.parks.states import REVIEW, ReviewState
from duikou.records.services.audit import Entry, record_many, subject_of

_WRITTEN = ("state", "submitted_by", "submitted_at", "returned", "accepted_by", "accepted_at", "revision", "changed_at")


@transaction.atomic
def figures_submit(*, actor: Actor, park_id: int, span: Span) -> int:
    """Hand all drafts of a span to the office where the park lies; returns how many.

    Raises `Invalid` naming companies whose figures contradict their other spans without a word of explanation.
    """
    park = park_locked(park_id)
    policies.enter(actor, park).or_raise()
    rows = _rows(park, span, ReviewState.DRAFT)
    unexplained = _unexplained(rows, span.year)
    if unexplained:
        names = _("、").join(unexplained[:5])
        raise Invalid(
            _("以下企业的数据与其他期别不一致，请核对，或在填报说明中写明原因：%(names)s。") % {"names": names}
        )
    moment = now()
    for row in rows:
        row.submitted_by_id, row.submitted_at, row.returned = actor.account_id, moment, ""
    _go(actor, rows, "submit", "submitted")
    if rows:
        review_waits(actor=actor, park=park, span=span, count=len(rows))
        announce("parks.figures.submitted", park_id=park.pk, span=span.code)
    return len(rows)


@transaction.atomic
def figures_accept(*, actor: Actor, park_id: int, span: Span, ids: Collection[int] | None = None) -> int:
    """The office where the park lies accepts submitted rows of a span (all, or those of `ids`); they are locked.

    A correction replaces what it corrects in the same transaction. Returns how many. Whoever handed a row in does
    not accept it.
    """
    park = park_locked(park_id)
    policies.review(actor, park).or_raise()
    rows = _rows(park, span, ReviewState.SUBMITTED, ids)
    if any(row.submitted_by_id is not None and row.submitted_by_id == actor.account_id for row in rows):
        raise Conflict(_("数据由您本人提交，请由办公室的另一位同事审核。"))
    replaced = [row.corrects for row in rows if row.corrects is not None]
    for old in replaced:
        old.state = REVIEW.go(ReviewState(old.state), "supersede").value
    OfficialFigure.objects.bulk_update(replaced, ["state"], batch_size=200)
    for row in rows:
        row.accepted_by, row.accepted_at = actor.name[:150], now()
    _go(actor, rows, "accept", "accepted")
    if rows:
        years_refresh(park=park, resident_ids=[row.resident_id for row in rows], year=span.year)
        _settle(actor, park, span)
        announce("parks.figures.accepted", park_id=park.pk, span=span.code)
    return len(rows)


@transaction.atomic
def figures_return(*, actor: Actor, park_id: int, span: Span, reason: str, ids: Collection[int] | None = None) -> int:
    """The office sends submitted rows back with what is wrong; they are drafts again. Returns how many."""
    park = park_locked(park_id)
    policies.review(actor, park).or_raise()
    reason = words(reason, "reason")
    rows = _rows(park, span, ReviewState.SUBMITTED, ids)
    for row in rows:
        row.returned = reason
    _go(actor, rows, "return", "returned", reason)
    if rows:
        _settle(actor, park, span)
        announce("parks.figures.returned", park_id=park.pk, span=span.code)
    return len(rows)


def _rows(park: Park, span: Span, state: ReviewState, ids: Collection[int] | None = None) -> list[OfficialFigure]:
    found = OfficialFigure.objects.filter(
        park=park, grain=span.grain, year=span.year, month=span.month, state=state.value
    )
    if ids is not None:
        found = found.filter(pk__in=ids)
    return list(found.select_related("resident", "corrects").order_by("id"))


def _unexplained(rows: list[OfficialFigure], year: int) -> list[str]:
    """Names of companies with a contradiction in that year that no note of these rows explains (one query)."""
    silent = {row.resident_id: row.resident.name for row in rows if not row.note}
    found: dict[int, list[OfficialFigure]] = defaultdict(list)
    for row in OfficialFigure.objects.filter(resident__in=list(silent), year=year):
        found[row.resident_id].append(row)
    return [silent[pk] for pk, own in found.items() if contradictions(own)]


def _go(actor: Actor, rows: list[OfficialFigure], verb: str, said: str, reason: str = "") -> None:
    for row in rows:
        row.state = REVIEW.go(ReviewState(row.state), verb).value
        row.revision += 1
        row.changed_at = now()
    OfficialFigure.objects.bulk_update(rows, _WRITTEN, batch_size=200)
    entries = [Entry(subject_of(row), None, {"state": row.state}) for row in rows]
    if entries:
        record_many(actor=actor, action=f"parks.figure.{said}", entries=entries, reason=reason)


def _settle(actor: Actor, park: Park, span: Span) -> None:
    if not _rows(park, span, ReviewState.SUBMITTED):
        review_ends(actor=actor, park=park, span=span)
