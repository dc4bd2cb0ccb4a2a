"""The list of plans, and the same rows as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from duikou.kernel.actor import Role
from duikou.kernel.columns import cells_of, workbook
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.lists import ListPage
from duikou.kernel.permissions import check
from duikou.kernel.web import Page
from duikou.plans import policies
from duikou.plans.filters import PlanFilters
from duikou.plans.selectors.lists import plans_listed
from duikou.plans.services.exports import export_note
from duikou.plans.tables import PLANS


class PlanView(Page):
    """A page of this room: members do not learn that there is one."""

    needs = "plans.plan.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Members get 404, an operator outside admin mode the reason."""
        if request.actor.role is Role.MEMBER:
            raise NotFound
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


class PlanList(PlanView):
    """Plans the viewer may know of."""

    list_page = ListPage(_lazy("计划"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        filters = PlanFilters(request.GET, queryset=plans_listed(actor=self.actor))
        valid = filters.form.is_valid()
        rows = filters.qs if valid else plans_listed(actor=self.actor).none()
        page = keyset_page(rows, PLANS.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        columns = PLANS.chosen(request.GET.getlist("columns"))
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
            "chooser": PLANS.chooser(columns),
            "rows": [(plan, cells_of(plan, columns)) for plan in page.rows],
            "write": check(self.actor, policies.WRITE.code),
            "query": request.GET.urlencode(),
        }
        return self.render("plans/list.html", context, status=200 if valid else 400)


class PlanExport(PlanView):
    """Exactly what the list shows, all pages of it."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook; the trail notes who took it."""
        filters = PlanFilters(request.GET, queryset=plans_listed(actor=self.actor))
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        export_note(actor=self.actor, query=request.GET.urlencode(), rows=filters.qs.count())
        columns = PLANS.chosen(request.GET.getlist("columns"))
        chunks = rows_walk(filters.qs, PLANS.order_of(request.GET.get("sort", "")))
        return workbook(_("计划"), columns, chunks)
