"""One report: what it says beside the month before, what may be done, its corrections and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.verdict import Verdict
from duikou.progress import policies
from duikou.progress.forms.report import ReasonForm
from duikou.progress.models import FIGURES, FUNDS, ProgressReport, ReportState
from duikou.progress.selectors.months import is_closed
from duikou.progress.selectors.reports import neighbours, report_visible, reports_visible, standing_of
from duikou.progress.services import reports as writing
from duikou.progress.services import review
from duikou.progress.states import DOUBT_TEXTS, WRITABLE
from duikou.progress.views.page import ProgressPage

WITH_REASON = ("return", "reopen", "correct")
DO: dict[str, Callable[..., ProgressReport]] = {
    "withdraw": writing.report_withdraw,
    "abandon": writing.report_abandon,
    "accept": review.report_accept,
    "return": review.report_return,
    "reopen": review.report_reopen,
}


def labels() -> dict[str, str]:
    """What each step is called."""
    return {
        "withdraw": _("收回"),
        "abandon": _("放弃"),
        "accept": _("审核通过"),
        "return": _("退回"),
        "reopen": _("退回修改"),
        "correct": _("更正"),
    }


def verdict_of(page: ProgressPage, report: ProgressReport, verb: str) -> Verdict:
    """May the viewer take this step with the report?"""
    actor = page.actor
    if verb in ("withdraw", "abandon"):
        return policies.step(actor, report, verb)
    if verb in ("accept", "return"):
        return policies.review(actor, report, verb)
    closed = is_closed(report.project.programme_id, report.month)
    if verb == "reopen":
        return policies.reopen(actor, report, is_closed=closed)
    on_way = standing_of(report.project_id, report.month)[1]
    return policies.correct(actor, report, is_closed=closed, is_open=on_way is not None)


class ReportPage(ProgressPage):
    """What a report says and what may be done about it."""

    def get(self, request: HttpRequest, report_id: int) -> HttpResponse:
        """The whole."""
        report = report_visible(actor=self.actor, report_id=report_id)
        before = neighbours(report.project, report.month, with_sent=True)[0]
        others = reports_visible(actor=self.actor).filter(project=report.project, month=report.month)
        context = {
            "report": report,
            "project": report.project,
            "before": before,
            "figures": [(_label(name), getattr(report, name), getattr(before, name, None)) for name in FIGURES],
            "sources": len(FUNDS),
            "doubts": [DOUBT_TEXTS[doubt] for doubt in report.doubts if doubt in DOUBT_TEXTS],
            "others": list(others.exclude(pk=report.pk).order_by("-id")),
            "is_closed": is_closed(report.project.programme_id, report.month),
            "steps": self._steps(report),
            "write": policies.write(self.actor, report) if report.state in WRITABLE else None,
        }
        return self.render("progress/report.html", context)

    def _steps(self, report: ProgressReport) -> list[dict[str, Any]]:
        by_state = {
            ReportState.DRAFT: ("abandon",),
            ReportState.RETURNED: ("abandon",),
            ReportState.SUBMITTED: ("withdraw", "return", "accept"),
            ReportState.ACCEPTED: ("reopen", "correct"),
        }
        words = labels()
        verbs = by_state.get(ReportState(report.state), ())
        if report.state == ReportState.ACCEPTED:
            closed = is_closed(report.project.programme_id, report.month)
            verbs = ("correct",) if closed else ("reopen",)
        return [
            {
                "verb": verb,
                "label": words[verb],
                "verdict": verdict_of(self, report, verb),
                "method": "get" if verb in WITH_REASON else "post",
                "kind": "primary" if verb == "accept" else "default",
            }
            for verb in verbs
        ]


def _label(name: str) -> str:
    return str(ProgressReport._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class ReportStep(ProgressPage):
    """One step of a report's life; what needs a reason asks for it first."""

    def get(self, request: HttpRequest, report_id: int, verb: str) -> HttpResponse:
        """Ask for the reason."""
        report = self._report(report_id, verb)
        return self._form(report, verb, ReasonForm(initial={"revision": report.revision}))

    def post(self, request: HttpRequest, report_id: int, verb: str) -> HttpResponse:
        """Take it."""
        report = self._report(report_id, verb)
        given: dict[str, Any] = {"actor": self.actor, "report_id": report.pk}
        form = ReasonForm(request.POST)
        if verb in WITH_REASON:
            if not form.is_valid():
                return self._form(report, verb, form, status=400)
            given["reason"] = form.cleaned_data["reason"]
        if verb != "correct":
            revision = request.POST.get("revision", "")
            given["revision"] = int(revision) if revision.isascii() and revision.isdigit() else 0
        try:
            done = writing.report_correct(**given) if verb == "correct" else DO[verb](**given)
        except Invalid as bad:
            form.is_valid()
            form.add_error("reason" if verb in WITH_REASON else None, bad.message)
            return self._form(report, verb, form, status=400)
        except (Stale, Conflict) as refused:
            messages.error(request, refused.message)
            return redirect("progress:report", report.pk)
        if done.state in WRITABLE and verb in ("correct", "withdraw"):
            return redirect("progress:write", done.project_id, done.month)
        messages.success(request, _("已完成：%(step)s。") % {"step": labels()[verb]})
        return redirect("progress:report", done.pk)

    def _report(self, report_id: int, verb: str) -> ProgressReport:
        report = report_visible(actor=self.actor, report_id=report_id)
        if verb not in labels():
            raise NotFound
        verdict_of(self, report, verb).or_raise()
        return report

    def _form(self, report: ProgressReport, verb: str, form: ReasonForm, status: int = 200) -> HttpResponse:
        context = {"report": report, "project": report.project, "form": form, "title": labels()[verb]}
        return self.render("progress/step.html", context, status=status)
