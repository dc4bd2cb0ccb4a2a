"""Writing the minutes: begun and written by the host, corrected as a new version."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.canonical import digest
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.rich_text import plain, safe_html
from duikou.kernel.text import clean, clean_name, has_word
from duikou.meetings import policies
from duikou.meetings.models import Decision, MinutesVersion, RefusedMinutes
from duikou.meetings.selectors.owners import Owner, owners_of
from duikou.meetings.services.meetings import meeting_locked
from duikou.meetings.states import MINUTES, OPEN_MINUTES, MinutesState
from duikou.records.services.audit import record

LONGEST_BODY = 200_000
MOST_DECISIONS = 200
RELATED = ("meeting__programme", "meeting__duty", "meeting__pairing__first_region", "meeting__pairing__second_region")


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """One thing to decide; `owner` is the code of somebody in `selectors.owners_of`."""

    text: str
    owner: str
    due_on: dt.date | None


@transaction.atomic
def minutes_begin(*, actor: Actor, meeting_id: int) -> MinutesVersion:
    """Open the first version; raises `Forbidden` with the reason."""
    meeting = meeting_locked(meeting_id)
    policies.begin_minutes(actor, meeting, is_there=meeting.minutes.exists()).or_raise()
    version = _opened(actor, MinutesVersion(meeting=meeting, number=1))
    record(actor=actor, action="meetings.minutes.begun", subject=version, after={"number": 1})
    announce("meetings.minutes.changed", version_id=version.pk)
    return version


@transaction.atomic
def minutes_correct(*, actor: Actor, version_id: int, reason: str) -> MinutesVersion:
    """Open the next version with what the signed one says; the reason is a must."""
    signed = minutes_locked(version_id)
    meeting = meeting_locked(signed.meeting_id)
    signed.meeting = meeting
    is_open = meeting.minutes.filter(state__in=OPEN_MINUTES).exists()
    policies.hosts(actor, meeting).or_raise()
    verdict = policies.correct_minutes(actor, signed, is_open=is_open)
    if not verdict:
        raise Conflict(str(verdict.reason))
    reason = clean(reason)
    if not has_word(reason) or len(reason) > 1000:
        raise Invalid(fields={"reason": [_("请写明更正的理由，最多1000个字。")]})
    last = meeting.minutes.aggregate(last=Max("number"))["last"]
    version = _opened(actor, MinutesVersion(meeting=meeting, number=last + 1, body=signed.body, reason=reason))
    Decision.objects.bulk_create(_copied(row, version) for row in signed.decisions.all())
    record(actor=actor, action="meetings.minutes.begun", subject=version, after={"number": last + 1}, reason=reason)
    announce("meetings.minutes.changed", version_id=version.pk)
    return version


@transaction.atomic
def minutes_abandon(*, actor: Actor, version_id: int, reason: str) -> MinutesVersion:
    """Give a correction up; the signed version stays. The first version cannot be given up."""
    version = minutes_locked(version_id)
    policies.write_minutes(actor, version).or_raise()
    if not version.meeting.minutes.filter(state=MinutesState.SIGNED).exists():
        raise Conflict(_("首次起草的纪要不能放弃。"))
    reason = clean(reason)
    if not has_word(reason) or len(reason) > 1000:
        raise Invalid(fields={"reason": [_("请写明理由。")]})
    before = version.state
    version.state = MINUTES.go(MinutesState(before), "abandon").value
    version.save(update_fields=["state"])
    after = {"state": version.state}
    record(
        actor=actor,
        action="meetings.minutes.abandoned",
        subject=version,
        before={"state": before},
        after=after,
        reason=reason,
    )
    announce("meetings.minutes.moved", version_id=version.pk, state=version.state)
    return version


@transaction.atomic
def minutes_save(*, actor: Actor, version_id: int, revision: int, body: str) -> MinutesVersion:
    """Write the text; `revision` is what the writer had seen. Raises `Stale` with the present text, `Invalid`.

    The trail keeps length and digest of the text, the text itself stands in the version.
    """
    if len(body) > LONGEST_BODY:
        raise Invalid(fields={"body": [_("正文太长，最多%(limit)s个字符。") % {"limit": f"{LONGEST_BODY:,}"}]})
    body = safe_html(body)
    version = minutes_locked(version_id)
    policies.write_minutes(actor, version).or_raise()
    refuse_stale_minutes(version, revision)
    if body == version.body:
        return version
    before, version.body = _measure(version.body), body
    touch_minutes(actor, version)
    after = {**_measure(body), "revision": version.revision}
    record(actor=actor, action="meetings.minutes.saved", subject=version, before=before, after=after)
    announce("meetings.minutes.changed", version_id=version.pk)
    return version


def refused_keep(*, actor: Actor, version: MinutesVersion, seen: int, body: str) -> RefusedMinutes:
    """Keep a text that was refused as stale."""
    return RefusedMinutes.objects.create(
        version=version,
        body=safe_html(body[:LONGEST_BODY]),
        seen=max(seen, 0),
        account_id=actor.account_id,
        name=actor.name[:150],
        at=now(),
    )


@transaction.atomic
def decision_save(
    *, actor: Actor, version_id: int, revision: int, draft: DecisionDraft, uid: uuid.UUID | None = None
) -> Decision:
    """Add a decision (`uid` None) or change one; raises `Stale`, `Invalid` by field, `NotFound`."""
    version = minutes_locked(version_id)
    policies.write_minutes(actor, version).or_raise()
    refuse_stale_minutes(version, revision)
    facts = _checked(version, draft)
    if uid is None:
        rows = Decision.objects.filter(version=version)
        if rows.count() >= MOST_DECISIONS:
            raise Invalid(fields={"text": [_("最多%(count)s项议定事项。") % {"count": MOST_DECISIONS}]})
        last = rows.aggregate(last=Max("order"))["last"]
        row = Decision.objects.create(version=version, order=0 if last is None else last + 1, **facts)
        before = None
    else:
        row = _decision(version, uid)
        before = _words(row)
        for name, value in facts.items():
            setattr(row, name, value)
        if _words(row) == before:
            return row
        row.save()
    touch_minutes(actor, version)
    after = {"decision": _words(row), "revision": version.revision}
    old = None if before is None else {"decision": before}
    record(actor=actor, action="meetings.minutes.decided", subject=version, before=old, after=after)
    announce("meetings.minutes.changed", version_id=version.pk)
    return row


@transaction.atomic
def decision_remove(*, actor: Actor, version_id: int, revision: int, uid: uuid.UUID) -> None:
    """Take a decision out of a draft; raises `Stale`, `NotFound`."""
    version = minutes_locked(version_id)
    policies.write_minutes(actor, version).or_raise()
    refuse_stale_minutes(version, revision)
    row = _decision(version, uid)
    before = {"decision": _words(row)}
    row.delete()
    touch_minutes(actor, version)
    record(
        actor=actor,
        action="meetings.minutes.decided",
        subject=version,
        before=before,
        after={"revision": version.revision},
    )
    announce("meetings.minutes.changed", version_id=version.pk)


def minutes_locked(version_id: int) -> MinutesVersion:
    """The row for changing, with what policies look at; raises `NotFound`."""
    rows = MinutesVersion.objects.select_for_update(of=("self",)).select_related(*RELATED)
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise NotFound
    return found


def refuse_stale_minutes(version: MinutesVersion, revision: int) -> None:
    """Raise `Stale` with the present text unless the writer has seen it."""
    if version.revision != revision:
        raise Stale(
            _("%(name)s在您打开之后修改了纪要。下面是现在的内容和您填写的内容，请核对后再保存。")
            % {"name": version.changed_by},
            revision=version.revision,
            present=version.body,
        )


def touch_minutes(actor: Actor, version: MinutesVersion) -> None:
    """The draft changed: its revision grows."""
    version.revision += 1
    version.changed_at, version.changed_by = now(), actor.name[:150]
    version.save()


def _opened(actor: Actor, version: MinutesVersion) -> MinutesVersion:
    version.created_at = version.changed_at = now()
    version.created_by = version.changed_by = actor.name[:150]
    version.save(force_insert=True)
    return version


def _copied(row: Decision, version: MinutesVersion) -> Decision:
    names = ("uid", "order", "text", "owner_side", "organisation_id", "account_id", "owner_name", "due_on")
    return Decision(version=version, **{name: getattr(row, name) for name in names})


def _checked(version: MinutesVersion, draft: DecisionDraft) -> dict[str, object]:
    text = clean_name(draft.text)
    faults: dict[str, list[object]] = {}
    if not has_word(text) or len(text) > 1000:
        faults["text"] = [_("请写明议定事项，最多1000个字。")]
    owner = _owner(version, draft.owner)
    if owner is None:
        faults["owner"] = [_("请选择责任方。")]
    if draft.due_on is None:
        faults["due_on"] = [_("请填写完成期限。")]
    elif draft.due_on < version.meeting.first_day:
        faults["due_on"] = [_("完成期限不能早于会议日期。")]
    elif draft.due_on.year > 2100:
        faults["due_on"] = [_("日期应在2000年至2100年之间。")]
    if faults or owner is None:
        raise Invalid(fields=faults)
    return {
        "text": text,
        "owner_side": owner.side,
        "organisation_id": owner.organisation_id,
        "account_id": owner.account_id,
        "owner_name": owner.name,
        "due_on": draft.due_on,
    }


def _owner(version: MinutesVersion, code: str) -> Owner | None:
    sides = owners_of(version.meeting.pairing)
    return next((one for owners in sides.values() for one in owners if one.code == code), None)


def _decision(version: MinutesVersion, uid: uuid.UUID) -> Decision:
    found = Decision.objects.filter(version=version, uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _words(row: Decision) -> str:
    return f"{row.text}｜{row.owner_name}｜{row.due_on}"


def _measure(body: str) -> dict[str, object]:
    return {"body": f"{len(plain(body))}", "digest": digest(body.encode())[:16] if body else ""}
