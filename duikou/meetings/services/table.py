"""What lies on the table: the agenda, who sits there, and what the meeting is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce
from duikou.kernel.references import referables
from duikou.kernel.text import clean_name, has_word
from duikou.meetings import policies
from duikou.meetings.models import ActionItem, AgendaItem, Attendee, Meeting, MeetingLink, Seat
from duikou.meetings.rules.lines import Person
from duikou.meetings.services.meetings import correcting, meeting_locked, meeting_touch, refuse_stale
from duikou.meetings.states import LIVE_ACTIONS
from duikou.records.services.audit import record

MOST_ITEMS = 60
MOST_PEOPLE = 300
MOST_LINKS = 100


@transaction.atomic
def agenda_set(*, actor: Actor, meeting_id: int, revision: int, titles: Sequence[str]) -> Meeting:
    """Write the agenda anew, in this order; an item that is there already keeps what it takes up again."""
    meeting = _open(actor, meeting_id, revision)
    names = [clean_name(title) for title in titles]
    names = list(dict.fromkeys(name for name in names if has_word(name)))
    if len(names) > MOST_ITEMS or any(len(name) > 300 for name in names):
        raise Invalid(fields={"agenda": [_("最多%(count)s项，每项最多300个字。") % {"count": MOST_ITEMS}]})
    before = list(AgendaItem.objects.filter(meeting=meeting).order_by("order", "id"))
    if [item.title for item in before] == names:
        return meeting
    known = {item.title: item for item in before}
    AgendaItem.objects.filter(pk__in=[item.pk for item in before if item.title not in names]).delete()
    kept = [name for name in names if name in known]
    for order, name in enumerate(names):
        if name in known:
            known[name].order = order
    AgendaItem.objects.bulk_update([known[name] for name in kept], ["order"])
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, title=name) for order, name in enumerate(names) if name not in known
    )
    _changed(actor, meeting, "agenda", [item.title for item in before], names)
    return meeting


@transaction.atomic
def agenda_carry_over(*, actor: Actor, meeting_id: int, revision: int) -> int:
    """Put what earlier meetings of the pairing left undone at the end of the agenda, each once; returns how many."""
    meeting = _open(actor, meeting_id, revision)
    before = list(AgendaItem.objects.filter(meeting=meeting).order_by("order", "id"))
    there = {item.action_id for item in before}
    waiting = ActionItem.objects.filter(pairing=meeting.pairing, state__in=LIVE_ACTIONS).exclude(meeting=meeting)
    titles = {item.title for item in before}
    new: list[AgendaItem] = []
    for action in waiting.order_by("due_on", "id")[:MOST_ITEMS]:
        title = _("上次未办结：%(text)s") % {"text": action.text}
        if action.pk not in there and title[:300] not in titles and len(before) + len(new) < MOST_ITEMS:
            new.append(AgendaItem(meeting=meeting, order=len(before) + len(new), title=title[:300], action=action))
            titles.add(title[:300])
    if not new:
        return 0
    AgendaItem.objects.bulk_create(new)
    old = [item.title for item in before]
    _changed(actor, meeting, "agenda", old, [*old, *(item.title for item in new)])
    return len(new)


@transaction.atomic
def attendance_set(*, actor: Actor, meeting_id: int, revision: int, seats: Mapping[str, Sequence[Person]]) -> Meeting:
    """Write down anew who attends; the first who is named on a side leads it. Raises `Invalid` by seat."""
    meeting = _open(actor, meeting_id, revision)
    rows = [row for seat in Seat.values for row in _seated(meeting, seat, seats.get(seat, ()))]
    before = list(Attendee.objects.filter(meeting=meeting).order_by("seat", "order", "id"))
    if [_said(row) for row in before] == [_said(row) for row in sorted(rows, key=lambda row: (row.seat, row.order))]:
        return meeting
    Attendee.objects.filter(meeting=meeting).delete()
    Attendee.objects.bulk_create(rows)
    _changed(actor, meeting, "attendance", [_said(row) for row in before], [_said(row) for row in rows])
    return meeting


def _seated(meeting: Meeting, seat: str, people: Sequence[Person]) -> list[Attendee]:
    if len(people) > MOST_PEOPLE:
        raise Invalid(fields={seat: [_("最多%(count)s行，其余请只写人数。") % {"count": MOST_PEOPLE}]})
    for one in people:
        if len(one.name) > 60 or len(one.post) > 100 or len(one.organisation) > 200 or one.count > 9999:
            line = one.name or one.organisation
            raise Invalid(fields={seat: [_("“%(line)s”这一行太长，请分开填写。") % {"line": line[:20]}]})
    leader = next((place for place, one in enumerate(people) if one.name), None)
    return [
        Attendee(
            meeting=meeting,
            seat=seat,
            name=one.name,
            post=one.post,
            organisation=one.organisation,
            count=one.count if not one.name else 1,
            is_leader=place == leader and seat != Seat.GUEST,
            order=place,
        )
        for place, one in enumerate(people)
    ]


def _said(row: Attendee) -> str:
    parts = (row.get_seat_display(), row.name or str(row.count), row.post, row.organisation)
    return " ".join(str(part) for part in parts if part)


@transaction.atomic
def links_set(*, actor: Actor, meeting_id: int, revision: int, wanted: Sequence[tuple[str, str]]) -> Meeting:
    """Say anew what the meeting is about: (kind, id) of things that the actor may know of; others raise `Invalid`.

    What somebody else linked and this actor may not know of stays.
    """
    meeting = _open(actor, meeting_id, revision)
    if len(wanted) > MOST_LINKS:
        raise Invalid(fields={"links": [_("最多关联%(count)s项。") % {"count": MOST_LINKS}]})
    there = list(MeetingLink.objects.filter(meeting=meeting))
    found: dict[tuple[str, str], str] = {}
    hidden = {(link.kind, link.reference) for link in there}
    for kind in referables():
        ids = {one for name, one in wanted if name == kind.kind}
        ids |= {link.reference for link in there if link.kind == kind.kind}
        for one, reference in kind.find(actor, ids).items():
            found[kind.kind, one] = reference.label[:300]
    hidden -= found.keys()
    if unknown := [pair for pair in wanted if pair not in found]:
        raise Invalid(fields={"links": [_("没有这一项：%(id)s。") % {"id": unknown[0][1][:60]}]})
    keep = {*wanted, *hidden}
    gone = [link for link in there if (link.kind, link.reference) not in keep]
    known = {(link.kind, link.reference) for link in there}
    new = [
        MeetingLink(meeting=meeting, kind=kind, reference=one, label=found[kind, one])
        for kind, one in dict.fromkeys(wanted)
        if (kind, one) not in known
    ]
    if not gone and not new:
        return meeting
    MeetingLink.objects.filter(pk__in=[link.pk for link in gone]).delete()
    MeetingLink.objects.bulk_create(new)
    # The trail names them by id: who may read the meeting's history may not know of the things.
    _changed(actor, meeting, "links", [_ref(link) for link in gone], [_ref(link) for link in new])
    return meeting


def _ref(link: MeetingLink) -> str:
    return f"{link.kind} {link.reference}"


def _open(actor: Actor, meeting_id: int, revision: int) -> Meeting:
    meeting = meeting_locked(meeting_id)
    policies.change(actor, meeting, is_correcting=correcting(meeting)).or_raise()
    refuse_stale(meeting, revision)
    return meeting


def _changed(actor: Actor, meeting: Meeting, what: str, before: list[str], after: list[str]) -> None:
    meeting_touch(actor=actor, meeting=meeting)
    action = f"meetings.meeting.{what}"
    record(actor=actor, action=action, subject=meeting, before={what: before}, after={what: after})
    announce("meetings.meeting.changed", meeting_id=meeting.pk, sequence=None)
