"""What was signed about a park."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.text import clean, clean_name, has_word
from duikou.parks import policies
from duikou.parks.models import Park, ParkAgreement
from duikou.parks.services.keeping import Faults, day_faults, park_locked, ratio_faults, refuse_stale, touch
from duikou.parks.states import AgreementKind
from duikou.records.services.audit import changes, record, snapshot

NAMES = ("title", "first_party", "second_party")
LONGEST_TERMS = 20_000


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """What was signed; the weights are the usual ratio of splits, first to second."""

    kind: str
    title: str
    first_party: str
    second_party: str
    signed_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    first_weight: Decimal | None = None
    second_weight: Decimal | None = None
    terms: str = ""
    supersedes_id: int | None = None


@transaction.atomic
def agreement_add(*, actor: Actor, park_id: int, draft: AgreementDraft) -> ParkAgreement:
    """Register an agreement of a park. Raises `Invalid` by field."""
    park = park_locked(park_id)
    policies.write(actor, park).or_raise()
    row = ParkAgreement(park=park, revision=0)
    _fill(row, _checked(draft, park, None))
    touch(row, actor)
    record(actor=actor, action="parks.agreement.added", subject=row, after=changes(None, snapshot(row))[1])
    return row


@transaction.atomic
def agreement_save(*, actor: Actor, agreement_id: int, revision: int, draft: AgreementDraft) -> ParkAgreement:
    """Change an agreement; its ratio stays once a split rests on it. Raises `Stale`, `Conflict`, `Invalid`."""
    park_id = ParkAgreement.objects.filter(pk=agreement_id).values_list("park_id", flat=True).first()
    if park_id is None:
        raise NotFound
    park = park_locked(park_id)
    policies.write(actor, park).or_raise()
    row = ParkAgreement.objects.get(pk=agreement_id)
    refuse_stale(row, revision)
    draft = _checked(draft, park, row.pk)
    if row.weights != (draft.first_weight, draft.second_weight) and row.splits.exists():
        raise Conflict(_("已有分成依据这份协议，比例不能再改；请登记取代它的新协议。"))
    before = snapshot(row)
    _fill(row, draft)
    old, new = changes(before, row)
    if old or new:
        touch(row, actor)
        record(actor=actor, action="parks.agreement.updated", subject=row, before=old, after=new)
    return row


def _fill(row: ParkAgreement, draft: AgreementDraft) -> None:
    for name in AgreementDraft.__dataclass_fields__:
        setattr(row, name, getattr(draft, name))


def _checked(draft: AgreementDraft, park: Park, pk: int | None) -> AgreementDraft:
    draft = replace(
        draft,
        terms=clean(draft.terms),
        title=clean_name(draft.title),
        first_party=clean_name(draft.first_party),
        second_party=clean_name(draft.second_party),
    )
    faults: Faults = day_faults(signed_on=draft.signed_on, valid_from=draft.valid_from, valid_to=draft.valid_to)
    faults |= ratio_faults(draft.first_weight, draft.second_weight, needed=False)
    for name in NAMES:
        if not has_word(getattr(draft, name)) or len(getattr(draft, name)) > 200:
            faults[name] = [_("请填写，最多200个字。")]
    if draft.kind not in AgreementKind.values:
        faults["kind"] = [_("没有这一项。")]
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        faults["valid_to"] = [_("截止日期不能早于开始日期。")]
    if len(draft.terms) > LONGEST_TERMS:
        faults["terms"] = [_("最多%(limit)s个字。") % {"limit": LONGEST_TERMS}]
    if draft.supersedes_id is not None:
        older: dict[int, int | None] = dict(ParkAgreement.objects.filter(park=park).values_list("pk", "supersedes_id"))
        others = {pk_: on for pk_, on in older.items() if pk_ != pk}
        if draft.supersedes_id not in others or _leads_back(draft.supersedes_id, pk, older):
            faults["supersedes"] = [_("没有这一项。")]
        elif draft.supersedes_id in others.values():
            faults["supersedes"] = [_("这份协议已被另一份协议取代。")]
    if faults:
        raise Invalid(fields=faults)
    return draft


def _leads_back(start: int, goal: int | None, older: dict[int, int | None]) -> bool:
    """Whether `start` supersedes, however far back, the agreement at hand: no rings."""
    at: int | None = start
    while at is not None and goal is not None:
        if at == goal:
            return True
        at = older.get(at)
    return False
