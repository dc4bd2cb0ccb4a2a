"""What each pairing owes in a year: made from the pack, dated by the coordinator, fulfilled by the rooms above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.flow import policies
from duikou.flow.models import InboxItem, Obligation
from duikou.flow.rules import SOON_DAYS, due_in_year
from duikou.flow.selectors.entitled import step_address
from duikou.flow.selectors.obligations import obligation_known, obligations_visible
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.flow.states import DUTY_WAITS, ItemState
from duikou.kernel import permissions
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean
from duikou.programme.models import Duty, Pairing, Programme
from duikou.programme.selectors import duties_of, programmes, top_pairings_of
from duikou.records.services.audit import Entry, SubjectRef, record, record_many, subject_of

ME = Actor.job("flow.duties")


@transaction.atomic
def obligations_plan(*, actor: Actor, programme: Programme, year: int) -> int:
    """Make what every pairing owes in `year`, and let days that nobody set follow the pack; returns how many rows are
    new or moved. Running it again changes nothing."""
    wanted = _wanted(programme, year)
    known = {(row.duty_id, row.pairing_id): row for row in Obligation.objects.filter(programme=programme, year=year)}
    new = [
        Obligation(programme=programme, duty_id=duty, pairing_id=pairing, year=year, due_on=due)
        for (duty, pairing), due in wanted.items()
        if (duty, pairing) not in known
    ]
    Obligation.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    moved = 0
    for key, row in known.items():
        due = wanted.get(key)
        if due is not None and due != row.due_on and not row.due_is_set and row.fulfilled_on is None:
            moved += Obligation.objects.filter(pk=row.pk, due_is_set=False, fulfilled_on=None).update(due_on=due)
    if new or moved:
        after = {"year": year, "new": len(new), "moved": moved}
        record(actor=actor, action="flow.obligation.plan", subject=programme, after=after)
    return len(new) + moved


def _wanted(programme: Programme, year: int) -> dict[tuple[int, int], dt.date]:
    """(duty, pairing) → the day it is due, for duties of the sides and pairings in force at some time of the year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    start = programme.issued_on.year if programme.issued_on else 0
    if year < start:
        return {}
    pairings = [
        pairing
        for pairing in top_pairings_of(programme)
        if (pairing.valid_from is None or pairing.valid_from <= last)
        and (pairing.valid_to is None or pairing.valid_to >= first)
    ]
    found = {}
    for duty in duties_of(programme):
        for pairing in pairings if duty.sides else ():
            due = due_in_year(duty.due, year, pairing.valid_from.year if pairing.valid_from else start)
            if due is not None:
                found[duty.pk, pairing.pk] = due
    return found


@transaction.atomic
def obligation_set_due(*, actor: Actor, obligation_id: int, due_on: dt.date | None, reason: str) -> Obligation:
    """Set the day of one (None: it has no deadline). The coordinator's; a reason is a must."""
    permissions.check(actor, "flow.duty.set").or_raise()
    row = obligation_known(actor=actor, obligation_id=obligation_id)
    _set_due(actor, [row], due_on, reason)
    return row


@transaction.atomic
def obligations_set_due(*, actor: Actor, duty: Duty, year: int, due_on: dt.date | None, reason: str) -> int:
    """Set the day of one duty for every pairing that has not filed it yet; returns how many moved."""
    permissions.check(actor, "flow.duty.set").or_raise()
    rows = list(obligations_visible(actor=actor, year=year).filter(duty=duty, fulfilled_on=None))
    if not rows:
        raise NotFound
    return _set_due(actor, rows, due_on, reason)


def _set_due(actor: Actor, rows: Iterable[Obligation], due_on: dt.date | None, reason: str) -> int:
    rows, reason = list(rows), clean(reason)
    faults: dict[str, list[str]] = {}
    if not reason:
        faults["reason"] = [_("请写明理由。")]
    elif len(reason) > 500:
        faults["reason"] = [_("最多%(limit)s个字。") % {"limit": 500}]
    if due_on is not None and any(abs(due_on.year - row.year) > 3 for row in rows):
        faults["due_on"] = [_("日期与年度相差太远。")]
    if faults:
        raise Invalid(fields=faults)
    entries = []
    for row in rows:
        entries.append(Entry(subject_of(row), {"due_on": row.due_on}, {"due_on": due_on}))
        row.due_on, row.due_is_set, row.due_reason = due_on, True, reason
        row.save(update_fields=["due_on", "due_is_set", "due_reason"])
    keys = [key for row in rows for key in _keys(row)]
    InboxItem.objects.filter(key__in=keys, state=ItemState.OPEN).update(due_on=due_on)
    record_many(actor=actor, action="flow.obligation.due", entries=entries, reason=reason)
    announce("flow.obligation.dated", obligation_ids=[row.pk for row in rows])
    return len(rows)


