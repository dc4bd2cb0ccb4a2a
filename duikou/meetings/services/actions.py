"""Decisions that came to life: they wait for their owner, are reported, and closed by the side that gave them."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.flow.services.inbox import To, item_open
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, has_word
from duikou.meetings import policies
from duikou.meetings.models import ActionItem, Decision, MinutesVersion, Side
from duikou.meetings.services.waiting import CHECK, OWED, offices_wait, pairing_words, waiting_end
from duikou.meetings.states import ACTIONS, LIVE_ACTIONS, ActionState
from duikou.records.services.audit import SubjectRef, record, subject_of

OTHER = {Side.FIRST.value: Side.SECOND.value, Side.SECOND.value: Side.FIRST.value}
_CARRIED = ("text", "owner_side", "organisation_id", "account_id", "owner_name", "due_on")


def actions_follow(*, actor: Actor, version: MinutesVersion) -> None:
    """What signed minutes decide waits for its owners: new decisions open, changed ones are amended, and what a
    correction decides no more is dropped. What was closed stays closed."""
    decisions = list(Decision.objects.filter(version=version).order_by("order", "id"))
    known = {row.uid: row for row in ActionItem.objects.select_for_update().filter(meeting=version.meeting)}
    for row in known.values():
        row.pairing = version.meeting.pairing
    for decision in decisions:
        item = known.pop(decision.uid, None)
        if item is None:
            _open(actor, version, decision)
        elif item.state in LIVE_ACTIONS:
            _amend(actor, item, decision)
    for item in known.values():
        if item.state in LIVE_ACTIONS:
            _end(actor, item, "drop", "dropped", _("更正后的纪要不再列出这一事项。"))


def _open(actor: Actor, version: MinutesVersion, decision: Decision) -> None:
    moment = now()
    item = ActionItem.objects.create(
        uid=decision.uid,
        meeting=version.meeting,
        pairing=version.meeting.pairing,
        given_side=OTHER[decision.owner_side],
        created_at=moment,
        changed_at=moment,
        **{name: getattr(decision, name) for name in _CARRIED},
    )
    after = {"text": item.text, "owner": item.owner_name, "due_on": item.due_on}
    record(actor=actor, action="meetings.action.opened", subject=item, after=after)
    _wait(actor, item)
    announce("meetings.action.opened", action_id=item.pk)


def _amend(actor: Actor, item: ActionItem, decision: Decision) -> None:
    before = {name: getattr(item, name) for name in _CARRIED}
    after = {name: getattr(decision, name) for name in _CARRIED}
    if before == after:
        return
    for name, value in after.items():
        setattr(item, name, value)
    item.given_side = OTHER[item.owner_side]
    item.state = ActionState.OPEN.value
    item.round += 1
    _touch(item)
    changed = [name for name in _CARRIED if before[name] != after[name] and not name.endswith("_id")]
    record(
        actor=actor,
        action="meetings.action.amended",
        subject=item,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    _wait_no_more(actor, item)
    _wait(actor, item)
    announce("meetings.action.opened", action_id=item.pk)


@transaction.atomic
def action_report(*, actor: Actor, action_id: int, revision: int, report: str) -> ActionItem:
    """Its owner says that it is done, and how; from now on it waits for the side that gave it."""
    item = _held(actor, action_id, revision, "report")
    item.report, item.reported_at, item.reported_by = _words(report, "report"), now(), actor.name[:150]
    before = _go(item, "report")
    after = {"state": item.state, "report": item.report}
    record(actor=actor, action="meetings.action.reported", subject=item, before=before, after=after)
    _wait_no_more(actor, item)
    offices_wait(
        actor=actor,
        pairing=item.pairing,
        sides=[item.given_side],
        key=f"meetings.check:{item.pk}:{item.round}",
        kind=CHECK,
        url=address(item),
        title=gettext_noop("请确认办结：%(action)s（%(pairing)s）"),
        params=_params(item),
        subject=subject_of(item),
    )
    announce("meetings.action.moved", action_id=item.pk, verb="report")
    return item


@transaction.atomic
def action_return(*, actor: Actor, action_id: int, revision: int, note: str) -> ActionItem:
    """The side that gave it says that it is not done, and why; it waits for its owner again."""
    item = _held(actor, action_id, revision, "return")
    item.note = _words(note, "note")
    item.round += 1
    before = _go(item, "return")
    after = {"state": item.state, "note": item.note}
    record(actor=actor, action="meetings.action.returned", subject=item, before=before, after=after, reason=item.note)
    _wait_no_more(actor, item)
    _wait(actor, item)
    announce("meetings.action.moved", action_id=item.pk, verb="return")
    return item


@transaction.atomic
def action_close(*, actor: Actor, action_id: int, revision: int, note: str = "") -> ActionItem:
    """The side that gave it agrees that it is done."""
    item = _held(actor, action_id, revision, "close")
    return _end(actor, item, "close", "closed", _words(note, "note", needed=False))


@transaction.atomic
def action_drop(*, actor: Actor, action_id: int, revision: int, note: str) -> ActionItem:
    """The side that gave it does not ask for it any more; the reason is a must."""
    item = _held(actor, action_id, revision, "drop")
    return _end(actor, item, "drop", "dropped", _words(note, "note"))


def _end(actor: Actor, item: ActionItem, verb: str, said: str, note: str) -> ActionItem:
    item.note, item.ended_at, item.ended_by = note, now(), actor.name[:150]
    before = _go(item, verb)
    after = {"state": item.state, "note": note}
    record(actor=actor, action=f"meetings.action.{said}", subject=item, before=before, after=after, reason=note)
    _wait_no_more(actor, item)
    announce("meetings.action.moved", action_id=item.pk, verb=verb)
    return item


def _held(actor: Actor, action_id: int, revision: int, verb: str) -> ActionItem:
    related = ("meeting", "pairing__first_region", "pairing__second_region")
    rows = ActionItem.objects.select_for_update(of=("self",)).select_related(*related)
    item = rows.filter(pk=action_id).first()
    if item is None:
        raise NotFound
    if not ACTIONS.allows(ActionState(item.state), verb):
        raise Conflict(_("事项%(state)s，不能进行这一步。") % {"state": item.state_label})
    policies.act(actor, item, verb).or_raise()
    if item.revision != revision:
        raise Stale(revision=item.revision)
    return item


def _go(item: ActionItem, verb: str) -> dict[str, str]:
    before = {"state": item.state}
    item.state = ACTIONS.go(ActionState(item.state), verb).value
    _touch(item)
    return before


def _touch(item: ActionItem) -> None:
    item.revision += 1
    item.changed_at = now()
    item.save()


def _words(text: str, field: str, *, needed: bool = True) -> str:
    text = clean(text)
    if needed and not has_word(text):
        raise Invalid(fields={field: [_("请填写说明。")]})
    if len(text) > 1000:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": 1000}]})
    return text


def address(item: ActionItem) -> str:
    """The item's page."""
    return reverse("meetings:action", args=[item.pk])


