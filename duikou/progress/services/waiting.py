"""What reports let wait for whom: the office's review, what came back, what is due."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem, ItemState, Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.kernel.actor import Actor, Role
from duikou.programme.models import Region
from duikou.progress.models import ProgressReport
from duikou.progress.policies import takes_part
from duikou.progress.selectors.reports import awaiting_review
from duikou.projects.models import Side
from duikou.records.services.audit import subject_of

DUE = "progress.due"
REVIEW = "progress.review"
RETURNED = "progress.returned"


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(DUE, _("待报的进展月报"), "report", is_duty=True))
    register(Kind(REVIEW, _("待审核的进展月报"), "list-check", is_duty=True))
    register(Kind(RETURNED, _("退回的进展月报"), "arrow-left", is_duty=True))


def office_over(region: Region) -> To:
    """The nearest office of a place (≤ 2 queries)."""
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    return To(role=Role(role), region=place)


def side_region(report: ProgressReport) -> Region:
    """The region whose office reviews it: that of the side that reported, the first where none is said."""
    second = report.project.second_region
    return second if report.side == Side.SECOND and second is not None else report.project.first_region


def _waiting(to: To) -> InboxItem | None:
    path = to.region.path if to.region else ""
    rows = InboxItem.objects.filter(role=to.role, region_path=path, state=ItemState.OPEN, kind=REVIEW)
    return rows.first()


def review_waits(*, actor: Actor, report: ProgressReport) -> None:
    """Let the queue of the office wait for it: one item while there is anything to review."""
    to = office_over(side_region(report))
    if _waiting(to) is not None:
        return
    item_open(
        actor=actor,
        key=f"progress.review:{to.region.pk if to.region else 0}:{report.pk}:{report.revision}",
        kind=REVIEW,
        to=to,
        url=reverse("progress:review"),
        title=gettext_noop("有进展月报待审核"),
    )


def review_done(*, actor: Actor, report: ProgressReport) -> None:
    """Close the queue's item once nothing of that office's region waits any more."""
    to = office_over(side_region(report))
    item = _waiting(to)
    path = to.region.path if to.region else ""
    if item is not None and not awaiting_review(path).exists():
        item_close(actor=actor, key=item.key)


def returned_waits(*, actor: Actor, report: ProgressReport) -> None:
    """What came back waits for who wrote it: the organisation, or the office that wrote on its behalf."""
    writer = report.organisation_id
    is_party = writer is not None and takes_part(writer, report.project_id)
    to = To(organisation_id=writer) if is_party else office_over(side_region(report))
    item_open(
        actor=actor,
        key=_returned_key(report),
        kind=RETURNED,
        to=to,
        url=reverse("progress:report", args=[report.pk]),
        title=gettext_noop("月报被退回，请修改后再报：%(project)s（%(month)s）"),
        params={"project": report.project.name[:120], "month": f"{report.month // 100}-{report.month % 100:02d}"},
        subject=subject_of(report),
    )


def returned_no_more(*, actor: Actor, report: ProgressReport) -> None:
    """It was sent again, or given up."""
    if report.reviewed_at is not None:
        item_close(actor=actor, key=_returned_key(report))


def _returned_key(report: ProgressReport) -> str:
    """One occasion per review: the moment of the review stays until the next."""
    moment = int(report.reviewed_at.timestamp()) if report.reviewed_at else 0
    return f"progress.returned:{report.pk}:{moment}"
