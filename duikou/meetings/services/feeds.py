"""Making and withdrawing the private address of one's calendar."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Forbidden
from duikou.kernel.permissions import check
from duikou.meetings import policies
from duikou.meetings.models import Feed
from duikou.meetings.selectors.feeds import secret_digest
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def feed_renew(*, actor: Actor) -> str:
    """Make a new address for the actor's post and return its secret, which nobody can read again; the old one ends."""
    membership_id = _post(actor)
    _withdraw(actor)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(membership_id=membership_id, digest=secret_digest(secret), created_at=now())
    record(actor=actor, action="meetings.feed.renewed", subject=_ref(actor), after={"digest": feed.digest[:12]})
    return secret


@transaction.atomic
def feed_withdraw(*, actor: Actor) -> bool:
    """End the address of the actor's post; returns whether there was one."""
    _post(actor)
    gone = _withdraw(actor)
    if gone:
        record(actor=actor, action="meetings.feed.withdrawn", subject=_ref(actor))
    return gone


def _post(actor: Actor) -> int:
    check(actor, policies.FEED.code).or_raise()
    if not actor.is_person or actor.membership_id is None or actor.admin_mode_id is not None:
        raise Forbidden(_("您的岗位没有日历。"))
    return actor.membership_id


def _withdraw(actor: Actor) -> bool:
    live = Feed.objects.filter(membership=actor.membership_id, withdrawn_at=None)
    return live.update(withdrawn_at=now()) > 0


def _ref(actor: Actor) -> SubjectRef:
    return SubjectRef("meetings.feed", str(actor.membership_id), actor.name)
