"""What a viewer may know of: requests of projects one takes part in, and those one owns or asked."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.states import PARTY
from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region
from duikou.projects.models import ProjectParty

PLATFORM = frozenset({ActorKind.JOB, ActorKind.COMMAND})
SEES_ALL = frozenset({Role.COORDINATOR, Role.AUDITOR})
RELATED = (
    "programme",
    "kind",
    "region",
    "owner",
    "owner_organisation",
    "asker_organisation",
    "project__pairing__first_region",
    "project__pairing__second_region",
    "project__first_region",
    "project__second_region",
)


def requests_visible(*, actor: Actor) -> QuerySet[GreenChannelRequest]:
    """Requests that `actor` may know of, as a condition of the query.

    The coordinator and auditors all; an office those of projects with a side in its region; an organisation those of
    projects that it is a party to, and those that it owns or asked (an office too).
    """
    rows = GreenChannelRequest.objects.all()
    if not actor.is_signed_in:
        return rows.none()
    if actor.kind in PLATFORM or actor.admin_mode_id is not None or actor.role in SEES_ALL:
        return rows
    if actor.role not in PARTY:
        return rows.none()
    mine = Q(pk__in=[])
    if actor.organisation_id is not None:
        mine |= Q(owner_organisation_id=actor.organisation_id) | Q(asker_organisation_id=actor.organisation_id)
    if actor.role in OFFICE:
        mine |= _of_region(actor.region_path)
    elif actor.organisation_id is not None:
        own = ProjectParty.objects.filter(organisation_id=actor.organisation_id).values("project_id")
        mine |= Q(project_id__in=own)
    return rows.filter(mine)


def _of_region(path: str) -> Q:
    if not path:
        return Q(pk__in=[])
    inside = Region.objects.filter(path__startswith=path).values("pk")
    places = ("first_region", "second_region", "pairing__first_region", "pairing__second_region")
    found = Q()
    for place in places:
        found |= Q(**{f"project__{place}__in": inside})
    return found


def request_visible(*, actor: Actor, request_id: int) -> GreenChannelRequest:
    """One request with what its page names; raises `NotFound` when it is not there for this actor."""
    found = requests_visible(actor=actor).filter(pk=request_id).select_related(*RELATED).first()
    if found is None:
        raise NotFound
    return found


def request_sees(actor: Actor, request_id: str) -> Verdict:
    """Whether the actor may know of the request (for its files)."""
    known = requests_visible(actor=actor).filter(pk=_id(request_id)).exists()
    return Verdict.yes() if known else NOT_THERE


NOT_THERE = Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
