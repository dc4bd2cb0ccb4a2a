"""What every step shares: holding the request, its clock, its visible steps and the trail."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.greenchannel import policies
from duikou.greenchannel.models import GreenChannelRequest, RequestPause, RequestStep, StepKind
from duikou.greenchannel.rules.clock import days_between, days_run, due_day
from duikou.greenchannel.selectors.owners import Owner
from duikou.greenchannel.selectors.scope import RELATED, requests_visible
from duikou.greenchannel.states import REQUEST, RUNNING, RequestState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import is_working_day, now, today
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.text import clean, has_word
from duikou.records.services.audit import record

LONGEST = 2000


def address(request: GreenChannelRequest) -> str:
    """The request's page."""
    return reverse("greenchannel:request", args=[request.pk])


def request_held(*, actor: Actor, request_id: int) -> GreenChannelRequest:
    """The request, locked until the transaction ends: whoever acts at the same moment queues here."""
    rows = requests_visible(actor=actor).select_for_update(of=("self",)).select_related(*RELATED)
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def request_for(*, actor: Actor, request_id: int, revision: int, verb: str) -> GreenChannelRequest:
    """The request for a step that the actor may take and has seen it for; raises what stands against it.

    Somebody who comes second is told where it stands by now, by whom.
    """
    request = request_held(actor=actor, request_id=request_id)
    if not REQUEST.allows(RequestState(request.state), verb):
        last = RequestStep.objects.filter(request=request).order_by("id").last()
        words = {"state": request.state_label, "by": last.by if last else ""}
        raise Conflict(_("诉求已是“%(state)s”（%(by)s），不能再进行这一步。") % words)
    policies.step(actor, request, verb).or_raise()
    if request.revision != revision:
        raise Stale(revision=request.revision)
    return request


def words_of(text: str, field: str = "text", *, needed: bool = True) -> str:
    """What somebody wrote, cleaned; raises `Invalid` where words are a must or are too many."""
    text = clean(text)
    if needed and not has_word(text):
        raise Invalid(fields={field: [_("请填写说明。")]})
    if len(text) > LONGEST:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": LONGEST}]})
    return text


def late_mark(request: GreenChannelRequest) -> None:
    """Note that the clock has run beyond its term, if it has."""
    if request.state in RUNNING and request.late_on is None and request.due_on < today():
        request.late_on = request.due_on


def clock_stop(request: GreenChannelRequest) -> None:
    """From tomorrow on no day counts: it waits for the asker."""
    late_mark(request)
    request.paused_on = today()
    request.asker_reminded_on = None


def clock_go(request: GreenChannelRequest) -> None:
    """The days of the pause do not count, and the term ends so much later; what was late stays so."""
    if request.paused_on is None:
        return
    RequestPause.objects.create(request=request, began_on=request.paused_on, ended_on=today())
    request.paused_on = None
    if request.late_on is None:
        request.due_on = due_day(request.started_on, request.term, pauses_of(request), is_working_day)


def pauses_of(request: GreenChannelRequest) -> list[tuple[Any, Any]]:
    """The stretches in which the clock stood, as the rules reckon them (one query)."""
    return [pause.days for pause in RequestPause.objects.filter(request=request).order_by("began_on", "id")]


def clock_end(request: GreenChannelRequest) -> None:
    """How many working days it took: those that the clock ran, and all of them."""
    day = today()
    request.clock_days = days_run(request.started_on, day, pauses_of(request), is_working_day)
    request.whole_days = days_between(request.started_on, day, is_working_day)


def owner_put(request: GreenChannelRequest, owner: Owner) -> None:
    """From now on it is this owner's."""
    request.owner_id, request.owner_organisation_id = owner.account_id, owner.organisation_id
    request.owner_name, request.basis = owner.name[:300], owner.basis


def request_went(
    *,
    actor: Actor,
    request: GreenChannelRequest,
    verb: str,
    said: StepKind,
    text: str,
    before: dict[str, Any],
) -> None:
    """Save the step: state, revision, the visible step and the trail, in the caller's transaction."""
    request.state = REQUEST.go(RequestState(request.state), verb).value
    request.revision += 1
    request.changed_at = now()
    request.save()
    step_write(actor=actor, request=request, said=said, text=text)
    after = {name: getattr(request, name) for name in before}
    changed = {name for name in before if before[name] != after[name]}
    record(
        actor=actor,
        action=f"greenchannel.request.{said.value}",
        subject=request,
        before={name: before[name] for name in changed} or None,
        after={**{name: after[name] for name in changed}, "text": text},
        reason=text if said in {StepKind.REJECTED, StepKind.TRANSFERRED, StepKind.WITHDRAWN} else "",
    )


def step_write(*, actor: Actor, request: GreenChannelRequest, said: StepKind, text: str = "") -> None:
    """One visible step, with who owned the request after it."""
    place = f"（{actor.organisation_name}）" if actor.organisation_name else ""
    RequestStep.objects.create(
        request=request,
        kind=said.value,
        at=now(),
        account_id=actor.account_id,
        by=f"{actor.name}{place}"[:300] if actor.is_person else "",
        text=text,
        owner_name=request.owner_name,
    )
