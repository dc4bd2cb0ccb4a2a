"""What a held meeting keeps: the pack's duty, the mechanism's beat; and that its minutes wait for the host."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.flow.models import Obligation
from duikou.flow.selectors.obligations import year_owed
from duikou.flow.services.obligations import obligation_fulfil, obligation_reopen
from duikou.kernel.actor import Actor
from duikou.meetings.models import Host, Meeting, Side
from duikou.meetings.services.waiting import MINUTES, offices_wait, pairing_words, waiting_end
from duikou.records.services.audit import SubjectRef, subject_of


def address(meeting: Meeting) -> str:
    """The meeting's page."""
    return reverse("meetings:meeting", args=[meeting.pk])


def duty_keep(*, actor: Actor, meeting: Meeting) -> Obligation | None:
    """The duty that the meeting was for is done, on the day it began; None where it was for none."""
    year = _year(meeting)
    if meeting.duty is None or year is None:
        return None
    return obligation_fulfil(
        actor=actor,
        duty_code=meeting.duty.code,
        pairing=meeting.pairing,
        year=year,
        subject=subject_of(meeting),
        url=address(meeting),
        on=meeting.first_day,
    )


def duty_reopen(*, actor: Actor, meeting: Meeting, reason: str) -> None:
    """It is owed again, if it was this meeting that kept it."""
    year = _year(meeting)
    if meeting.duty is None or year is None:
        return
    mine = Obligation.objects.filter(
        duty=meeting.duty,
        pairing=meeting.pairing,
        year=year,
        subject_kind=Meeting._meta.label_lower,
        subject_id=str(meeting.pk),
    )
    if mine.exists():
        obligation_reopen(actor=actor, duty_code=meeting.duty.code, pairing=meeting.pairing, year=year, reason=reason)


def _year(meeting: Meeting) -> int | None:
    if meeting.duty is None:
        return None
    return year_owed(duty=meeting.duty, pairing=meeting.pairing, on=meeting.first_day)


def hosting(meeting: Meeting) -> tuple[str, ...]:
    """The sides that invite."""
    return (Side.FIRST.value, Side.SECOND.value) if meeting.host == Host.BOTH else (meeting.host,)


def minutes_wait(*, actor: Actor, meeting: Meeting) -> None:
    """Let the minutes wait for the host's office."""
    offices_wait(
        actor=actor,
        pairing=meeting.pairing,
        sides=hosting(meeting),
        key=f"meetings.minutes:{meeting.pk}:{meeting.sequence}",
        kind=MINUTES,
        url=address(meeting),
        title=gettext_noop("请整理“%(meeting)s”（%(pairing)s）的会议纪要"),
        params={"meeting": meeting.title, "pairing": pairing_words(meeting.pairing)},
        subject=subject_of(meeting),
    )


def minutes_wait_no_more(*, actor: Actor, meeting: Meeting) -> None:
    """They were sent for signing, or there is nothing to write."""
    waiting_end(actor=actor, subject=SubjectRef(Meeting._meta.label_lower, str(meeting.pk)), kinds=[MINUTES])
