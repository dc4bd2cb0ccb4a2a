"""The lists of measures and adoptions, and the same rows as workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.columns import Columns, cells_of, workbook
from duikou.kernel.errors import Invalid
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.permissions import check
from duikou.reforms import policies
from duikou.reforms.filters import AdoptionFilters, MeasureFilters
from duikou.reforms.selectors.lists import adoptions_listed, chunks_with_clauses, measures_listed, with_clauses
from duikou.reforms.services.exports import export_note
from duikou.reforms.tables import ADOPTIONS, MEASURES
from duikou.reforms.views.frame import ReformPage, query_of


class _List(ReformPage):
    """One list: its rows, columns, filters and usual order."""

    table: ClassVar[Columns]
    template: ClassVar[str]
    what: ClassVar[str]
    filters_of: ClassVar[Any]

    def rows(self) -> QuerySet[Any]:
        """Everything that the viewer may know of."""
        raise NotImplementedError

    def filled(self, rows: list[Any]) -> list[Any]:
        """What a page's rows still need."""
        return rows

    def chunks(self, chunks: Iterable[list[Any]]) -> Iterable[list[Any]]:
        """What an export's rows still need."""
        return chunks

    def sheet(self) -> str:
        """The workbook's name."""
        raise NotImplementedError

    def filters(self, request: HttpRequest) -> Any:
        """The filters bound to the address."""
        return self.filters_of(request.GET, queryset=self.rows(), places=self.places, actor=self.actor)

    def listing(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        rows = filters.qs if valid else self.rows().none()
        page = keyset_page(rows, self.table.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        columns = self.table.chosen(request.GET.getlist("columns"))
        count = rows.count()
        context = {
            "programme": self.places.programme,
            "programmes": self.programmes,
            "filters": filters,
            "faults": filters.faults(),
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": count},
            "count": count,
            "columns": columns,
            "chooser": self.table.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in self.filled(page.rows)],
            "write": check(self.actor, policies.WRITE.code),
            "query": query_of(request),
        }
        return self.render(self.template, context, status=200 if valid else 400)

    def workbook(self, request: HttpRequest) -> HttpResponseBase:
        """Exactly what the list shows, all pages of it; the trail notes who took it."""
        filters = self.filters(request)
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        export_note(actor=self.actor, what=self.what, query=query_of(request), rows=filters.qs.count())
        columns = self.table.chosen(request.GET.getlist("columns"))
        chunks = rows_walk(filters.qs, self.table.order_of(request.GET.get("sort", "")))
        return workbook(self.sheet(), columns, self.chunks(chunks))


class _Measures(_List):
    table = MEASURES
    template = "reforms/list.html"
    what = "measures"
    filters_of = MeasureFilters

    def rows(self) -> QuerySet[Any]:
        return measures_listed(actor=self.actor)

    def filled(self, rows: list[Any]) -> list[Any]:
        return with_clauses(rows)

    def chunks(self, chunks: Iterable[list[Any]]) -> Iterable[list[Any]]:
        return chunks_with_clauses(chunks)

    def sheet(self) -> str:
        return _("改革经验")


class _Adoptions(_List):
    table = ADOPTIONS
    template = "reforms/adoptions.html"
    what = "adoptions"
    filters_of = AdoptionFilters

    def rows(self) -> QuerySet[Any]:
        return adoptions_listed(actor=self.actor)

    def sheet(self) -> str:
        return _("经验推广")


class MeasureList(_Measures):
    """Measures the viewer may know of."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.listing(request)


class MeasureExport(_Measures):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages."""
        return self.workbook(request)


class AdoptionList(_Adoptions):
    """What regions made of measures."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.listing(request)


class AdoptionExport(_Adoptions):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages."""
        return self.workbook(request)
