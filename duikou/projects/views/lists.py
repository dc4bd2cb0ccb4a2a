"""The list: filters, order, columns, pages, and the same rows as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from duikou.kernel.columns import Column, Columns, cells_of, workbook
from duikou.kernel.errors import Invalid
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.lists import ListPage
from duikou.kernel.permissions import check
from duikou.kernel.web import Page
from duikou.programme.models import Pairing, Programme
from duikou.projects import policies, selectors
from duikou.projects.filters import ProjectFilters, unreadable
from duikou.projects.models import Project
from duikou.projects.selectors.parties import with_parties
from duikou.projects.services.exports import export_note
from duikou.projects.tables import PROJECTS, RELATED, projects_of


@dataclass(frozen=True, slots=True)
class Listing:
    """One reading of the address: which programme, which rows, which columns, in which order."""

    programme: Programme
    programmes: list[Programme]
    pairings: list[Pairing]
    filters: ProjectFilters
    wanted: selectors.ListFilter | None
    faults: list[str]
    table: Columns
    columns: tuple[Column, ...]
    query: QuerySet[Project]

    @classmethod
    def of(cls, request: HttpRequest, actor: Any) -> Listing | None:
        """From the address; None when no programme is loaded."""
        programmes = selectors.programmes_open()
        code = request.GET.get("programme", "")
        programme = selectors.programme_chosen(code, programmes)
        if programme is None:
            return None
        pairings = selectors.pairings_of(programme)
        filters = ProjectFilters(request.GET, actor=actor, programme=programme, pairings=pairings)
        wanted, faults = filters.wanted(), filters.faults()
        if code and code != programme.code:
            wanted, faults = None, [unreadable(_("方案"), code, _("没有这一项。")), *faults]
        table = projects_of(filters.kind if wanted is not None else None)
        columns = table.chosen(request.GET.getlist("columns"))
        query = Project.objects.none()
        if wanted is not None:
            query = selectors.list_query(actor=actor, programme=programme, pairings=pairings, wanted=wanted)
            unread = ("search_text", "description", "source_note", *(() if wanted.kind else ("extra",)))
            query = query.select_related(*RELATED).defer(*unread)
            if any(column.name == "parties" for column in columns):
                query = with_parties(query)
        return cls(programme, programmes, pairings, filters, wanted, faults, table, columns, query)


class ProjectList(Page):
    """Projects the viewer may know of."""

    needs = "projects.project.read"
    list_page = ListPage(_lazy("合作项目"), also=("programme",))

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        policies.browse(self.actor).or_raise()
        found = Listing.of(request, self.actor)
        if found is None:
            return self.render("projects/no_programme.html")
        order = PROJECTS.order_of(request.GET.get("sort", ""))
        page = keyset_page(found.query, order, request.GET.get("cursor", ""))
        count, write = self._count(found), check(self.actor, policies.WRITE.code)
        return self.render(
            "projects/list.html",
            {
                "found": found,
                "filters": found.filters,
                "page": page,
                "pager_page": {
                    "previous": page.previous,
                    "next": page.next,
                    "total": None if count.more else count.number,
                },
                "rows": [(project, cells_of(project, found.columns)) for project in page.rows],
                "columns": found.columns,
                "chooser": found.table.chooser(found.columns),
                "count": count,
                "write": write,
                "pick": "dk-bulk" if write and page.rows else "",
                "query": request.GET.urlencode(),
            },
            status=200 if found.wanted is not None else 400,
        )

    def _count(self, found: Listing) -> selectors.Count:
        if found.wanted is None:
            return selectors.Count(0)
        return selectors.list_count(
            actor=self.actor,
            programme=found.programme,
            pairings=found.pairings,
            wanted=found.wanted,
            query=found.query,
        )


class ProjectExport(Page):
    """Exactly what the list shows, all pages of it, as a workbook."""

    needs = "projects.project.read"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook; the trail notes who took it."""
        policies.browse(self.actor).or_raise()
        found = Listing.of(request, self.actor)
        if found is None or found.wanted is None:
            raise Invalid(_("筛选条件有误，请先在列表中改正。") + " ".join(found.faults if found else ()))
        limit = getattr(settings, "EXPORT_ROWS", 200_000)
        number = found.query.order_by()[: limit + 1].count()
        export_note(
            actor=self.actor,
            programme=found.programme,
            query=request.GET.urlencode(),
            columns=[column.name for column in found.columns],
            count=selectors.Count(number),
        )
        order = PROJECTS.order_of(request.GET.get("sort", ""))
        return workbook(_("合作项目"), found.columns, rows_walk(found.query, order))
