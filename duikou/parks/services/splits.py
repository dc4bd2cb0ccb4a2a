"""The agreed column: one side's office computes a split under an agreement, the other side's confirms it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.parks import policies
from duikou.parks.models import Agreed, AgreedLine, AgreedSplit, OfficialYear, Park, ParkAgreement
from duikou.parks.rules.amounts import split
from duikou.parks.selectors.scope import RELATED
from duikou.parks.services.keeping import Faults, park_locked, ratio_faults, refuse_stale, words
from duikou.parks.services.waiting import confirm_ends, confirm_waits
from duikou.parks.states import REVIEW, SPLIT_CHOICES, Origin, ReviewState, Side
from duikou.records.services.audit import changes, record, snapshot


@dataclass(frozen=True, slots=True)
class SplitDraft:
    """Which measure of which year is split by which ratio under which agreement.

    `origin`: only companies that came from there ("" = all); `resident_ids`: only these (None = all).
    """

    agreement_id: int
    year: int
    measure: str
    first_weight: Decimal
    second_weight: Decimal
    origin: str = ""
    resident_ids: Collection[int] | None = None
    note: str = ""


@transaction.atomic
def split_make(
    *, actor: Actor, park_id: int, draft: SplitDraft, replaces_id: int | None = None, reason: str = ""
) -> AgreedSplit:
    """Compute a split of accepted official figures as a draft: shares add up to each whole, to the 分.

    Companies whose measure of that year is split already are left out, but for those of the split it `replaces`.
    Raises `Invalid` by field, also where nothing is left to split.
    """
    park = park_locked(park_id)
    policies.write(actor, park).or_raise()
    older = _older(park, draft, replaces_id)
    reason = words(reason, "reason") if older is not None else ""
    note = words(draft.note, "note", needed=False)
    agreement = _checked(park, draft)
    rows = _bases(park, draft, older)
    if not rows:
        raise Invalid(fields={"year": [_("没有可以分成的数据：先审核在地数据；已分成的企业不重复分成。")]})
    made = AgreedSplit.objects.create(
        park=park,
        agreement=agreement,
        year=draft.year,
        measure=draft.measure,
        first_weight=draft.first_weight,
        second_weight=draft.second_weight,
        note=note,
        replaces=older,
        reason=reason,
        made_by=actor.name[:150],
        made_by_side=(policies.side_in(actor, park.project) or Side.FIRST).value,
        changed_at=now(),
    )
    AgreedLine.objects.bulk_create([_line(made, row) for row in rows], batch_size=500)
    after = {**(changes(None, snapshot(made))[1] or {}), "companies": len(rows)}
    record(actor=actor, action="parks.split.made", subject=made, after=after, reason=reason)
    return made


@transaction.atomic
def split_submit(*, actor: Actor, split_id: int, revision: int) -> AgreedSplit:
    """Send it to the other side's office."""
    row = _held(actor, split_id, revision, "submit")
    row.submitted_by_id, row.submitted_at, row.returned = actor.account_id, now(), ""
    _go(actor, row, "submit", "submitted")
    confirm_waits(actor=actor, split=row)
    return row


@transaction.atomic
def split_accept(*, actor: Actor, split_id: int, revision: int) -> AgreedSplit:
    """The other side confirms: its lines count from now on, and what it replaces does so no more."""
    row = _held(actor, split_id, revision, "accept")
    if row.submitted_by_id is not None and row.submitted_by_id == actor.account_id:
        raise Conflict(_("分成由您本人提交，请由对方办公室确认。"))
    if row.replaces is not None:
        _supersede(actor, row.replaces)
    lines = AgreedLine.objects.filter(split=row)
    live = AgreedLine.objects.filter(is_live=True, year=row.year, measure=row.measure)
    if live.filter(resident__in=lines.values("resident")).exists():
        raise Conflict(_("其中有企业的同一指标已在另一份分成中确认，请退回后重新编制。"))
    lines.update(is_live=True)
    row.accepted_by, row.accepted_at = actor.name[:150], now()
    _go(actor, row, "accept", "accepted")
    confirm_ends(actor=actor, split=row)
    announce("parks.split.accepted", split_id=row.pk)
    return row


@transaction.atomic
def split_return(*, actor: Actor, split_id: int, revision: int, reason: str) -> AgreedSplit:
    """The other side sends it back with what is wrong."""
    row = _held(actor, split_id, revision, "return")
    row.returned = words(reason, "reason")
    _go(actor, row, "return", "returned", row.returned)
    confirm_ends(actor=actor, split=row)
    return row


