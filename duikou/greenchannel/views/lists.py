"""The list of requests, and the same rows as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.greenchannel import policies
from duikou.greenchannel.filters import RequestFilters
from duikou.greenchannel.selectors.lists import requests_listed
from duikou.greenchannel.services.exports import export_note
from duikou.greenchannel.tables import REQUESTS
from duikou.greenchannel.views.page import GreenPage
from duikou.kernel.actor import Role
from duikou.kernel.columns import cells_of, workbook
from duikou.kernel.errors import Invalid
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.permissions import check


class _List(GreenPage):
    def filters(self, request: HttpRequest) -> RequestFilters:
        """The filters bound to the address, over what the viewer may know of."""
        return RequestFilters(request.GET, queryset=requests_listed(actor=self.actor), actor=self.actor)


class RequestList(_List):
    """Requests the viewer may know of."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        rows = filters.qs if valid else requests_listed(actor=self.actor).none()
        page = keyset_page(rows, REQUESTS.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        columns = REQUESTS.chosen(request.GET.getlist("columns"))
        count = rows.order_by().count()
        labels = filters.form.fields
        context = {
            "filters": filters,
            "faults": [f"{labels[name].label}：{' '.join(bad)}" for name, bad in filters.form.errors.items()],
            "pager_page": {"previous": page.previous, "next": page.next, "total": count},
            "count": count,
            "columns": columns,
            "chooser": REQUESTS.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "may_raise": check(self.actor, policies.RAISE.code),
            "sees_rules": self.actor.role not in {Role.UNIT, Role.MEMBER},
            "query": request.GET.urlencode(),
        }
        return self.render("greenchannel/list.html", context, status=200 if valid else 400)


class RequestExport(_List):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list; the trail notes who took it."""
        filters = self.filters(request)
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        export_note(actor=self.actor, what="list", query=request.GET.urlencode(), rows=filters.qs.order_by().count())
        columns = REQUESTS.chosen(request.GET.getlist("columns"))
        order = REQUESTS.order_of(request.GET.get("sort", ""))
        return workbook(_("绿色通道诉求"), columns, rows_walk(filters.qs, order))