def _params(item: ActionItem) -> dict[str, object]:
    return {"action": item.text[:120], "pairing": pairing_words(item.pairing)}


def _wait(actor: Actor, item: ActionItem) -> None:
    """Let it wait for its owner: the person, the organisation, or the side's office."""
    if item.organisation_id is None and item.account_id is None:
        offices_wait(
            actor=actor,
            pairing=item.pairing,
            sides=[item.owner_side],
            key=f"meetings.action:{item.pk}:{item.round}",
            kind=OWED,
            url=address(item),
            title=OWED_TITLE,
            params=_params(item),
            subject=subject_of(item),
            due_on=item.due_on,
        )
        return
    to = To(account_id=item.account_id) if item.account_id else To(organisation_id=item.organisation_id)
    item_open(
        actor=actor,
        key=f"meetings.action:{item.pk}:{item.round}:owner",
        kind=OWED,
        to=to,
        url=address(item),
        title=OWED_TITLE,
        params=_params(item),
        subject=subject_of(item),
        due_on=item.due_on,
    )


OWED_TITLE = gettext_noop("议定事项：%(action)s（%(pairing)s）")


def _wait_no_more(actor: Actor, item: ActionItem) -> None:
    ref = SubjectRef(ActionItem._meta.label_lower, str(item.pk))
    waiting_end(actor=actor, subject=ref, kinds=[OWED, CHECK])
