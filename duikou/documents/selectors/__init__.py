"""Plans in Word that were brought, for who may know of them."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from duikou.documents.models import Reading
from duikou.documents.states import ReadingState
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.meetings.models import MinutesVersion
from duikou.meetings.selectors import minutes_visible
from duikou.meetings.selectors.minutes import RELATED as RELATED_MINUTES
from duikou.plans.models import PlanEntry, PlanSection, PlanVersion
from duikou.plans.selectors import versions_visible
from duikou.plans.selectors.drafts import drafts_writable
from duikou.records.models import Evidence

RELATED = ("pairing__programme", "pairing__first_region", "pairing__second_region", "version__plan")


def reading_visible(*, actor: Actor, uid: uuid.UUID, lock: bool = False) -> Reading:
    """A file that the actor's organisation brought; raises `NotFound` for strangers."""
    rows = Reading.objects.select_related(*RELATED).filter(uid=uid)
    if actor.is_person and not actor.sees_all:
        rows = rows.filter(organisation=actor.organisation_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def reading_sees(actor: Actor, reading_id: str) -> Verdict:
    """May `actor` know of the file? Who brought it may, and whoever may read what it became."""
    nowhere = Verdict.no(_("没有找到这个页面或记录。"))
    reading = Reading.objects.filter(pk=int(reading_id)).first() if reading_id.isdecimal() else None
    if reading is None:
        return nowhere
    if reading.organisation_id is not None and reading.organisation_id == actor.organisation_id:
        return Verdict.yes()
    known = versions_visible(actor=actor).filter(pk=reading.version_id or 0).exists()
    return Verdict.yes() if known else nowhere


def minutes_with_digest(*, actor: Actor, digest: str) -> MinutesVersion | None:
    """The signed minutes with this digest, where the actor may read them (one query)."""
    rows = minutes_visible(actor=actor).filter(digest=digest).exclude(digest="")
    return rows.select_related(*RELATED_MINUTES).first()


def source_of(version: PlanVersion) -> Evidence | None:
    """The file that a version came from, kept as evidence (one query)."""
    done = Reading.objects.filter(version=version, state=ReadingState.DONE)
    ids = [str(pk) for pk in done.values_list("pk", flat=True)]
    return Evidence.objects.filter(subject_kind="documents.reading", subject_id__in=ids).first() if ids else None


def drafts_empty(*, actor: Actor) -> list[PlanVersion]:
    """Drafts that the actor may write and in which nothing is written yet (three queries)."""
    drafts = drafts_writable(actor=actor)
    ids = [draft.pk for draft in drafts]
    filled = set(PlanEntry.objects.filter(version__in=ids).values_list("version", flat=True))
    filled |= set(PlanSection.objects.filter(version__in=ids).exclude(body="").values_list("version", flat=True))
    return [draft for draft in drafts if draft.pk not in filled]
