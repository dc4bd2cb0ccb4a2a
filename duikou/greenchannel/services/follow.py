"""What follows from elsewhere: the calendar's days changed, a project was merged into another."""

from __future__ import annotations

from django.db import transaction

from duikou.flow.models import InboxItem, ItemState
from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.rules.clock import due_day
from duikou.greenchannel.services.keeping import pauses_of, request_held
from duikou.greenchannel.services.waiting import OWN
from duikou.greenchannel.states import LIVE
from duikou.kernel.actor import Actor
from duikou.kernel.clock import is_working_day
from duikou.projects.models import Project
from duikou.records.services.audit import record, subject_of

ME = Actor.job("greenchannel.follow")


def requests_redate() -> int:
    """Reckon anew when open requests fall due, after the table of working days changed; returns how many moved.

    What is late already stays late.
    """
    rows = GreenChannelRequest.objects.filter(state__in=LIVE, late_on=None)
    return sum(_redate(pk) for pk in list(rows.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _redate(request_id: int) -> bool:
    request = request_held(actor=ME, request_id=request_id)
    due = due_day(request.started_on, request.term, pauses_of(request), is_working_day)
    if not request.is_live or request.late_on is not None or due == request.due_on:
        return False
    before = {"due_on": request.due_on}
    request.due_on = due
    request.save(update_fields=["due_on"])
    ref = subject_of(request)
    waiting = InboxItem.objects.filter(subject_kind=ref.kind, subject_id=ref.id, kind=OWN, state=ItemState.OPEN)
    waiting.update(due_on=due)
    after = {"due_on": due}
    record(actor=ME, action="greenchannel.request.redated", subject=request, before=before, after=after)
    return True


@transaction.atomic
def requests_follow(*, kept_id: int, duplicate_id: int) -> int:
    """Requests of a project that was merged into another go with it; returns how many. Safe to run twice."""
    kept = Project.objects.get(pk=kept_id)
    pks = list(GreenChannelRequest.objects.filter(project_id=duplicate_id).values_list("pk", flat=True))
    for pk in pks:
        request = request_held(actor=ME, request_id=pk)
        before = {"project": request.project.number}
        GreenChannelRequest.objects.filter(pk=pk).update(project=kept)
        after = {"project": kept.number}
        record(actor=ME, action="greenchannel.request.moved", subject=request, before=before, after=after)
    return len(pks)
