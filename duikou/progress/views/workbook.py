"""The prefilled monthly form of many projects at once."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.progress.models import month_label
from duikou.progress.selectors.owed import last_reports
from duikou.progress.services.exports import export_note
from duikou.progress.services.workbook import form_write
from duikou.progress.views.lists import MonthRows

MOST = 5_000
"""Projects in one form."""


class MonthForm(MonthRows):
    """The month's form with the viewer's projects that have not reported."""

    needs = "progress.report.write"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook; the trail notes who took it."""
        _programme, _rule, wanted, rows = self.asked()
        projects = list(rows.order_by("pk")[:MOST])
        last = last_reports([project.pk for project in projects], wanted.month)
        export_note(actor=self.actor, what="list", query=request.GET.urlencode(), rows=len(projects))
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        form_write(target, wanted.month, ((one.number, one.name, last.get(one.pk)) for one in projects))
        target.seek(0)
        name = _("%(month)s月报填报表") % {"month": month_label(wanted.month)}
        return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")
