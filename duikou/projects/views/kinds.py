"""Projects by kind: counts, money, and the numbers that a kind has of its own, as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.columns import Columns, cells_of, workbook
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.text import clean_name
from duikou.kernel.web import Page
from duikou.programme.models import Programme, ProjectKind
from duikou.projects import policies, selectors
from duikou.projects.selectors.kind_report import kind_by_pairing, kinds_summed
from duikou.projects.services.exports import report_note
from duikou.projects.tables import KINDS, kind_columns


class KindReport(Page):
    """All kinds with their sums, or one kind by pairing and year (`?kind=`)."""

    needs = "projects.project.read"

    def told(self, request: HttpRequest) -> tuple[Programme, ProjectKind | None, Columns, Sequence[dict[str, Any]]]:
        """What the address asks for: programme, kind, columns, rows."""
        policies.browse(self.actor).or_raise()
        programme = selectors.programme_chosen(request.GET.get("programme", ""), selectors.programmes_open())
        if programme is None:
            raise NotFound
        pairings = selectors.pairings_of(programme)
        code = request.GET.get("kind", "")
        if not code:
            return programme, None, KINDS, kinds_summed(actor=self.actor, programme=programme, pairings=pairings)
        kind = ProjectKind.objects.filter(programme=programme, code=code[:60].replace("\x00", "")).first()
        if kind is None:
            raise Invalid(_("没有代码为“%(code)s”的项目类别。") % {"code": clean_name(code)[:40]})
        return programme, kind, kind_columns(kind), kind_by_pairing(actor=self.actor, kind=kind, pairings=pairings)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        programme, kind, table, rows = self.told(request)
        columns = table.all
        context = {
            "programme": programme,
            "kind": kind,
            "columns": columns,
            "rows": [(row, cells_of(row, columns)) for row in rows],
            "query": request.GET.urlencode(),
        }
        return self._page(context)

    def _page(self, context: dict[str, Any]) -> HttpResponse:
        return self.render("projects/kind_report.html", context)


class KindReportExport(KindReport):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook; the trail notes who took it."""
        _programme, kind, table, rows = self.told(request)
        title = kind.label if kind is not None else _("分类统计")
        report_note(actor=self.actor, title=title, query=request.GET.urlencode(), count=len(rows))
        return workbook(title, table.all, [list(rows)])
