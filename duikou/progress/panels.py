"""What this room hangs into the page of a project: its months as a table and a picture."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.slots import Panel, register
from duikou.progress import policies
from duikou.progress.models import ProgressReport, month_label
from duikou.progress.selectors.months import month_now, rule_of
from duikou.progress.selectors.reports import reports_visible
from duikou.progress.states import OPEN, ReportState
from duikou.projects.models import Project

SHOWN = 24


def register_panels() -> None:
    """Hang the panel (once, from `apps.py`)."""
    register("project.page", Panel("progress.months", "progress/panel.html", of_project, order=30))


def of_project(actor: Actor, project: Project) -> dict[str, Any] | None:
    """The last two years of reports that the viewer may know of, and whether the viewer may write this month's."""
    if not policies.browse(actor):
        return None
    live = (ReportState.ACCEPTED.value, *OPEN)
    rows = list(
        reports_visible(actor=actor).filter(project=project, state__in=live).order_by("-month", "state")[:SHOWN]
    )
    write = policies.report(actor, project)
    if not rows and not write:
        return None
    month = month_now(rule_of(project.programme_id))
    return {
        "project": project,
        "rows": rows,
        "write": write,
        "month": month,
        "month_label": month_label(month),
        "chart": chart_of([row for row in reversed(rows) if row.state == ReportState.ACCEPTED]),
    }


def chart_of(rows: list[ProgressReport]) -> dict[str, Any] | None:
    """The picture's data in 万元; None where there are not two months to draw."""
    if len(rows) < 2:
        return None
    return {
        "rows": [
            {
                "month": f"{row.month // 100}-{row.month % 100:02d}",
                "invested": None if row.invested_month is None else str(row.invested_month.wan),
                "total": None if row.invested_total is None else str(row.invested_total.wan),
            }
            for row in rows
        ],
        "words": {"invested": _("本月完成投资"), "total": _("累计完成投资"), "unit": _("万元")},
    }
