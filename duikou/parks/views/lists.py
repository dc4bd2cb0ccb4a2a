"""The lists of parks, companies and official figures, and the same rows as workbooks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.columns import Columns, cells_of, workbook
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.parks import policies, selectors
from duikou.parks.filters import FigureFilters, ParkFilters, ResidentFilters
from duikou.parks.rules.spans import span_of_text
from duikou.parks.selectors.page import blank_rows, figures_listed, parks_listed, residents_listed, sides_of
from duikou.parks.services.reading import export_note, reading_note
from duikou.parks.tables import BLANK, FIGURES, PARKS, RESIDENTS, totals_columns, totals_rows
from duikou.parks.views.frame import ParkView


class _List(ParkView):
    """One list: its rows, columns, filters and usual order."""

    table: ClassVar[Columns]
    template: ClassVar[str]
    what: ClassVar[str]
    park: Any = None

    def rows(self) -> QuerySet[Any]:
        """Everything that the viewer may know of."""
        raise NotImplementedError

    def filters(self, request: HttpRequest) -> Any:
        """The filters bound to the address."""
        raise NotImplementedError

    def sheet(self) -> str:
        """The workbook's name."""
        raise NotImplementedError

    def inside(self, park_id: int) -> None:
        """Speak of one park, of which the viewer sees every company."""
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        if selectors.sight_of(self.actor, park) is not selectors.Sight.FULL:
            raise NotFound
        self.park = park

    def listing(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """One page of them."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        rows = filters.qs if valid else self.rows().none()
        page = keyset_page(rows, self.table.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        columns = self.table.chosen(request.GET.getlist("columns"))
        count = rows.count()
        context = {
            "filters": filters,
            "faults": [
                f"{filters.form.fields[name].label}：{' '.join(bad)}" for name, bad in filters.form.errors.items()
            ],
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": count},
            "count": count,
            "columns": columns,
            "chooser": self.table.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "query": request.GET.urlencode(),
            "park": self.park,
            **more,
        }
        return self.render(self.template, context, status=200 if valid else 400)

    def workbook(self, request: HttpRequest) -> HttpResponseBase:
        """Exactly what the list shows, all pages of it; the trail notes who took it."""
        filters = self.filters(request)
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        export_note(
            actor=self.actor, what=self.what, query=request.GET.urlencode(), rows=filters.qs.count(), park=self.park
        )
        columns = self.table.chosen(request.GET.getlist("columns"))
        chunks = rows_walk(filters.qs, self.table.order_of(request.GET.get("sort", "")))
        return workbook(self.sheet(), columns, chunks)


class _Parks(_List):
    table, template, what = PARKS, "parks/list.html", "parks"

    def rows(self) -> QuerySet[Any]:
        return parks_listed(actor=self.actor)

    def filters(self, request: HttpRequest) -> Any:
        return ParkFilters(request.GET, queryset=self.rows())

    def sheet(self) -> str:
        return _("合作园区")


class ParkList(_Parks):
    """Parks the viewer may know of."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.listing(request)


class ParkExport(_Parks):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list."""
        return self.workbook(request)


class _Residents(_List):
    table, template, what = RESIDENTS, "parks/residents.html", "residents"

    def rows(self) -> QuerySet[Any]:
        return residents_listed(actor=self.actor, park=self.park)

    def filters(self, request: HttpRequest) -> Any:
        return ResidentFilters(request.GET, queryset=self.rows())

    def sheet(self) -> str:
        return _("入园企业")


class ResidentList(_Residents):
    """Companies of a park."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """One page of them."""
        self.inside(park_id)
        return self.listing(request, enter=policies.enter(self.actor, self.park))


class ResidentExport(_Residents):
    """The same as a workbook; it is read back by the import."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponseBase:
        """All pages of the list."""
        self.inside(park_id)
        return self.workbook(request)


class _Figures(_List):
    table, template, what = FIGURES, "parks/figures.html", "figures"

    def rows(self) -> QuerySet[Any]:
        return figures_listed(actor=self.actor, park=self.park)

    def filters(self, request: HttpRequest) -> Any:
        return FigureFilters(request.GET, queryset=self.rows())

    def sheet(self) -> str:
        return _("在地数据")


class FigureList(_Figures):
    """Official figures of a park, company by company."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """One page of them; nation-wide readers leave a trace."""
        self.inside(park_id)
        reading_note(actor=self.actor, subject=self.park, what=_("在地数据列表"))
        return self.listing(request, enter=policies.enter(self.actor, self.park))


class FigureExport(_Figures):
    """The same as a workbook; it is read back by the import."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponseBase:
        """All pages of the list."""
        self.inside(park_id)
        return self.workbook(request)


class FigureBlank(_Figures):
    """A form of one span with every settled company filled in, to be completed and imported."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponseBase:
        """The workbook; figures that are there already stand in it."""
        self.inside(park_id)
        text = request.GET.get("span", "")
        span = span_of_text(text) if len(text) <= 30 else None
        if span is None:
            raise Invalid(_("请写一个年份、季度或月份，如2025年第三季度。"))
        rows = blank_rows(park=self.park, span=span)
        export_note(actor=self.actor, what="form", query=span.code, rows=len(rows), park=self.park)
        return workbook(_("在地数据填报表-%(span)s") % {"span": span.text}, BLANK, [rows])


class TotalsExport(ParkView):
    """A park's totals by year, the two columns with their labels side by side, as far as the viewer may see them."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponseBase:
        """One row a year and measure."""
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        rows = totals_rows(selectors.year_totals(actor=self.actor, park=park))
        export_note(actor=self.actor, what="totals", query="", rows=len(rows), park=park)
        first, second = sides_of(park)
        return workbook(_("园区年度数据"), totals_columns(first, second or _("乙侧")), [rows])
