"""The list of milestones, and the same rows as a workbook that an import reads back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.columns import Column, cells_of, workbook
from duikou.kernel.errors import Invalid
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.permissions import check
from duikou.projects.selectors import pairings_of
from duikou.schedule import policies
from duikou.schedule.filters import MilestoneFilters
from duikou.schedule.models import Milestone
from duikou.schedule.selectors import lists
from duikou.schedule.services.exports import export_note
from duikou.schedule.tables import MILESTONES
from duikou.schedule.views.milestone import ScheduleView


@dataclass(frozen=True, slots=True)
class Listing:
    """One reading of the address."""

    filters: Any
    is_valid: bool
    rows: QuerySet[Milestone]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, request: HttpRequest, actor: Actor) -> Listing:
        """From the address."""
        pairings = pairings_of()
        rows = lists.milestones_listed(actor=actor, pairings=pairings)
        filters = MilestoneFilters(request.GET, queryset=rows, pairings=pairings)
        is_valid = filters.form.is_valid()
        columns = MILESTONES.chosen(request.GET.getlist("columns"))
        return cls(filters, is_valid, filters.qs if is_valid else rows.none(), columns)

    @property
    def faults(self) -> list[str]:
        """What cannot be read, a line a field."""
        fields = self.filters.form.fields
        return [f"{fields[name].label}：{' '.join(texts)}" for name, texts in self.filters.form.errors.items()]


class MilestoneList(ScheduleView):
    """Milestones the viewer may know of, by day."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        found = Listing.of(request, self.actor)
        page = keyset_page(found.rows, MILESTONES.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        count, more = lists.count_of(found.rows)
        context = {
            "filters": found.filters,
            "faults": found.faults,
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": None if more else count},
            "count": count,
            "more": more,
            "columns": found.columns,
            "chooser": MILESTONES.chooser(found.columns),
            "rows": [(row, cells_of(row, found.columns)) for row in lists.with_links(page.rows)],
            "write": check(self.actor, policies.WRITE.code),
            "query": request.GET.urlencode(),
        }
        return self.render("schedule/list.html", context, status=200 if found.is_valid else 400)


class MilestoneExport(ScheduleView):
    """Exactly what the list shows, all pages of it; the trail notes who took it."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook."""
        found = Listing.of(request, self.actor)
        if not found.is_valid:
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        limit = getattr(settings, "EXPORT_ROWS", 200_000)
        number = found.rows.select_related(None).order_by()[: limit + 1].count()
        export_note(actor=self.actor, query=request.GET.urlencode(), rows=number)
        chunks = rows_walk(found.rows, MILESTONES.order_of(request.GET.get("sort", "")))
        return workbook(_("里程碑"), found.columns, lists.chunks_with_links(chunks))
