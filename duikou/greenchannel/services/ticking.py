"""The clock's round: who has left, what is due soon, what is late, who has not answered. Safe to run twice."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from duikou.flow.services.inbox import To
from duikou.flow.services.notices import Telling, tell
from duikou.greenchannel.models import GreenChannelRequest, StepKind
from duikou.greenchannel.rules.clock import days_between, late_days
from duikou.greenchannel.selectors.owners import live_posts, owner_for, owner_works
from duikou.greenchannel.selectors.parameters import numbers
from duikou.greenchannel.services.keeping import (
    address,
    late_mark,
    owner_put,
    request_held,
    request_went,
    step_write,
)
from duikou.greenchannel.services.waiting import (
    DUE,
    asker_address,
    late_open,
    owner_address,
    people_of,
    turn_next,
    words_about,
)
from duikou.greenchannel.states import LIVE, PAUSED, RUNNING
from duikou.kernel.actor import Actor
from duikou.kernel.clock import is_working_day, now, today
from duikou.kernel.facts import announce
from duikou.records.services.audit import record

ME = Actor.job("greenchannel.tick")
MOST = 5000
"""Requests of one kind in one round; the next round takes the rest."""

Act = Callable[[GreenChannelRequest, int], bool]


def requests_tick() -> dict[str, int]:
    """One round; how many were reassigned, reminded of, escalated to the lead, to both offices, and askers reminded."""
    found = {"reassigned": sum(_reassign(pk) for pk in _pks(_left()))}
    live = GreenChannelRequest.objects.filter(state__in=LIVE)
    for programme_id in list(live.order_by().values_list("programme_id", flat=True).distinct()):
        days = numbers(programme_id)
        rows = live.filter(programme_id=programme_id)
        running, paused = rows.filter(state__in=RUNNING), rows.filter(state__in=PAUSED)
        late, unheard = running.filter(due_on__lt=today()), running.filter(due_on__gte=today())
        rounds: tuple[tuple[str, QuerySet[GreenChannelRequest], Act, str], ...] = (
            ("reminded", unheard.exclude(reminded_for=F("due_on")), _remind, "remind_before"),
            ("escalated", late.filter(escalated_at=None), _escalate, "lead_after"),
            ("escalated_both", late.filter(escalated_both_at=None), _escalate_both, "both_after"),
            ("asked", paused, _remind_asker, "asker_every"),
        )
        for name, some, act, parameter in rounds:
            found[name] = found.get(name, 0) + sum(_hold(pk, act, days[parameter]) for pk in _pks(some))
    return found


def _pks(rows: QuerySet[GreenChannelRequest]) -> list[int]:
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def _hold(request_id: int, act: Act, days: int) -> bool:
    """Lock one request, so that the clock and a step never cross, and do to it what still applies."""
    return act(request_held(actor=ME, request_id=request_id), days)


def _remind(request: GreenChannelRequest, days: int) -> bool:
    left = days_between(today(), request.due_on, is_working_day)
    due = request.state in RUNNING and today() <= request.due_on and request.reminded_for != request.due_on
    if not due or left > days:
        return False
    _set(request, reminded_for=request.due_on)
    title = gettext_noop("绿色通道诉求%(number)s将于%(due)s到期：%(title)s（%(project)s）")
    _tell(request, f"due:{request.due_on}", title, owner_address(request))
    return True


def _escalate(request: GreenChannelRequest, days: int) -> bool:
    """To the lead of the office on whose side it must be solved."""
    if request.escalated_at is not None or not _is_late(request, days):
        return False
    late_open(actor=ME, request=request, key="lead", region=request.region)
    _pressed(request, StepKind.ESCALATED, "escalated_at")
    return True


def _escalate_both(request: GreenChannelRequest, days: int) -> bool:
    """To both leading-group offices: the leads of the two regions that are paired; the lead always comes first."""
    if request.escalated_both_at is not None or request.escalated_at is None or not _is_late(request, days):
        return False
    pairing = request.project.pairing
    for side, region in (("first", pairing.first_region), ("second", pairing.second_region)):
        if region is not None:
            late_open(actor=ME, request=request, key=side, region=region)
    _pressed(request, StepKind.ESCALATED_BOTH, "escalated_both_at")
    return True


def _is_late(request: GreenChannelRequest, days: int) -> bool:
    return request.state in RUNNING and late_days(request.due_on, today(), is_working_day) > days


def _pressed(request: GreenChannelRequest, said: StepKind, mark: str) -> None:
    late_mark(request)
    _set(request, **{mark: now(), "late_on": request.late_on})
    step_write(actor=ME, request=request, said=said)
    record(
        actor=ME,
        action=f"greenchannel.request.{said.value}",
        subject=request,
        after={"due_on": request.due_on, "owner": request.owner_name},
    )
    title = gettext_noop("绿色通道诉求%(number)s已逾期，期限%(due)s：%(title)s（%(project)s）")
    _tell(request, said.value, title, owner_address(request))


def _remind_asker(request: GreenChannelRequest, days: int) -> bool:
    """Again after every so many working days; silence never closes anything."""
    if request.state not in PAUSED or request.paused_on is None:
        return False
    last = request.asker_reminded_on or request.paused_on
    if days_between(last, today(), is_working_day) < days:
        return False
    _set(request, asker_reminded_on=today())
    title = gettext_noop("绿色通道诉求%(number)s等您答复或确认，计时已暂停：%(title)s（%(project)s）")
    _tell(request, f"asker:{today()}", title, asker_address(request))
    return True


def _set(request: GreenChannelRequest, **values: object) -> None:
    for name, value in values.items():
        setattr(request, name, value)
    request.save(update_fields=list(values))


def _tell(request: GreenChannelRequest, occasion: str, title: str, to: To) -> None:
    words = {**words_about(request), "due": request.due_on.isoformat()}
    key = f"greenchannel:{request.pk}:{occasion}"
    tell(Telling(key, DUE, title, address(request), people_of(to), words))


def _left() -> QuerySet[GreenChannelRequest]:
    """Open requests whose owner, or everybody of whose owning organisation, has left."""
    posts = live_posts().order_by().filter(organisation_id=OuterRef("owner_organisation_id"))
    person = posts.filter(account_id=OuterRef("owner_id"))
    gone = Q(owner__isnull=False) & ~Exists(person) | Q(owner=None) & ~Exists(posts)
    return GreenChannelRequest.objects.filter(gone, state__in=LIVE)


@transaction.atomic
def _reassign(request_id: int) -> bool:
    """By the rules as they are now; whom it finds must accept anew, while the clock runs on."""
    request = request_held(actor=ME, request_id=request_id)
    if not request.is_live or owner_works(request):
        return False
    owner = owner_for(programme=request.programme, kind=request.kind, region=request.region)
    if (owner.account_id, owner.organisation_id) == (request.owner_id, request.owner_organisation_id):
        return False
    before = {name: getattr(request, name) for name in ("state", "owner_name", "basis")}
    owner_put(request, owner)
    request_went(actor=ME, request=request, verb="reassign", said=StepKind.REASSIGNED, text="", before=before)
    turn_next(actor=ME, request=request)
    announce("greenchannel.request.moved", request_id=request.pk, verb="reassign", revision=request.revision)
    return True
