"""The steps of a request, each by its owner or its asker: check → lock → change → record → announce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.greenchannel.models import Basis, GreenChannelRequest
from duikou.greenchannel.selectors.owners import live_posts, of_post, owners_offered, side_regions
from duikou.greenchannel.services.keeping import (
    clock_end,
    clock_go,
    clock_stop,
    late_mark,
    owner_put,
    request_for,
    request_went,
    words_of,
)
from duikou.greenchannel.services.waiting import turn_next
from duikou.greenchannel.states import SAID, WITHOUT_WORDS
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce

_WATCHED = ("state", "owner_name", "basis", "due_on", "side", "round", "solution")


@transaction.atomic
def request_step(
    *, actor: Actor, request_id: int, revision: int, verb: str, text: str = "", to: str = ""
) -> GreenChannelRequest:
    """Take the step `verb` (see `states.REQUEST`); `to` is the code of whom a transfer hands it to.

    Raises `NotFound`, `Forbidden`, `Conflict` with where it stands when somebody was first, `Stale`, or `Invalid`.
    """
    request = request_for(actor=actor, request_id=request_id, revision=revision, verb=verb)
    words = words_of(text, needed=verb not in WITHOUT_WORDS)
    before = {name: getattr(request, name) for name in _WATCHED}
    late_mark(request)
    if verb == "transfer":
        _hand_over(request, to)
    elif verb in _DO:
        _DO[verb](actor, request, words)
    request_went(actor=actor, request=request, verb=verb, said=SAID[verb], text=words, before=before)
    if verb != "note":
        turn_next(actor=actor, request=request)
    announce("greenchannel.request.moved", request_id=request.pk, verb=verb, revision=request.revision)
    return request


def _accept(actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    """Where an organisation owns it, whoever accepts is the person who answers for it: the clause asks for one."""
    if request.owner_id is None and actor.membership_id is not None:
        post = live_posts().filter(pk=actor.membership_id).first()
        if post is not None:
            owner_put(request, of_post(post, Basis(request.basis)))


def _ask(_actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    clock_stop(request)


def _propose(actor: Actor, request: GreenChannelRequest, words: str) -> None:
    request.solution, request.proposed_by_id = words, actor.account_id
    clock_stop(request)


def _answer(_actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    clock_go(request)


def _reject(_actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    request.round += 1
    clock_go(request)


def _agree(_actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    clock_go(request)
    clock_end(request)
    request.ended_at = now()


def _withdraw(_actor: Actor, request: GreenChannelRequest, _words: str) -> None:
    clock_go(request)
    request.ended_at = now()


_DO: dict[str, Callable[[Actor, GreenChannelRequest, str], Any]] = {
    "accept": _accept,
    "ask": _ask,
    "propose": _propose,
    "answer": _answer,
    "reject": _reject,
    "agree": _agree,
    "withdraw": _withdraw,
}


def _hand_over(request: GreenChannelRequest, to: str) -> None:
    """To somebody else, maybe on the other side; the clock runs on: the asker has waited all the while."""
    side = to.partition(":")[0]
    offered = owners_offered(request).get(side, [])
    owner = next((one for code, one in offered if code == to), None)
    if owner is None:
        raise Invalid(fields={"to": [_("请选择转给谁。")]})
    if (owner.account_id, owner.organisation_id) == (request.owner_id, request.owner_organisation_id):
        raise Invalid(fields={"to": [_("诉求已由其负责，请选择另一个责任人。")]})
    request.side, request.region = side, side_regions(request.project)[side]
    owner_put(request, owner)
