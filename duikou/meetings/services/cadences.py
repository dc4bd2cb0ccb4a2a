"""Mechanisms two sides agreed on: set, ended, and asked for when they fall behind."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.text import clean, clean_name, has_word
from duikou.meetings import policies
from duikou.meetings.models import Cadence, Layer, Meeting, MeetingKind, Side
from duikou.meetings.selectors.cadences import Standing, standings_of
from duikou.meetings.services.waiting import BEHIND, offices_wait, pairing_words, waiting_end
from duikou.programme.models import Pairing
from duikou.records.services.audit import SubjectRef, changes, record, snapshot, subject_of

BOTH = (Side.FIRST.value, Side.SECOND.value)
ME = Actor.job("meetings.cadence")


@dataclass(frozen=True, slots=True)
class CadenceDraft:
    """Which layer of a pairing meets how often; `kind` "" for any kind."""

    pairing: Pairing
    layer: str
    title: str
    years: int
    since: int
    kind: str = ""


@transaction.atomic
def cadence_set(*, actor: Actor, draft: CadenceDraft, cadence_id: int | None = None, revision: int = 0) -> Cadence:
    """Set a mechanism (`cadence_id` None) or change one; raises `Invalid` by field, `Stale`, `Conflict`."""
    policies.create(actor, draft.pairing).or_raise()
    facts = _checked(draft)
    if cadence_id is None:
        row, before = Cadence(pairing=draft.pairing), None
    else:
        row = _locked(actor, cadence_id)
        if row.revision != revision:
            raise Stale(revision=row.revision)
        if draft.pairing.pk != row.pairing_id:
            raise Invalid(fields={"pairing": [_("会商机制的对口关系不能更换。")]})
        before = snapshot(row)
        row.revision += 1
    for name, value in facts.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now(), actor.name[:150]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(_("这一层级的同类会商机制已经存在，请修改已有的。")) from None
    old, new = changes(before, row)
    record(actor=actor, action="meetings.cadence.set", subject=row, before=old, after=new)
    if not _is_behind(row):
        _asked_no_more(actor, row)
    return row


@transaction.atomic
def cadence_end(*, actor: Actor, cadence_id: int, reason: str) -> Cadence:
    """The two sides do not keep it any more; the reason is a must."""
    row = _locked(actor, cadence_id)
    reason = clean(reason)
    if not has_word(reason) or len(reason) > 500:
        raise Invalid(fields={"reason": [_("请写明理由，最多500个字。")]})
    if not row.is_active:
        raise Conflict(_("这一会商机制已经停用。"))
    row.is_active = False
    row.revision += 1
    row.save(update_fields=["is_active", "revision"])
    after = {"is_active": False}
    record(
        actor=actor,
        action="meetings.cadence.ended",
        subject=row,
        before={"is_active": True},
        after=after,
        reason=reason,
    )
    _asked_no_more(actor, row)
    return row


def cadences_follow(*, actor: Actor, meeting: Meeting) -> None:
    """A meeting was held (or that was taken back): what is behind no more waits no more."""
    rows = Cadence.objects.filter(pairing=meeting.pairing, layer=meeting.layer, is_active=True)
    for standing in standings_of(rows.select_related("pairing__first_region", "pairing__second_region")):
        if standing.beat.state != "behind":
            _asked_no_more(actor, standing.cadence)


def cadences_tick() -> int:
    """Let every mechanism that has fallen behind wait for both offices, once a period; returns how many are new."""
    related = ("pairing__first_region", "pairing__second_region")
    behind = [
        one
        for one in standings_of(Cadence.objects.filter(is_active=True).select_related(*related))
        if one.beat.state == "behind" and one.cadence.pairing.in_force_on(today())
    ]
    keys = {one.cadence.pk: _key(one) for one in behind}
    known = set(
        InboxItem.objects.filter(key__in=[f"{key}:{side}" for key in keys.values() for side in BOTH]).values_list(
            "key", flat=True
        )
    )
    new = [one for one in behind if f"{keys[one.cadence.pk]}:{BOTH[0]}" not in known]
    for one in new:
        _ask(one, keys[one.cadence.pk])
    return len(new)


@transaction.atomic
def _ask(standing: Standing, key: str) -> None:
    cadence = standing.cadence
    period = standing.beat.period
    offices_wait(
        actor=ME,
        pairing=cadence.pairing,
        sides=BOTH,
        key=key,
        kind=BEHIND,
        url=reverse("meetings:cadences"),
        title=gettext_noop("“%(mechanism)s”已落后：%(period)s没有召开（%(pairing)s）"),
        params={
            "mechanism": cadence.title,
            "period": _years(period.start.year, period.end.year) if period else "",
            "pairing": pairing_words(cadence.pairing),
        },
        subject=subject_of(cadence),
        due_on=period.end if period else None,
    )


def _key(standing: Standing) -> str:
    period = standing.beat.period
    return f"meetings.behind:{standing.cadence.pk}:{period.end.year if period else 0}"


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _is_behind(row: Cadence) -> bool:
    return standings_of([row])[0].beat.state == "behind"


def _asked_no_more(actor: Actor, row: Cadence) -> None:
    waiting_end(actor=actor, subject=SubjectRef(Cadence._meta.label_lower, str(row.pk)), kinds=[BEHIND])


def _locked(actor: Actor, cadence_id: int) -> Cadence:
    related = ("pairing__first_region", "pairing__second_region")
    row = Cadence.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=cadence_id).first()
    if row is None:
        raise NotFound
    policies.create(actor, row.pairing).or_raise()
    return row


def _checked(draft: CadenceDraft) -> dict[str, object]:
    title = clean_name(draft.title)
    faults: dict[str, list[object]] = {}
    if not has_word(title) or len(title) > 120:
        faults["title"] = [_("请填写名称，最多120个字。")]
    if draft.layer not in Layer.values:
        faults["layer"] = [_("没有这一项。")]
    if draft.kind and draft.kind not in MeetingKind.values:
        faults["kind"] = [_("没有这一项。")]
    if not 1 <= draft.years <= 5:
        faults["years"] = [_("请填写1到5年。")]
    if not 2000 <= draft.since <= 2100:
        faults["since"] = [_("请填写2000年至2100年之间的年份。")]
    if faults:
        raise Invalid(fields=faults)
    return {"layer": draft.layer, "kind": draft.kind, "title": title, "years": draft.years, "since": draft.since}
