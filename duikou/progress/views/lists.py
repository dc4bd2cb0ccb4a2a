"""A month's projects: who has reported and who has not; the same as a workbook."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.columns import cells_of, workbook
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.permissions import check
from duikou.kernel.text import near_key
from duikou.programme.models import Programme
from duikou.progress import policies
from duikou.progress.filters import Choices, choices_of, month_choices, status_choices
from duikou.progress.models import ReportingRule, month_label
from duikou.progress.selectors.months import days_of, is_closed, rule_of
from duikou.progress.selectors.owed import month_rows, narrowed
from duikou.progress.services.exports import export_note
from duikou.progress.tables import month_columns
from duikou.progress.views.page import ProgressPage
from duikou.projects.models import Project
from duikou.projects.selectors import pairings_of

COUNTED = 10_000
"""Rows are counted up to here and told as more beyond."""


class MonthRows(ProgressPage):
    """The rows that the address asks for."""

    def asked(self) -> tuple[Programme, ReportingRule, Choices, QuerySet[Project]]:
        """Programme, its days, what the address says and the rows."""
        programme = self.programme()
        pairings = pairings_of(programme)
        rule = rule_of(programme)
        wanted = choices_of(self.request.GET, programme=programme, pairings=pairings, rule=rule)
        rows = narrowed(month_rows(actor=self.actor, rule=rule, month=wanted.month), wanted.status)
        if wanted.pairing is not None:
            rows = rows.filter(Q(pairing=wanted.pairing) | Q(pairing__parent=wanted.pairing))
        if wanted.clause is not None:
            rows = rows.filter(clause=wanted.clause)
        for word in wanted.text.split():
            rows = rows.filter(search_text__contains=near_key(word))
        return programme, rule, wanted, rows.select_related("pairing", "clause", "report_series")


class MonthList(MonthRows):
    """Projects of the viewer and their report of one month."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        programme, rule, wanted, rows = self.asked()
        table = month_columns(self.actor, wanted.month)
        columns = table.chosen(request.GET.getlist("columns"))
        page = keyset_page(rows, table.order, request.GET.get("cursor", ""))
        count = rows.order_by().values("pk")[: COUNTED + 1].count()
        context = {
            "programme": programme,
            "wanted": wanted,
            "month_label": month_label(wanted.month),
            "days": days_of(rule, wanted.month),
            "is_closed": is_closed(programme.pk, wanted.month),
            "months": month_choices(wanted.month),
            "statuses": status_choices(wanted.status),
            "pairings": pairings_of(programme),
            "columns": columns,
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "pager_page": {"previous": page.previous, "next": page.next, "total": min(count, COUNTED)},
            "count": min(count, COUNTED),
            "more": count > COUNTED,
            "query": request.GET.urlencode(),
            "imports": check(self.actor, "intake.run.create"),
            "summary": check(self.actor, policies.SUMMARY.code),
            "review": check(self.actor, policies.REVIEW.code),
            "rule_edit": check(self.actor, policies.RULE.code),
        }
        return self.render("progress/list.html", context)


class MonthExport(MonthRows):
    """The same rows as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list; the trail notes who took it."""
        _programme, _rule, wanted, rows = self.asked()
        export_note(actor=self.actor, what="list", query=request.GET.urlencode(), rows=rows.count())
        table = month_columns(self.actor, wanted.month)
        chunks: Any = rows_walk(rows, table.order)
        title = _("%(month)s月报") % {"month": month_label(wanted.month)}
        return workbook(title, table.chosen(request.GET.getlist("columns")), chunks)
