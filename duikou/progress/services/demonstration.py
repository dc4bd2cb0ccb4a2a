"""Monthly reports to try the product with: made-up figures on a few records, marked as such in every report."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict
from duikou.kernel.money import Money
from duikou.progress.models import ProgressReport
from duikou.progress.rules.months import month_of, shifted
from duikou.progress.services.draft import ReportDraft
from duikou.progress.services.reports import report_submit
from duikou.projects.models import Project, ProjectState

MARK = "演示数据：数字为虚构，只用于试用平台，不代表该项目的真实进展。"
PROJECTS = 5
MONTHS = 4
_SHARE = (3, 5, 4, 6)
"""Per thousand of the planned amount, month by month."""


@transaction.atomic
def reports_demonstrate(*, actor: Actor) -> int:
    """Report made-up months of a few started records, once; returns how many reports there are.

    The records' completed money stays what their source says: only records that state none are taken, and the months
    are left for review. Raises `Conflict` outside demonstration mode.
    """
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    if ProgressReport.objects.exists():
        return 0
    rows = Project.objects.filter(
        programme__code=settings.PROGRAMME,
        merged_into=None,
        state=ProjectState.STARTED.value,
        planned_amount__isnull=False,
        completed_amount=None,
    )
    running = month_of(today())
    made = 0
    for place, project in enumerate(rows.order_by("pk")[:PROJECTS]):
        months = [shifted(running, -back) for back in range(MONTHS, 0, -1)]
        for number, month in enumerate(months[: MONTHS - place % 2]):
            amount = Money(project.planned_amount * _SHARE[(number + place) % len(_SHARE)] / 1000)
            draft = ReportDraft(
                has_started=True, invested_month=amount, physical="（演示）主体施工", percent=None, remark=MARK
            )
            report_submit(
                actor=actor, project_id=project.pk, month=month, draft=draft, seen=("first", "over_planned", "gap")
            )
            made += 1
    return made