@transaction.atomic
def split_drop(*, actor: Actor, split_id: int, revision: int) -> int:
    """Remove a draft; the trail keeps that there was one. Returns the park's id."""
    row = _held(actor, split_id, revision, "drop")
    record(actor=actor, action="parks.split.dropped", subject=row, before=changes(snapshot(row), None)[0])
    row.delete()
    return row.park_id


def _supersede(actor: Actor, old: AgreedSplit) -> None:
    if old.state != ReviewState.ACCEPTED:
        raise Conflict(_("所更正的分成已被另一份更正取代。"))
    AgreedLine.objects.filter(split=old).update(is_live=False)
    _go(actor, old, "supersede", "superseded")


def _checked(park: Park, draft: SplitDraft) -> ParkAgreement:
    faults: Faults = dict(ratio_faults(draft.first_weight, draft.second_weight, needed=True))
    agreement = ParkAgreement.objects.filter(park=park, pk=draft.agreement_id).first()
    if agreement is None:
        faults["agreement"] = [_("没有这一项。")]
    if draft.measure not in dict(SPLIT_CHOICES):
        faults["measure"] = [_("没有这一项。")]
    if draft.origin not in ("", *Origin.values):
        faults["origin"] = [_("没有这一项。")]
    if not 1990 <= draft.year <= today().year:
        faults["year"] = [_("年份应在1990年至今年之间。")]
    elif agreement is not None and not _in_force(agreement, draft.year):
        faults["year"] = [_("协议在这一年没有生效。")]
    if faults or agreement is None:
        raise Invalid(fields=faults)
    return agreement


def _in_force(agreement: ParkAgreement, year: int) -> bool:
    starts = agreement.valid_from or agreement.signed_on
    return (starts is None or starts.year <= year) and (agreement.valid_to is None or agreement.valid_to.year >= year)


def _older(park: Park, draft: SplitDraft, replaces_id: int | None) -> AgreedSplit | None:
    if replaces_id is None:
        return None
    older = AgreedSplit.objects.filter(park=park, pk=replaces_id).first()
    if older is None:
        raise NotFound
    if older.state != ReviewState.ACCEPTED or (older.year, older.measure) != (draft.year, draft.measure):
        raise Conflict(_("只能更正已确认的分成，年份和指标不变。"))
    return older


def _bases(park: Park, draft: SplitDraft, older: AgreedSplit | None) -> list[OfficialYear]:
    rows = OfficialYear.objects.filter(park=park, year=draft.year, **{f"{draft.measure}__isnull": False})
    taken = AgreedLine.objects.filter(is_live=True, year=draft.year, measure=draft.measure)
    if older is not None:
        taken = taken.exclude(split=older)
        rows = rows.filter(resident__in=older.lines.values("resident"))
    rows = rows.exclude(resident__in=taken.values("resident"))
    if draft.origin:
        rows = rows.filter(resident__origin=draft.origin)
    if draft.resident_ids is not None:
        rows = rows.filter(resident__in=draft.resident_ids)
    return list(rows.order_by("resident_id"))


def _line(made: AgreedSplit, row: OfficialYear) -> AgreedLine:
    whole = Agreed.taken_from(getattr(row, made.measure))
    first, second = split(whole, (made.first_weight, made.second_weight))
    return AgreedLine(
        split=made,
        resident_id=row.resident_id,
        year=made.year,
        measure=made.measure,
        whole=whole,
        first_share=first,
        second_share=second,
    )


def _held(actor: Actor, split_id: int, revision: int, verb: str) -> AgreedSplit:
    park_id = AgreedSplit.objects.filter(pk=split_id).values_list("park_id", flat=True).first()
    if park_id is None:
        raise NotFound
    park_locked(park_id)
    related = ("agreement", "replaces__agreement", *(f"park__{name}" for name in RELATED))
    row = AgreedSplit.objects.select_related(*related).get(pk=split_id)
    policies.split_step(actor, row, verb).or_raise()
    refuse_stale(row, revision)
    return row


def _go(actor: Actor, row: AgreedSplit, verb: str, said: str, reason: str = "") -> None:
    before = {"state": row.state}
    row.state = REVIEW.go(ReviewState(row.state), verb).value
    row.revision += 1
    row.changed_at = now()
    row.save()
    after = {"state": row.state}
    record(actor=actor, action=f"parks.split.{said}", subject=row, before=before, after=after, reason=reason)
