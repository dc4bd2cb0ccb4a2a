"""Reports that a viewer may know of, and those beside one another in a project."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.progress.models import ProgressReport, ReportState
from duikou.progress.rules.figures import Figures
from duikou.progress.states import FIRMS, OPEN, SETTLED, SOURCES
from duikou.projects.models import Project, ProjectParty, Side
from duikou.projects.policies import is_platform
from duikou.projects.selectors import projects_visible

RELATED = (
    "organisation",
    "project__programme",
    "project__clause",
    "project__pairing__first_region",
    "project__pairing__second_region",
    "project__first_region",
    "project__second_region",
)


def reports_visible(*, actor: Actor) -> QuerySet[ProgressReport]:
    """Reports that `actor` may know of, always within the visible projects.

    Who sees the nation sees all; offices see what is settled, and what is on its way of projects in their region; firms
    see the reports of projects in which they take part.
    """
    rows = ProgressReport.objects.all()
    if is_platform(actor):
        return rows
    rows = rows.filter(project__in=projects_visible(actor=actor).values("pk"))
    if actor.sees_all:
        return rows
    if actor.role in FIRMS:
        if actor.organisation_id is None:
            return rows.none()
        return rows.filter(_takes_part(actor.organisation_id))
    own = Q(pk__in=[])
    if actor.role in OFFICE and actor.region_path:
        own = Q(project__first_region__path__startswith=actor.region_path) | Q(
            project__second_region__path__startswith=actor.region_path
        )
    return rows.filter(Q(state__in=SETTLED) | own)


def _takes_part(organisation_id: int) -> Exists:
    parties = ProjectParty.objects.filter(project_id=OuterRef("project_id"), organisation_id=organisation_id)
    return Exists(parties)


def report_visible(*, actor: Actor, report_id: int) -> ProgressReport:
    """One report with what its page names; raises `NotFound`."""
    found = reports_visible(actor=actor).select_related(*RELATED).filter(pk=report_id).first()
    if found is None:
        raise NotFound
    return found


def awaiting_review(region_path: str) -> QuerySet[ProgressReport]:
    """Sent reports that the office over a region reviews: those of the side that reported, the first where none is."""
    second = Q(side=Side.SECOND, project__second_region__path__startswith=region_path)
    first = ~Q(side=Side.SECOND) & Q(project__first_region__path__startswith=region_path)
    return ProgressReport.objects.filter(first | second, state=ReportState.SUBMITTED, project__merged_into=None)


def figures_of(report: ProgressReport) -> Figures:
    """Its numbers for the rules."""
    return Figures(
        report.month,
        report.invested_month,
        report.invested_year,
        report.invested_total,
        report.paid_month,
        report.paid_total,
        {source: getattr(report, f"funds_{source}") for source in SOURCES},
        report.percent,
    )


def neighbours(
    project: Project | int, month: int, *, with_sent: bool = False
) -> tuple[ProgressReport | None, ProgressReport | None]:
    """The nearest accepted reports before and after a month (two queries).

    `with_sent`: before, one that waits for its review counts as well, unless the month has an accepted one.
    """
    pk = project if isinstance(project, int) else project.pk
    accepted = ProgressReport.objects.filter(project_id=pk, state=ReportState.ACCEPTED)
    if with_sent:
        sent = Q(state=ReportState.ACCEPTED) | Q(state=ReportState.SUBMITTED, corrects=None)
        before = ProgressReport.objects.filter(sent, project_id=pk, month__lt=month).order_by("-month").first()
    else:
        before = accepted.filter(month__lt=month).order_by("-month").first()
    return before, accepted.filter(month__gt=month).order_by("month").first()


def standing_of(project_id: int, month: int) -> tuple[ProgressReport | None, ProgressReport | None]:
    """The accepted report of a project and month, and the one on its way (one query)."""
    states = (ReportState.ACCEPTED.value, *OPEN)
    rows = ProgressReport.objects.filter(project_id=project_id, month=month, state__in=states)
    accepted = on_way = None
    for row in rows:
        if row.state == ReportState.ACCEPTED:
            accepted = row
        else:
            on_way = row
    return accepted, on_way


def report_sees(actor: Actor, report_id: str) -> Verdict:
    """Whether the actor may know of the report (for its files)."""
    is_id = report_id.isascii() and report_id.isdigit() and len(report_id) <= 18
    if is_id and reports_visible(actor=actor).filter(pk=int(report_id)).exists():
        return Verdict.yes()
    return Verdict.no(_("没有找到这个页面或记录。"))
