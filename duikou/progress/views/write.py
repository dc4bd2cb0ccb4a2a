"""The monthly form: kept as a draft, or sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.progress import policies
from duikou.progress.forms.report import ReportForm, initial_after, initial_of
from duikou.progress.models import ProgressReport, ReportState, month_label
from duikou.progress.selectors.months import days_of, is_closed, rule_of
from duikou.progress.selectors.reports import neighbours, standing_of
from duikou.progress.services.draft import Doubtful, checked_month
from duikou.progress.services.reports import report_save, report_submit
from duikou.progress.states import DOUBT_TEXTS, WRITABLE
from duikou.progress.views.page import ProgressPage, month_given
from duikou.projects.models import Project
from duikou.projects.selectors import project_visible

GROUPS = (
    ("invested_month", "invested_year", "invested_total"),
    ("paid_month", "paid_total"),
    ("funds_central", "funds_local", "funds_own", "funds_loan", "funds_other"),
)


class ReportWrite(ProgressPage):
    """Write the report of one project and month."""

    needs = "progress.report.write"

    def get(self, request: HttpRequest, project_id: int, month: int) -> HttpResponse:
        """The form as the report stands; what was sent already is shown instead."""
        project = self._project(project_id, month)
        accepted, report = standing_of(project.pk, month)
        sent = report if report is not None and report.state not in WRITABLE else None
        if sent is not None or (report is None and accepted is not None):
            return redirect("progress:report", (sent or accepted).pk)  # type: ignore[union-attr]
        last = self._last(project, month)
        form = ReportForm(initial=initial_of(report) or initial_after(last), last=last)
        return self._show(project, month, form, report)

    def post(self, request: HttpRequest, project_id: int, month: int) -> HttpResponse:
        """Keep or send; a refused form keeps what was typed."""
        project = self._project(project_id, month)
        report = standing_of(project.pk, month)[1]
        form = ReportForm(request.POST, initial={}, last=self._last(project, month))
        if not form.is_valid():
            return self._show(project, month, form, report, status=400)
        given: dict[str, Any] = {
            "actor": self.actor,
            "project_id": project.pk,
            "month": month,
            "draft": form.draft(),
            "revision": _whole(request.POST.get("revision")),
        }
        try:
            if request.POST.get("do") == "save":
                report_save(**given)
                messages.success(request, _("草稿已保存，还没有报送。"))
                return redirect("progress:write", project.pk, month)
            sent = report_submit(**given, seen=request.POST.getlist("seen"))
        except Doubtful as doubtful:
            doubts = [(doubt.value, DOUBT_TEXTS[doubt.value]) for doubt in doubtful.doubts]
            return self._show(project, month, form, report, doubts=doubts, status=409)
        except Invalid as bad:
            form.add_faults(bad.fields)
            return self._show(project, month, form, report, status=400)
        except Stale as stale:
            return self._stale(project, month, stale)
        except Conflict as refused:
            form.add_error(None, refused.message)
            return self._show(project, month, form, report, status=409)
        messages.success(request, _("月报已报送，等待办公室审核。"))
        return redirect("progress:report", sent.pk)

    def _project(self, project_id: int, month: int) -> Project:
        project = project_visible(actor=self.actor, project_id=project_id)
        policies.report(self.actor, project).or_raise()
        checked_month(month_given(month))
        return project

    def _last(self, project: Project, month: int) -> ProgressReport | None:
        return neighbours(project, month, with_sent=True)[0]

    def _stale(self, project: Project, month: int, stale: Stale) -> HttpResponse:
        """Both texts, field by field; what was typed stays in the form, on the present revision."""
        now = standing_of(project.pk, month)[1]
        data: QueryDict = self.request.POST.copy()
        data["revision"] = str(now.revision if now else 0)
        form = ReportForm(data, initial={}, last=self._last(project, month))
        present = ReportForm(initial=initial_of(now), last=None)
        both = [
            (field.label, str(present[field.name].value() or ""), str(field.value() or ""))
            for field in form.visible_fields()
            if str(present[field.name].value() or "").strip() != str(field.value() or "").strip()
        ]
        return self._show(project, month, form, now, both=both, message=stale.message, status=409)

    def _show(
        self,
        project: Project,
        month: int,
        form: ReportForm,
        report: ProgressReport | None,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        rule = rule_of(project.programme_id)
        context = {
            "project": project,
            "month": month,
            "month_label": month_label(month),
            "form": form,
            "groups": [[form[name] for name in names] for names in GROUPS],
            "report": report,
            "revision": form.data.get("revision") or (report.revision if report else 0),
            "corrects": report is not None and report.corrects_id is not None,
            "is_returned": report is not None and report.state == ReportState.RETURNED,
            "last": self._last(project, month),
            "days": days_of(rule, month),
            "is_closed": is_closed(project.programme_id, month),
            "seen": self.request.POST.getlist("seen"),
            **more,
        }
        return self.render("progress/write.html", context, status=status)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
