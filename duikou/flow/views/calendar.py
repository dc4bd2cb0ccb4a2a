"""The table of working days."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow import selectors
from duikou.flow.forms import DayForm
from duikou.flow.services.calendar import day_clear, day_set
from duikou.kernel import permissions
from duikou.kernel.clock import today
from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page


class Calendar(Page):
    """Days that differ from the published calendar, year by year."""

    needs = "flow.calendar.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The rows of one year and, for those who may, the form."""
        return self._show(DayForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set one day."""
        permissions.check(self.actor, "flow.calendar.write").or_raise()
        form = DayForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=400)
        row = day_set(actor=self.actor, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(f"{reverse('flow:calendar')}?year={row.day.year}")

    def _show(self, form: DayForm, status: int = 200) -> HttpResponse:
        text = self.request.GET.get("year", "")
        year = int(text) if text.isdigit() and 2004 <= int(text[:4]) <= 2100 and len(text) == 4 else today().year
        context = {
            "form": form,
            "year": year,
            "years": [year - 1, year + 1],
            "days": selectors.days_listed(year=year),
            "verdict": permissions.check(self.actor, "flow.calendar.write"),
        }
        return self.render("flow/calendar.html", context, status=status)


class DayClear(Page):
    """Take a day out of the table."""

    needs = "flow.calendar.write"

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        """The published calendar decides again."""
        try:
            date = dt.date.fromisoformat(day)
        except ValueError:
            raise NotFound from None
        day_clear(actor=self.actor, day=date)
        messages.success(request, _("已删除。"))
        return HttpResponseRedirect(f"{reverse('flow:calendar')}?year={date.year}")
