"""What pairings owe: each office's own, and the board of all for who coordinates."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow import policies
from duikou.flow.forms import DueForm, DutyFilter
from duikou.flow.models import Obligation
from duikou.flow.selectors.obligations import (
    Board,
    board_of,
    obligation_known,
    obligations_visible,
    years_planned,
)
from duikou.flow.services.obligations import (
    duties_export_note,
    obligation_set_due,
    obligations_plan,
    obligations_set_due,
)
from duikou.flow.states import DutyState
from duikou.kernel import permissions
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.sheets import Out, write_xlsx
from duikou.kernel.web import Page
from duikou.programme.models import Duty, Programme
from duikou.programme.selectors import duties_of, programme_current


class DutyPage(Page):
    """What the pages of duties share: the programme, the year and the filter of the address."""

    needs = "flow.duty.read"

    def read(self) -> tuple[Programme, DutyFilter, int, str]:
        """From the address; the present year where it names none."""
        policies.may_browse_duties(self.actor).or_raise()
        programme = programme_current()
        if programme is None:
            raise NotFound
        now = today().year
        years = sorted({*years_planned(programme=programme), now, now + 1}, reverse=True)
        form = DutyFilter(self.request.GET or {"year": now}, years=years)
        form.is_valid()
        data = getattr(form, "cleaned_data", {})
        return programme, form, data.get("year") or now, data.get("state") or ""

    def back(self, year: int) -> HttpResponse:
        """To the year's page."""
        return HttpResponseRedirect(f"{reverse('flow:duties')}?year={year}")


class Duties(DutyPage):
    """A list for offices; a board of pairings × duties for who sees all."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of one year."""
        programme, form, year, state = self.read()
        is_board = self.actor.sees_all and not state and request.GET.get("view") != "list"
        context: dict[str, Any] = {
            "programme": programme,
            "form": form,
            "year": year,
            "is_board": is_board,
            "sees_all": self.actor.sees_all,
            "set_due": permissions.check(self.actor, "flow.duty.set"),
            "query": request.GET.urlencode(),
        }
        if is_board:
            board = board_of(actor=self.actor, programme=programme, year=year)
            labels = {value: str(label) for value, label in DutyState.choices}
            context |= {"board": board, "counts": [(key, labels[key], n) for key, n in board.counts.items()]}
        else:
            rows = obligations_visible(actor=self.actor, programme=programme, year=year, state=state)
            context["rows"] = list(rows.prefetch_related("duty__owed_to")[:1000])
        return self.render("flow/duties.html", context)


class DutiesExport(DutyPage):
    """What the page shows, as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The board as pairings × duties, else the list; the trail notes who took it."""
        programme, _form, year, state = self.read()
        is_board = self.actor.sees_all and not state and request.GET.get("view") != "list"
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        title = _("%(year)s年度应办事项") % {"year": year}
        if is_board:
            board = board_of(actor=self.actor, programme=programme, year=year)
            number = len(board.rows)
            write_xlsx(target, title, _board_columns(board), _board_rows(board))
        else:
            found = obligations_visible(actor=self.actor, programme=programme, year=year, state=state)
            rows = list(found.prefetch_related("duty__owed_to"))
            number = len(rows)
            write_xlsx(target, title, _columns(), (_cells(row) for row in rows))
        duties_export_note(actor=self.actor, programme=programme, query=request.GET.urlencode(), rows=number)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{title}.xlsx")


def _columns() -> list[Out]:
    return [
        Out(_("对口关系"), width=24),
        Out(_("经常性工作"), width=24),
        Out(_("条款"), width=8),
        Out(_("报送对象"), width=24),
        Out(_("期限"), "date", 12),
        Out(_("状态"), width=12),
        Out(_("完成日期"), "date", 12),
        Out(_("完成情况"), width=40),
    ]


def _cells(row: Obligation) -> list[Any]:
    label = str(row.state.label)
    to = _("、").join(body.label for body in row.duty.owed_to.all())
    what = [row.pairing.label, row.duty.label, row.duty.clause.code, to]
    return [*what, row.due_on, label, row.fulfilled_on, row.subject_label]


def _board_columns(board: Board) -> list[Out]:
    return [Out(_("对口关系"), width=24), *(Out(duty.label, width=18) for duty in board.duties)]


def _board_rows(board: Board) -> Iterator[list[Any]]:
    for row in board.rows:
        yield [row.pairing.label, *(_said(cell) for cell in row.cells)]


def _said(cell: Obligation | None) -> str:
    if cell is None:
        return ""
    day = cell.fulfilled_on or cell.due_on
    return f"{cell.state.label} {day:%Y-%m-%d}" if day else str(cell.state.label)


class DutiesPlan(DutyPage):
    """Make the rows of a year now, not at the clock's next round."""

    needs = "flow.duty.set"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Twice makes nothing twice."""
        programme, text = programme_current(), request.POST.get("year", "")
        year = int(text) if text.isdigit() and len(text) == 4 else 0
        if programme is None or not 2010 <= year <= 2100:
            raise Invalid(_("年度有误。"))
        number = obligations_plan(actor=self.actor, programme=programme, year=year)
        messages.success(request, _("已排定%(number)d项。") % {"number": number})
        return self.back(year)


class DutyDue(DutyPage):
    """The day of one duty of one pairing."""

    needs = "flow.duty.set"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        row = obligation_known(actor=self.actor, obligation_id=pk)
        return self._form(row, DueForm(initial={"due_on": row.due_on, "reason": row.due_reason}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set it."""
        row = obligation_known(actor=self.actor, obligation_id=pk)
        form = DueForm(request.POST)
        if form.is_valid():
            try:
                obligation_set_due(actor=self.actor, obligation_id=pk, **form.cleaned_data)
                messages.success(request, _("已保存。"))
                return self.back(row.year)
            except Invalid as bad:
                _faults(form, bad)
        return self._form(row, form, 400)

    def _form(self, row: Obligation, form: DueForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "duty": row.duty, "pairing": row.pairing, "year": row.year}
        return self.render("flow/duty_due.html", context, status=status)


class DutyDueAll(DutyPage):
    """The day of one duty for every pairing that has not filed it."""

    needs = "flow.duty.set"

    def get(self, request: HttpRequest, code: str, year: int) -> HttpResponse:
        """The form."""
        return self._form(self._duty(code), year, DueForm())

    def post(self, request: HttpRequest, code: str, year: int) -> HttpResponse:
        """Set it for all of them."""
        duty, form = self._duty(code), DueForm(request.POST)
        if form.is_valid():
            try:
                number = obligations_set_due(actor=self.actor, duty=duty, year=year, **form.cleaned_data)
                messages.success(request, _("已为%(number)d个对口关系确定期限。") % {"number": number})
                return self.back(year)
            except Invalid as bad:
                _faults(form, bad)
        return self._form(duty, year, form, 400)

    def _duty(self, code: str) -> Duty:
        programme = programme_current()
        duty = duties_of(programme).filter(code=code).first() if programme is not None else None
        if duty is None:
            raise NotFound
        return duty

    def _form(self, duty: Duty, year: int, form: DueForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "duty": duty, "pairing": None, "year": year}
        return self.render("flow/duty_due.html", context, status=status)


def _faults(form: DueForm, bad: Invalid) -> None:
    for name, texts in (bad.fields or {"": [bad.message]}).items():
        form.add_error(name if name in form.fields else None, texts[0])
