"""Where the two sides differ on figures: said and answered on the project's page, listed over all projects."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.kernel.columns import cells_of, workbook
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.kernel.keyset import keyset_page, rows_walk
from duikou.kernel.web import Page
from duikou.projects import policies, selectors
from duikou.projects.forms import AnswerForm, ContestForm, DifferenceFilters
from duikou.projects.models import ContestedFigure, Project
from duikou.projects.selectors.differences import differences_visible
from duikou.projects.services.contested import figure_contest, figure_propose, figure_settle
from duikou.projects.services.exports import differences_note
from duikou.projects.states import Settlement
from duikou.projects.tables import DIFFERENCES
from duikou.projects.views.acts import Acting, add_faults
from duikou.projects.views.page import page_context


class FigureContest(Acting):
    """The other side says that a figure is another."""

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Say so, or the page with what is wrong."""
        project = self.project(project_id)
        form = ContestForm(request.POST)
        if form.is_valid():
            try:
                figure_contest(actor=self.actor, project_id=project.pk, **form.cleaned_data)
                return self.back(project.pk, _("已记录本侧的数值，双方商定之前仍按登记的数值合计。"))
            except Invalid as bad:
                add_faults(form, bad)
            except (Conflict, Forbidden) as refused:
                form.add_error("figure", refused.message)
        return self.render("projects/project.html", page_context(self, project, contest_form=form), status=400)


class FigureAnswer(Acting):
    """An answer to a difference: one value, the other, or a third."""

    def post(self, request: HttpRequest, project_id: int, difference_id: int) -> HttpResponse:
        """Give it, or the page with what is wrong."""
        project = self.project(project_id)
        if not ContestedFigure.objects.filter(pk=difference_id, project=project).exists():
            raise NotFound
        form = AnswerForm(request.POST)
        if form.is_valid():
            try:
                return self.back(project.pk, self._answer(difference_id, form.cleaned_data))
            except Invalid as bad:
                add_faults(form, bad)
            except (Conflict, Forbidden) as refused:
                form.add_error("value", refused.message)
        return self._page(project, difference_id, form)

    def _answer(self, difference_id: int, data: dict[str, Any]) -> str:
        if data["answer"] == "propose":
            figure_propose(actor=self.actor, difference_id=difference_id, value=data["value"])
            return _("已提议，待对方同意。")
        figure_settle(actor=self.actor, difference_id=difference_id, outcome=Settlement(data["answer"]))
        return _("双方已一致，数据已按商定的登记。")

    def _page(self, project: Project, difference_id: int, form: AnswerForm) -> HttpResponse:
        context = page_context(self, project, answer_form=form, answered=difference_id)
        return self.render("projects/project.html", context, status=400)


class Differences(Page):
    """All differences the viewer may know of."""

    needs = "projects.project.read"

    def found(self, request: HttpRequest) -> tuple[Any, Any]:
        """The filters of the address and the rows they leave; None for rows where the address cannot be read."""
        policies.browse(self.actor).or_raise()
        programme = selectors.programme_chosen(request.GET.get("programme", ""), selectors.programmes_open())
        if programme is None:
            raise NotFound
        pairings = selectors.pairings_of(programme)
        filters = DifferenceFilters(request.GET, pairings=pairings)
        if not filters.form.is_valid():
            return filters, None
        data = filters.form.cleaned_data
        rows = differences_visible(
            actor=self.actor,
            programme=programme,
            pairings=pairings,
            pairing=next((pair for pair in pairings if pair.code == data.get("pairing")), None),
            is_open={"settled": False, "all": None}.get(data.get("state") or "", True),
        )
        return filters, rows

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """One page of them."""
        filters, rows = self.found(request)
        columns = DIFFERENCES.chosen(request.GET.getlist("columns"))
        shown = ContestedFigure.objects.none() if rows is None else rows
        page = keyset_page(shown, DIFFERENCES.order_of(""), request.GET.get("cursor", ""))
        context = {
            "filters": filters,
            "faults": [] if rows is not None else [_("筛选条件有误，请先改正。")],
            "columns": columns,
            "chooser": DIFFERENCES.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "pager_page": {"previous": page.previous, "next": page.next, "total": shown.count()},
            "query": request.GET.urlencode(),
        }
        return self.render("projects/differences.html", context, status=200 if rows is not None else 400)


class DifferencesExport(Differences):
    """The same rows as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook; the trail notes who took it."""
        _filters, rows = self.found(request)
        if rows is None:
            raise Invalid(_("筛选条件有误，请先改正。"))
        columns = DIFFERENCES.chosen(request.GET.getlist("columns"))
        differences_note(actor=self.actor, query=request.GET.urlencode(), count=rows.count())
        return workbook(_("双方说法不一的数据"), columns, rows_walk(rows, DIFFERENCES.order_of("")))
