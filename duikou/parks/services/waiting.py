"""What waits for offices: official figures to review, splits to confirm."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem, ItemState, Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.kernel.actor import Actor, Role
from duikou.parks.models import AgreedSplit, Park
from duikou.parks.rules.spans import Span
from duikou.parks.states import Side
from duikou.programme.models import Region
from duikou.records.services.audit import subject_of

REVIEW = "parks.review"
CONFIRM = "parks.confirm"


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(REVIEW, _("待审核的园区数据"), "list-check", is_duty=True))
    register(Kind(CONFIRM, _("待确认的协议分成"), "list-check", is_duty=True))


def review_waits(*, actor: Actor, park: Park, span: Span, count: int) -> None:
    """Submitted rows of a span wait for the office where the park lies, once until they are dealt with."""
    prefix = f"parks.review:{park.pk}:{span.code}:"
    known = InboxItem.objects.filter(key__startswith=prefix)
    if known.filter(state=ItemState.OPEN).exists():
        return
    item_open(
        actor=actor,
        key=f"{prefix}{known.count() + 1}",
        kind=REVIEW,
        to=_office(park, park.side),
        url=f"{reverse('parks:review', args=[park.pk])}?span={span.code}",
        title=gettext_noop("审核园区数据：%(park)s %(span)s（%(count)s家）"),
        params={"park": str(park)[:80], "span": span.text, "count": count},
        subject=subject_of(park),
    )


def review_ends(*, actor: Actor, park: Park, span: Span) -> None:
    """Nothing of this span waits any more."""
    _close(actor, f"parks.review:{park.pk}:{span.code}:")


def confirm_waits(*, actor: Actor, split: AgreedSplit) -> None:
    """A split waits for the side that did not make it."""
    other = Side.SECOND if split.made_by_side == Side.FIRST else Side.FIRST
    item_open(
        actor=actor,
        key=f"parks.confirm:{split.pk}:{split.revision}",
        kind=CONFIRM,
        to=_office(split.park, other.value),
        url=reverse("parks:split", args=[split.pk]),
        title=gettext_noop("确认协议分成：%(park)s %(year)s年"),
        params={"park": str(split.park)[:80], "year": split.year},
        subject=subject_of(split),
    )


def confirm_ends(*, actor: Actor, split: AgreedSplit) -> None:
    """The split was dealt with."""
    _close(actor, f"parks.confirm:{split.pk}:")


def _close(actor: Actor, prefix: str) -> None:
    waiting = InboxItem.objects.filter(key__startswith=prefix, state=ItemState.OPEN)
    for key in list(waiting.values_list("key", flat=True)):
        item_close(actor=actor, key=key)


def _office(park: Park, side: str) -> To:
    project = park.project
    region: Region = project.first_region
    if side == Side.SECOND and project.second_region is not None:
        region = project.second_region
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    return To(role=Role(role), region=place)
