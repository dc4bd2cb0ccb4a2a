"""The lists of meetings and action items, and the same rows as workbooks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from duikou.kernel.actor import Role
from duikou.kernel.columns import Columns, cells_of, workbook
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.lists import ListPage
from duikou.kernel.permissions import check
from duikou.kernel.web import Page
from duikou.meetings import policies
from duikou.meetings.filters import ActionFilters, MeetingFilters
from duikou.meetings.selectors.lists import actions_listed, meetings_listed
from duikou.meetings.services.exports import export_note
from duikou.meetings.tables import ACTIONS, MEETINGS


class MeetingView(Page):
    """A page of this room: members do not learn that there is one."""

    needs = "meetings.meeting.read"
    for_units: ClassVar[bool] = False

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Members get 404, an operator outside admin mode the reason; units see only what they owe."""
        if request.actor.role is Role.MEMBER or (request.actor.role is Role.UNIT and not self.for_units):
            raise NotFound
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


class _List(MeetingView):
    """One list: its rows, columns, filters and usual order."""

    table: ClassVar[Columns]
    template: ClassVar[str]
    what: ClassVar[str]

    def rows(self) -> QuerySet[Any]:
        """Everything that the viewer may know of."""
        raise NotImplementedError

    def filters(self, request: HttpRequest) -> Any:
        """The filters bound to the address."""
        raise NotImplementedError

    def sheet(self) -> str:
        """The workbook's name."""
        raise NotImplementedError

    def listing(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        filters = self.filters(request)
        valid = filters.form.is_valid()
        rows = filters.qs if valid else self.rows().none()
        order = self.table.order_of(request.GET.get("sort", ""))
        page = keyset_page(rows, order, request.GET.get("cursor", ""))
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
            "write": check(self.actor, policies.WRITE.code),
            "query": request.GET.urlencode(),
        }
        return self.render(self.template, context, status=200 if valid else 400)

    def workbook(self, request: HttpRequest) -> HttpResponseBase:
        """Exactly what the list shows, all pages of it; the trail notes who took it."""
        filters = self.filters(request)
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        query = request.GET.urlencode()
        export_note(actor=self.actor, what=self.what, query=query, rows=filters.qs.count())
        columns = self.table.chosen(request.GET.getlist("columns"))
        chunks = rows_walk(filters.qs, self.table.order_of(request.GET.get("sort", "")))
        return workbook(self.sheet(), columns, chunks)


class _Meetings(_List):
    table = MEETINGS
    template = "meetings/list.html"
    what = "list"

    def rows(self) -> QuerySet[Any]:
        return meetings_listed(actor=self.actor)

    def filters(self, request: HttpRequest) -> Any:
        return MeetingFilters(request.GET, queryset=self.rows())

    def sheet(self) -> str:
        return _("会议列表")


class _Actions(_List):
    for_units = True
    table = ACTIONS
    template = "meetings/actions.html"
    what = "actions"

    def rows(self) -> QuerySet[Any]:
        return actions_listed(actor=self.actor)

    def filters(self, request: HttpRequest) -> Any:
        return ActionFilters(request.GET, queryset=self.rows())

    def sheet(self) -> str:
        return _("议定事项列表")


class MeetingList(_Meetings):
    """Meetings the viewer may know of."""

    list_page = ListPage(_lazy("会商互访"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.listing(request)


class MeetingExport(_Meetings):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list."""
        return self.workbook(request)


class ActionList(_Actions):
    """Action items the viewer may know of."""

    list_page = ListPage(_lazy("议定事项"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.listing(request)


class ActionExport(_Actions):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list."""
        return self.workbook(request)
