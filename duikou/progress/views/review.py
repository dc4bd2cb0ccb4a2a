"""The office's queue: accept many at once, or look at one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.keyset import Order, keyset_page
from duikou.progress.models import ProgressReport
from duikou.progress.selectors.reports import awaiting_review
from duikou.progress.services.review import reports_accept
from duikou.progress.states import DOUBT_TEXTS
from duikou.progress.views.page import ProgressPage

MOST = 200
"""Reports accepted by one click."""


class ReviewQueue(ProgressPage):
    """What waits for the office's review."""

    needs = "progress.report.review"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it, the oldest first."""
        rows = awaiting_review(self.actor.region_path).select_related(
            "project__pairing", "project__report_series", "organisation"
        )
        page = keyset_page(rows, Order("id"), request.GET.get("cursor", ""))
        context = {
            "rows": [(report, _doubts(report)) for report in page.rows],
            "pager_page": {"previous": page.previous, "next": page.next, "total": rows.count()},
        }
        return self.render("progress/review.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept what was chosen; what cannot be accepted says why."""
        chosen = []
        for value in request.POST.getlist("chosen")[:MOST]:
            report_id, _sep, revision = value.partition(":")
            if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (report_id, revision)):
                chosen.append((int(report_id), int(revision)))
        known = set(
            awaiting_review(self.actor.region_path)
            .filter(pk__in=[report_id for report_id, _revision in chosen])
            .values_list("pk", flat=True)
        )
        accepted, refused = reports_accept(actor=self.actor, chosen=[one for one in chosen if one[0] in known])
        if accepted:
            messages.success(request, _("已审核通过%(n)s份月报。") % {"n": accepted})
        names = dict(
            ProgressReport.objects.filter(pk__in=[one.report_id for one in refused]).values_list("pk", "project__name")
        )
        for one in refused[:10]:
            values = {"project": names.get(one.report_id, ""), "why": one.why}
            messages.error(request, _("%(project)s没有通过：%(why)s") % values)
        if not accepted and not refused:
            messages.error(request, _("请先选择月报；也可能已由同事审核。"))
        return redirect("progress:review")


def _doubts(report: ProgressReport) -> list[str]:
    return [str(DOUBT_TEXTS[doubt]) for doubt in report.doubts if doubt in DOUBT_TEXTS]
