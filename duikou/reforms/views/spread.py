"""What spread where and how fast: matrix, curve and days; and the same as workbooks."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.keyset import Order, keyset_page, rows_walk
from duikou.kernel.sheets import Out, Writer
from duikou.programme.models import Region
from duikou.reforms.filters import SpreadFilters
from duikou.reforms.models import ReformMeasure
from duikou.reforms.rules import Spread
from duikou.reforms.selectors import spread
from duikou.reforms.selectors.lists import Wanted
from duikou.reforms.services.exports import export_note
from duikou.reforms.states import ADOPTION_LABELS, AdoptionState, Side
from duikou.reforms.tables import LONG_AGO, title_of
from duikou.reforms.views.frame import ReformPage, query_of

ORDER = Order("published_on", descending=True, null=LONG_AGO)
PARAMETERS = {"region": "region", "topic": "topic", "clause": "clause", "pairing": "pairing", "year": "adopted_year"}
"""What a line of a table is called in the address of the list of adoptions."""


class _Spread(ReformPage):
    def filters(self, request: HttpRequest) -> SpreadFilters:
        """The filters bound to the address."""
        rows = ReformMeasure.objects.none()
        return SpreadFilters(request.GET, queryset=rows, places=self.places, actor=self.actor)

    def asked(self, request: HttpRequest) -> Wanted:
        """What the address asks for; raises `Invalid` when it cannot be read."""
        filters = self.filters(request)
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在页面上改正。"))
        return filters.wanted()

    def frame(self, request: HttpRequest, filters: SpreadFilters) -> dict[str, Any]:
        """What both pages show around."""
        return {
            "programme": self.places.programme,
            "programmes": self.programmes,
            "filters": filters,
            "faults": filters.faults(),
            "query": query_of(request),
        }

    def titles(self) -> dict[str, str]:
        """What the tables are called."""
        return {
            "region": _("推广地区"),
            "topic": _("改革主题"),
            "clause": _("条款"),
            "pairing": _("对口关系"),
            "year": _("推广年份"),
        }

    def tables(self, wanted: Wanted) -> list[dict[str, Any]]:
        """The tables of days, in order (three queries each)."""
        found = []
        for grouping in spread.GROUPINGS:
            lines = spread.groups(actor=self.actor, wanted=wanted, grouping=grouping)
            found.append({"name": grouping.name, "title": self.titles()[grouping.name], "lines": lines})
        return found


class SpreadPage(_Spread):
    """Totals, the curve with its table, and how many days it took, by region, topic, clause, pairing and year."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        context = self.frame(request, filters)
        if valid:
            wanted = filters.wanted()
            context |= self._figures(request, wanted)
        return self.render("reforms/spread.html", context, status=200 if valid else 400)

    def _figures(self, request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
        curve = spread.curve(actor=self.actor, wanted=wanted)
        overall, before = spread.overall(actor=self.actor, wanted=wanted)
        months = list(zip(curve.months, curve.measures, curve.adoptions, strict=True))
        return {
            "totals": spread.totals(actor=self.actor, wanted=wanted),
            "overall": days_words(overall),
            "before": before,
            "curve": _chart(curve),
            "months": _changes(months),
            "tables": [
                {
                    **table,
                    "lines": [(line, days_words(line.days), self._url(table["name"], line)) for line in table["lines"]],
                }
                for table in self.tables(wanted)
            ],
        }

    def _url(self, name: str, line: spread.Group) -> str:
        """The list of adoptions behind a line; "" where no address says so (rows without a topic, say)."""
        key = line.address
        if not key:
            return ""
        query = {"programme": self.places.programme.code, PARAMETERS[name]: key, "state": AdoptionState.ADOPTED.value}
        return f"{reverse('reforms:adoptions')}?{urlencode(query)}"


class SpreadExport(_Spread):
    """The tables and the curve as one workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """A sheet for each."""
        wanted = self.asked(request)
        tables, curve = self.tables(wanted), spread.curve(actor=self.actor, wanted=wanted)
        rows = sum(len(table["lines"]) for table in tables) + len(curve.months)
        export_note(actor=self.actor, what="spread", query=query_of(request), rows=rows)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with Writer(target) as writer:
            for table in tables:
                head = [Out(table["title"], "text", 36), *_outs()]
                writer.table(table["title"], head, [[line.label or "—", *_line(line)] for line in table["lines"]])
            head = [Out(_("月份"), "text"), Out(_("已发布经验"), "integer"), Out(_("推广项次"), "integer")]
            months = zip(curve.months, curve.measures, curve.adoptions, strict=True)
            writer.table(_("累计曲线"), head, [[f"{month:%Y-%m}", one, other] for month, one, other in months])
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{_('推广情况')}-{today():%Y%m%d}.xlsx")


def _outs() -> list[Out]:
    return [
        Out(_("推广经验数"), "integer"),
        Out(_("推广项次"), "integer"),
        Out(_("有天数的项次"), "integer"),
        Out(_("下四分位（天）"), "number"),
        Out(_("中位数（天）"), "number"),
        Out(_("上四分位（天）"), "number"),
    ]


def _line(line: spread.Group) -> list[Any]:
    days = [None if one is None else float(one) for one in (line.days.first, line.days.median, line.days.third)]
    return [line.adopted, line.adoptions, line.days.count, *days]


def days_words(found: Spread) -> dict[str, Any]:
    """Quartiles as people read them: one figure after the point where it is needed."""
    return {
        "count": found.count,
        "first": _shown(found.first),
        "median": _shown(found.median),
        "third": _shown(found.third),
    }


def _shown(value: Fraction | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value.denominator == 1 else f"{float(value):.1f}"


def _chart(curve: spread.Curve) -> dict[str, Any]:
    return {
        "rows": [
            {"month": f"{month:%Y-%m}", "measures": one, "adoptions": other}
            for month, one, other in zip(curve.months, curve.measures, curve.adoptions, strict=True)
        ],
        "words": {"measures": _("已发布经验"), "adoptions": _("推广项次"), "unit": _("项")},
    }


def _changes(months: list[tuple[Any, int, int]]) -> list[tuple[Any, int, int]]:
    """The months in which anything changed, newest first."""
    found, last = [], (0, 0)
    for month, one, other in months:
        if (one, other) != last:
            found.append((month, one, other))
        last = (one, other)
    return found[::-1]


class MatrixPage(_Spread):
    """Measures of one side by the regions of the other, each cell leading to what stands there."""

    def side(self, wanted: Wanted) -> str:
        """The side whose measures are shown: as asked, else the one that offered more."""
        return wanted.side or spread.fullest_side(actor=self.actor, wanted=wanted) or Side.FIRST.value

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of measures."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        context = self.frame(request, filters)
        if not valid:
            return self.render("reforms/matrix.html", context, status=400)
        asked = filters.wanted()
        side = self.side(asked)
        wanted = _on(asked, side)
        rows = spread.published(actor=self.actor, wanted=wanted).defer("summary", "needs")
        page = keyset_page(rows, ORDER, request.GET.get("cursor", ""))
        regions = self.places.across(side)
        cells = spread.cells_of(actor=self.actor, measures=page.rows, regions=regions)
        sums = spread.sums_by_region(actor=self.actor, wanted=wanted)
        count = rows.count()
        context |= {
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": count},
            "count": count,
            "side": side,
            "sides": self._sides(request, side),
            "regions": regions,
            "rows": [(row, _links(row, line)) for row, line in cells],
            "sums": [(state, label, _sum(state, regions, sums)) for state, label in ADOPTION_LABELS.items()],
            "labels": ADOPTION_LABELS.items(),
        }
        return self.render("reforms/matrix.html", context)

    def _sides(self, request: HttpRequest, side: str) -> list[dict[str, Any]]:
        programme = self.places.programme
        found = []
        for one, label in ((Side.FIRST.value, programme.first_label), (Side.SECOND.value, programme.second_label)):
            query = request.GET.copy()
            query.pop("cursor", None)
            query["side"] = one
            words = _("%(side)s的经验") % {"side": label}
            found.append({"label": words, "url": f"?{query.urlencode()}", "active": one == side})
        return found


class MatrixExport(MatrixPage):
    """All pages of it as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """A row a measure, a column a region."""
        asked = self.asked(request)
        side = self.side(asked)
        wanted = _on(asked, side)
        rows = spread.published(actor=self.actor, wanted=wanted).select_related("origin", "topic")
        export_note(actor=self.actor, what="matrix", query=query_of(request), rows=rows.count())
        regions = self.places.across(side)
        head = [Out(_("名称"), "text", 40), Out(_("来源地区")), Out(_("文号"), "text", 22), Out(_("发布日期"), "date")]
        head += [Out(region.label) for region in regions]
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with Writer(target) as writer:
            writer.table(_("推广矩阵"), head, self._rows(rows, regions))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{_('推广矩阵')}-{today():%Y%m%d}.xlsx")

    def _rows(self, rows: Any, regions: tuple[Region, ...]) -> Any:
        for chunk in rows_walk(rows, ORDER):
            for row, cells in spread.cells_of(actor=self.actor, measures=chunk, regions=regions):
                facts = [title_of(row), row.origin.label, row.document_number, row.published_on]
                yield [*facts, *(cell.label for cell in cells)]


def _on(wanted: Wanted, side: str) -> Wanted:

    return replace(wanted, side=side)


def _links(row: ReformMeasure, cells: list[spread.Cell]) -> list[tuple[spread.Cell, str]]:
    here = reverse("reforms:measure", args=[row.pk]) + "#regions"
    return [
        (cell, reverse("reforms:adoption", args=[cell.adoption_id]) if cell.adoption_id else here) for cell in cells
    ]


def _sum(state: str, regions: tuple[Region, ...], sums: dict[tuple[int, str], int]) -> list[int]:
    return [sums.get((region.pk, state), 0) for region in regions]
