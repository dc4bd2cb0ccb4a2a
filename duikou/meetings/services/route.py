"""The road of minutes through `flow`: sent by the host's office, signed by the leads of both sides."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun, RouteStep
from duikou.flow.services.routes import run_start
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, NotFound
from duikou.meetings.models import MinutesVersion, Side
from duikou.meetings.selectors.minutes import minutes_visible
from duikou.meetings.services.minutes import RELATED
from duikou.meetings.services.signing import digest_of, minutes_back, minutes_close, minutes_signed
from duikou.programme.selectors import route_at
from duikou.records.services.audit import subject_of

KIND = "meetings.minutesversion"
ROUTE = "minutes"


@transaction.atomic
def minutes_submit(*, actor: Actor, version_id: int, revision: int) -> MinutesVersion:
    """Close the draft as its sender saw it and send it on the programme's route; raises `Unready` or `Stale`.

    Where the programme has no such route, or the second side is open, nothing is sent (`Conflict`, `Invalid`).
    """
    version = minutes_close(actor=actor, version_id=version_id, revision=revision)
    meeting = version.meeting
    route = route_at(meeting.programme, ROUTE)
    if route is None:
        raise Conflict(_("方案没有规定纪要的会签流程，不能送签。"))
    parties = {Side.FIRST.value: meeting.pairing.first_region}
    if meeting.pairing.second_region is not None:
        parties[Side.SECOND.value] = meeting.pairing.second_region
    run_start(
        actor=actor,
        route=route,
        subject=subject_of(version),
        parties=parties,
        digest=digest_of(version),
        programme=meeting.programme,
    )
    return version


def may_see(*, actor: Actor, subject_id: str) -> bool:
    """Whether the actor may know of the minutes that are on their way."""
    return minutes_visible(actor=actor).filter(pk=_id(subject_id)).exists()


def address(subject_id: str) -> str:
    """The page of the version."""
    row = MinutesVersion.objects.filter(pk=_id(subject_id)).values_list("meeting_id", "number").first()
    return reverse("meetings:minutes", args=row) if row else reverse("meetings:list")


def present_digest(subject_id: str) -> str:
    """What the minutes amount to now."""
    version = MinutesVersion.objects.select_related(*RELATED).filter(pk=_id(subject_id)).first()
    if version is None:
        raise NotFound
    return digest_of(version)


def on_stage(*, actor: Actor, run: RouteRun, stage_code: str) -> None:
    """A stage is complete; `signed` says that both sides signed."""
    if stage_code == "signed":
        minutes_signed(actor=actor, version_id=_id(run.subject_id))


def on_return(*, actor: Actor, run: RouteRun, step: RouteStep, reason: str) -> None:
    """Back to the host; a return to an earlier step changes nothing of the minutes."""
    if step.returned_to == "author":
        minutes_back(actor=actor, version_id=_id(run.subject_id), verb="return", reason=reason)


def on_withdraw(*, actor: Actor, run: RouteRun, reason: str) -> None:
    """The host took them back."""
    minutes_back(actor=actor, version_id=_id(run.subject_id), verb="withdraw", reason=reason)


def _id(subject_id: str) -> int:
    return int(subject_id) if subject_id.isascii() and subject_id.isdigit() and len(subject_id) < 18 else 0
