"""Minutes on their way: sent by the host, signed by both sides, returned or withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.canonical import digest
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Stale
from duikou.kernel.facts import announce
from duikou.kernel.rich_text import plain
from duikou.kernel.text import has_word
from duikou.meetings import policies
from duikou.meetings.models import Meeting, MinutesVersion, Side
from duikou.meetings.rules.content import facts_written
from duikou.meetings.selectors.minutes import facts_of
from duikou.meetings.services.actions import actions_follow
from duikou.meetings.services.keeping import minutes_wait, minutes_wait_no_more
from duikou.meetings.services.meetings import meeting_locked
from duikou.meetings.services.minutes import minutes_locked
from duikou.meetings.states import LIFECYCLE, MINUTES, MeetingState, MinutesState
from duikou.records.services.audit import record


class Unready(Conflict):
    """The minutes lack what must be there before anybody signs; `missing` is the list."""

    code = "unready"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("纪要还不完整，不能送签：%(missing)s") % {"missing": "".join(missing)}, missing=missing)


def digest_of(version: MinutesVersion) -> str:
    """The SHA-256 of what the minutes say: as signed, once they are; of the present content before."""
    return version.digest or digest(facts_written(facts_of(version)))


def is_intact(version: MinutesVersion) -> bool:
    """Whether signed minutes still are what was signed: the kept text has the digest."""
    return bool(version.digest) and digest(version.sealed.encode()) == version.digest


def missing_of(version: MinutesVersion) -> list[str]:
    """What signing still waits for, in sentences (one query)."""
    found = []
    if not has_word(plain(version.body)):
        found.append(_("请填写纪要正文。"))
    seats = set(version.meeting.attendees.order_by().values_list("seat", flat=True))
    pairing = version.meeting.pairing
    for side, label in ((Side.FIRST.value, pairing.first_region.label), (Side.SECOND.value, pairing.second_label)):
        if side not in seats:
            found.append(_("请登记%(side)s出席人员。") % {"side": label})
    return found


@transaction.atomic
def minutes_close(*, actor: Actor, version_id: int, revision: int) -> MinutesVersion:
    """Close the draft for signing, as its sender saw it; raises `Unready` (the list) or `Stale`."""
    version = minutes_locked(version_id)
    version.meeting = meeting_locked(version.meeting_id)
    policies.write_minutes(actor, version).or_raise()
    if version.revision != revision:
        raise Stale(_("纪要在您打开之后又有修改，请看过现在的内容再送签。"), revision=version.revision)
    if missing := missing_of(version):
        raise Unready(missing)
    version.submitted_at = now()
    minutes_wait_no_more(actor=actor, meeting=version.meeting)
    return _moved(actor, version, "submit", "submitted", ["submitted_at"])


@transaction.atomic
def minutes_signed(*, actor: Actor, version_id: int) -> MinutesVersion:
    """Both sides signed: the text is kept with its digest, the version before is superseded, decisions come to life.

    A second time it does nothing.
    """
    version = minutes_locked(version_id)
    if version.digest:
        return version
    version.meeting = meeting_locked(version.meeting_id)
    for earlier in MinutesVersion.objects.select_for_update().filter(
        meeting=version.meeting, state=MinutesState.SIGNED
    ):
        earlier.meeting = version.meeting
        _moved(actor, earlier, "supersede", "superseded", [], follows=False)
    text = facts_written(facts_of(version))
    version.sealed, version.digest, version.signed_at = text.decode(), digest(text), now()
    version = _moved(actor, version, "sign", "signed", ["sealed", "digest", "signed_at"])
    actions_follow(actor=actor, version=version)
    return version


@transaction.atomic
def minutes_back(*, actor: Actor, version_id: int, verb: str, reason: str) -> MinutesVersion:
    """Returned by a side (`return`) or taken back by the host (`withdraw`): a draft again, which waits for the host."""
    version = minutes_locked(version_id)
    version.meeting = meeting_locked(version.meeting_id)
    version = _moved(actor, version, verb, "drafted", [], reason)
    if version.meeting.state == MeetingState.HELD:
        minutes_wait(actor=actor, meeting=version.meeting)
    return version


def _moved(
    actor: Actor,
    version: MinutesVersion,
    verb: str,
    said: str,
    fields: list[str],
    reason: str = "",
    *,
    follows: bool = True,
) -> MinutesVersion:
    before = version.state
    version.state = MINUTES.go(MinutesState(before), verb).value
    version.save(update_fields=["state", *fields])
    after = {"state": version.state, **({"digest": version.digest} if version.digest else {})}
    record(
        actor=actor,
        action=f"meetings.minutes.{said}",
        subject=version,
        before={"state": before},
        after=after,
        reason=reason,
    )
    if follows and version.meeting.state != MeetingState.SIGNED:
        _meeting_follows(version.meeting, verb)
    announce("meetings.minutes.moved", version_id=version.pk, state=version.state)
    return version


def _meeting_follows(meeting: Meeting, verb: str) -> None:
    """Until its first minutes are signed, the meeting goes their way."""
    meeting.state = LIFECYCLE.go(MeetingState(meeting.state), verb).value
    meeting.revision += 1
    meeting.sequence += 1
    meeting.save(update_fields=["state", "revision", "sequence"])
