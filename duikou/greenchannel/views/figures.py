"""Statistics by region and kind, and the same as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.greenchannel.selectors.figures import Line, Statistics, statistics
from duikou.greenchannel.services.exports import export_note
from duikou.greenchannel.tables import figure_address, figure_columns, median_words
from duikou.greenchannel.views.page import GreenPage, whole
from duikou.kernel.columns import cells_of, workbook


class _Figures(GreenPage):
    def found(self, request: HttpRequest) -> tuple[Statistics, int | None]:
        """The figures of the year in the address; of all years where it names none that is a year."""
        year = whole(request.GET.get("year"))
        chosen = year if 2000 <= year <= 9999 else None
        return statistics(actor=self.actor, year=chosen), chosen


class FiguresPage(_Figures):
    """How long it takes, how much is open, late and came back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The tables; each figure leads to its list."""
        found, year = self.found(request)
        names = ("raised", "open", "overdue", "reopened")
        context = {
            "found": found,
            "year": year,
            "links": {name: figure_address(Line(found.total), name, year) for name in names},
            "median": median_words(found.total.median),
            "tables": [
                _table(_("按类别"), ("kind",), found.kinds, year),
                _table(_("按地区"), ("region",), found.regions, year),
                _table(_("按地区和类别"), ("region", "kind"), found.cells, year),
            ],
        }
        return self.render("greenchannel/figures.html", context)


def _table(title: str, of: tuple[str, ...], lines: list[Line], year: int | None) -> dict[str, Any]:
    columns = figure_columns(of=of, year=year)
    return {"title": title, "columns": columns, "rows": [(line, cells_of(line, columns)) for line in lines]}


class FiguresExport(_Figures):
    """The figures by region and kind as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Every region and kind; the trail notes who took it."""
        found, year = self.found(request)
        query = request.GET.urlencode()
        export_note(actor=self.actor, what="statistics", query=query, rows=len(found.cells))
        return workbook(_("绿色通道统计"), figure_columns(of=("region", "kind"), year=year), [found.cells])
