"""What waits for owners, askers and leads, and which kinds of things this room tells."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem, Kind, register
from duikou.flow.selectors import accounts_addressed
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_open, items_close_about
from duikou.greenchannel.models import GreenChannelRequest, RequestState
from duikou.greenchannel.selectors.owners import live_posts
from duikou.greenchannel.services.keeping import address
from duikou.kernel.actor import Actor, Role
from duikou.programme.models import Region
from duikou.records.services.audit import subject_of

OWN = "greenchannel.own"
ASK = "greenchannel.ask"
LATE = "greenchannel.late"
MOVED = "greenchannel.moved"
DUE = "greenchannel.due"

_OWNER_TITLES = {
    RequestState.RAISED: gettext_noop("请受理绿色通道诉求%(number)s：%(title)s（%(project)s）"),
    RequestState.WORKING: gettext_noop("请办理绿色通道诉求%(number)s：%(title)s（%(project)s）"),
}
_ASKER_TITLES = {
    RequestState.ASKED: gettext_noop("请补充绿色通道诉求%(number)s：%(title)s（%(project)s）"),
    RequestState.PROPOSED: gettext_noop("请确认是否解决：绿色通道诉求%(number)s：%(title)s（%(project)s）"),
}
_LATE_TITLE = gettext_noop("绿色通道诉求%(number)s逾期未解决，请督办：%(title)s（%(project)s）")


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(OWN, _("待办理的绿色通道诉求"), "flag", is_duty=True))
    register(Kind(ASK, _("待答复或确认的绿色通道诉求"), "flag", is_duty=True))
    register(Kind(LATE, _("绿色通道督办"), "clock", is_duty=True))
    register(Kind(MOVED, _("绿色通道诉求进展"), "trending-up"))
    register(Kind(DUE, _("绿色通道到期和确认提醒"), "bell"))


def words_about(request: GreenChannelRequest) -> dict[str, object]:
    """The values of every title: no personal data, it goes out by mail."""
    return {"number": request.number, "title": request.title, "project": request.project.name[:80]}


def turn_next(*, actor: Actor, request: GreenChannelRequest) -> None:
    """It waits for whoever's turn it is now, and no more for who it waited for; nobody's when it has ended."""
    ref = subject_of(request)
    if not request.is_live:
        items_close_about(actor=actor, subject=ref)
        return
    items_close_about(actor=actor, subject=ref, kinds=(OWN, ASK))
    state = RequestState(request.state)
    is_owners = state in _OWNER_TITLES
    item_open(
        actor=actor,
        key=f"greenchannel:{request.pk}:{request.revision}",
        kind=OWN if is_owners else ASK,
        to=owner_address(request) if is_owners else asker_address(request),
        url=address(request),
        title=_OWNER_TITLES[state] if is_owners else _ASKER_TITLES[state],
        params=words_about(request),
        subject=ref,
        due_on=request.due_on if is_owners else None,
    )


def owner_address(request: GreenChannelRequest) -> To:
    """The person, the organisation, or the post of an office that nobody holds yet."""
    if request.owner_id is not None:
        return To(account_id=request.owner_id)
    if request.owner_organisation_id is not None:
        return To(organisation_id=request.owner_organisation_id)
    return lead_address(request.region)


def asker_address(request: GreenChannelRequest) -> To:
    """Who raised it, or the organisation when that person works there no more."""
    body, person = request.asker_organisation_id, request.asker_id
    if person is not None and (body is None or live_posts().filter(account_id=person, organisation_id=body).exists()):
        return To(account_id=person)
    return To(organisation_id=body)


def lead_address(region: Region) -> To:
    """The lead of the nearest office over a region."""
    role, place = step_address(Role.OFFICE_LEAD.value, region)
    return To(role=Role(role), region=place)


def late_open(*, actor: Actor, request: GreenChannelRequest, key: str, region: Region) -> None:
    """Let the lead of a region's office press for it, once per `key`."""
    item_open(
        actor=actor,
        key=f"greenchannel.late:{request.pk}:{key}",
        kind=LATE,
        to=lead_address(region),
        url=address(request),
        title=_LATE_TITLE,
        params=words_about(request),
        subject=subject_of(request),
        due_on=request.due_on,
    )


def people_of(to: To) -> list[int]:
    """The accounts that an address means (one query)."""
    if to.account_id is not None:
        return [to.account_id]
    region = to.region.path if to.region is not None else ""
    item = InboxItem(organisation_id=to.organisation_id, role=to.role or "", region_path=region)
    return [account.pk for account in accounts_addressed(item)]
