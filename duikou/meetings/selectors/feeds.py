"""Private calendar addresses, and what they answer."""

from __future__ import annotations

import datetime as dt
import hashlib

from duikou.access.models import Membership
from duikou.access.selectors import actor_of_membership
from duikou.flow.models import Obligation
from duikou.flow.selectors.obligations import obligations_dated
from duikou.kernel.actor import Actor, Role
from duikou.meetings.models import ActionItem, Feed, Meeting
from duikou.meetings.selectors.calendar import meetings_between
from duikou.meetings.selectors.scope import SIDES, actions_visible
from duikou.meetings.states import LIVE_ACTIONS

BACK, AHEAD = dt.timedelta(days=366), dt.timedelta(days=731)
"""How much of the past and of the future a feed holds."""
MOST = 500
NO_CALENDAR = frozenset({Role.MEMBER, Role.OPERATOR, Role.PUBLIC})
"""Posts that have no calendar, whatever they had when the address was made."""


def secret_digest(secret: str) -> str:
    """What is kept of a secret address."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(*, actor: Actor) -> Feed | None:
    """The live address of the actor's post."""
    return Feed.objects.filter(membership=actor.membership_id, withdrawn_at=None).first()


def actor_of_secret(secret: str) -> Actor | None:
    """As whom the address reads today; None when it is unknown, withdrawn, or its owner's post has ended."""
    feed = Feed.objects.filter(digest=secret_digest(secret), withdrawn_at=None).first()
    if feed is None:
        return None
    posts = Membership.objects.live().select_related("account", "organisation", "region")
    post = posts.filter(pk=feed.membership_id, account__is_active=True).first()
    if post is None:
        return None
    actor = actor_of_membership(post)
    return None if actor.role in NO_CALENDAR else actor


def feed_rows(*, actor: Actor, today: dt.date) -> tuple[list[Meeting], list[ActionItem], list[Obligation]]:
    """What the feed holds (one query each, and one for the scope of duties)."""
    start, end = today - BACK, today + AHEAD
    meetings = meetings_between(actor=actor, start=start, end=end)
    rows = actions_visible(actor=actor).filter(state__in=LIVE_ACTIONS).select_related(*SIDES)
    actions = list(rows.order_by("due_on", "id")[:MOST])
    duties = [] if actor.role is Role.UNIT else obligations_dated(actor=actor, start=today - BACK, end=end)
    return meetings, actions, [row for row in duties if row.fulfilled_on is None][:MOST]