@transaction.atomic
def obligation_fulfil(
    *, actor: Actor, duty_code: str, pairing: Pairing, year: int, subject: SubjectRef, url: str, on: dt.date
) -> Obligation | None:
    """What the pairing owed is done by `subject` on that day; None where the programme knows no such duty.

    The first that fulfils it stays; the caller has judged that it is done.
    """
    row = _row(duty_code, pairing, year)
    if row is None:
        return None
    values = {
        "fulfilled_on": on,
        "fulfilled_by": actor.name[:150],
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_label": (subject.label or subject.id)[:300],
        "url": url[:300],
    }
    if Obligation.objects.filter(pk=row.pk, fulfilled_on=None).update(**values):
        row.refresh_from_db()
        for key in _keys(row):
            item_close(actor=actor, key=key)
        after = {"fulfilled_on": on, "subject_label": values["subject_label"]}
        record(actor=actor, action="flow.obligation.fulfil", subject=row, after=after)
        announce("flow.obligation.fulfilled", obligation_id=row.pk)
    row.refresh_from_db()
    return row


@transaction.atomic
def obligation_reopen(
    *, actor: Actor, duty_code: str, pairing: Pairing, year: int, reason: str, subject: SubjectRef | None = None
) -> Obligation | None:
    """What was held for done is not (it was returned, say): it is owed again.

    `subject`: only when it was this that fulfilled it; what another fulfilled stays.
    """
    row = Obligation.objects.filter(duty__code=duty_code, pairing=pairing, year=year).first()
    if row is None or row.fulfilled_on is None:
        return row
    if subject is not None and (row.subject_kind, row.subject_id) != (subject.kind, subject.id):
        return row
    before = {"fulfilled_on": row.fulfilled_on, "subject_label": row.subject_label}
    empty = {"fulfilled_by": "", "subject_kind": "", "subject_id": "", "subject_label": "", "url": ""}
    held = Obligation.objects.filter(pk=row.pk, fulfilled_on__isnull=False)
    is_reopened = held.update(fulfilled_on=None, asked=F("asked") + 1, **empty)
    row.refresh_from_db()
    if not is_reopened:
        return row
    after = {"fulfilled_on": None}
    record(actor=actor, action="flow.obligation.reopen", subject=row, before=before, after=after, reason=clean(reason))
    announce("flow.obligation.reopened", obligation_id=row.pk)
    return row


def _row(duty_code: str, pairing: Pairing, year: int) -> Obligation | None:
    """The row, made now when nobody planned it: a pairing inside another owes by its own agreement, without a day."""
    duty = Duty.objects.filter(programme_id=pairing.programme_id, code=duty_code, retired_in=None).first()
    if duty is None:
        return None
    base = pairing.valid_from.year if pairing.valid_from else year
    due = due_in_year(duty.due, year, base) if pairing.parent_id is None else None
    defaults = {"programme_id": pairing.programme_id, "due_on": due}
    return Obligation.objects.get_or_create(duty=duty, pairing=pairing, year=year, defaults=defaults)[0]


def _keys(row: Obligation) -> list[str]:
    """Occasions of its waiting items, one a side."""
    return [f"duty:{row.pk}:{side}:{row.asked}" for side in (1, 2)]


def obligations_tick() -> tuple[int, int]:
    """Plan this year and the next, and let what is due soon or overdue wait for the offices that owe it; returns how
    many rows and items are new. Safe to run twice."""
    year = today().year
    planned = sum(
        obligations_plan(actor=ME, programme=programme, year=one)
        for programme in programmes().filter(illustrative=False)
        for one in (year, year + 1)
    )
    return planned, _ask()


def _ask() -> int:
    """Open the waiting items of what is due within a month or overdue."""
    until = today() + dt.timedelta(days=SOON_DAYS)
    rows = list(
        Obligation.objects.filter(Q(duty__retired_in=None), fulfilled_on=None, due_on__lte=until)
        .select_related("pairing__first_region", "pairing__second_region", "duty")
        .prefetch_related("duty__owed_by")
    )
    keys = [key for row in rows for key in _keys(row)]
    known: set[str] = set()
    for at in range(0, len(keys), 500):
        known |= set(InboxItem.objects.filter(key__in=keys[at : at + 500]).values_list("key", flat=True))
    return sum(_open(row, side) for row in rows for side in sorted(row.duty.sides) if _keys(row)[side - 1] not in known)


@transaction.atomic
def _open(row: Obligation, side: int) -> bool:
    region = row.pairing.first_region if side == 1 else row.pairing.second_region
    held = Obligation.objects.select_for_update(of=("self",)).filter(pk=row.pk, fulfilled_on=None).first()
    if region is None or held is None:
        return False
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    item_open(
        actor=ME,
        key=_keys(held)[side - 1],
        kind=DUTY_WAITS,
        to=To(role=Role(role), region=place),
        url=f"/inbox/duties/?year={row.year}",
        title=gettext_noop("%(year)s年度应办：%(duty)s（%(pairing)s）"),
        params={
            "year": row.year,
            "duty": {"zh": row.duty.title, "en": row.duty.title_en},
            "pairing": {"zh": row.pairing.name, "en": row.pairing.name_en},
        },
        subject=SubjectRef("flow.obligation", str(row.pk), str(row)),
        due_on=held.due_on,
    )
    return True


@transaction.atomic
def duties_export_note(*, actor: Actor, programme: Programme, query: str, rows: int) -> None:
    """Record who took which rows out of the house."""
    policies.may_browse_duties(actor).or_raise()
    after = {"query": query[:2000], "rows": rows}
    record(actor=actor, action="flow.duty.export", subject=programme, after=after)
