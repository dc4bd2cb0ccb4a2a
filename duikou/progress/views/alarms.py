"""Alarms: the list, one of them, what people do about it, what cannot be judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.columns import cells_of, workbook
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.keyset import Order, keyset_page, rows_walk
from duikou.kernel.web import Page
from duikou.progress import policies
from duikou.progress.forms.alarms import ALARMS, AlarmFilters, ExplainForm, NoteForm, missing_of
from duikou.progress.models import Alarm
from duikou.progress.selectors.alarms import (
    alarm_visible,
    alarms_counted,
    alarms_listed,
    project_judged,
    unjudged_listed,
)
from duikou.progress.services import alarms
from duikou.progress.views.alarm_words import figures_said, finding_of

COUNTED = 10_000
"""Rows are counted up to here and told as more beyond."""
DO: dict[str, Callable[..., Alarm]] = {
    "acknowledge": alarms.alarm_acknowledge,
    "explain": alarms.alarm_explain,
    "return": alarms.alarm_return,
    "close": alarms.alarm_close,
}


class AlarmView(Page):
    """A page about alarms: an operator outside the logged mode is told the reason."""

    needs = "progress.alarm.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Business data is for who may browse it."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


class AlarmList(AlarmView):
    """Alarms the viewer may know of, the open ones unless asked otherwise."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        filters = AlarmFilters(request.GET, queryset=alarms_listed(actor=self.actor))
        valid = filters.form.is_valid()
        rows = filters.qs if valid else alarms_listed(actor=self.actor).none()
        page = keyset_page(rows, ALARMS.order_of(request.GET.get("sort", "")), request.GET.get("cursor", ""))
        columns = ALARMS.chosen(request.GET.getlist("columns"))
        count = rows.order_by().values("pk")[: COUNTED + 1].count()
        context = {
            "filters": filters,
            "faults": [
                f"{filters.form.fields[name].label}：{' '.join(bad)}" for name, bad in filters.form.errors.items()
            ],
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": min(count, COUNTED)},
            "count": min(count, COUNTED),
            "more": count > COUNTED,
            "counts": alarms_counted(actor=self.actor),
            "columns": columns,
            "chooser": ALARMS.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "query": request.GET.urlencode(),
        }
        return self.render("progress/alarms.html", context, status=200 if valid else 400)


class AlarmExport(AlarmView):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All pages of the list; the trail notes who took it."""
        filters = AlarmFilters(request.GET, queryset=alarms_listed(actor=self.actor))
        if not filters.form.is_valid():
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        alarms.alarms_export_note(actor=self.actor, query=request.GET.urlencode(), rows=filters.qs.count())
        columns = ALARMS.chosen(request.GET.getlist("columns"))
        return workbook(_("预警"), columns, rows_walk(filters.qs, ALARMS.order_of(request.GET.get("sort", ""))))


class Unjudged(AlarmView):
    """Projects of which something cannot be judged, and what is missing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        rows = unjudged_listed(actor=self.actor)
        page = keyset_page(rows, Order("id"), request.GET.get("cursor", ""))
        count = rows.order_by().values("pk")[: COUNTED + 1].count()
        context = {
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": min(count, COUNTED)},
            "count": min(count, COUNTED),
            "more": count > COUNTED,
            "rows": [(row, missing_of(row)) for row in page.rows],
        }
        return self.render("progress/alarms_unjudged.html", context)


class AlarmPage(AlarmView):
    """One alarm: why it was raised, how it stands now, what may be done."""

    def get(self, request: HttpRequest, alarm_id: int) -> HttpResponse:
        """The whole."""
        alarm = alarm_visible(actor=self.actor, alarm_id=alarm_id)
        judged = project_judged(actor=self.actor, project=alarm.project)
        context = {
            "alarm": alarm,
            "project": alarm.project,
            "figures": figures_said(alarm),
            "now": finding_of(judged, alarm.kind),
            "is_late": alarm.is_open and alarm.explained_at is None and alarm.explain_due < today(),
            "verdicts": {verb: policies.alarm_step(self.actor, alarm, verb) for verb in DO},
        }
        return self.render("progress/alarm.html", context)


class AlarmStep(AlarmView):
    """Acknowledge, explain, send back or close."""

    needs = "progress.alarm.write"

    def get(self, request: HttpRequest, alarm_id: int, verb: str) -> HttpResponse:
        """Ask for words."""
        alarm = self._alarm(alarm_id, verb)
        policies.alarm_step(self.actor, alarm, verb).or_raise()
        return self._show(self._form(alarm, verb), alarm, verb)

    def post(self, request: HttpRequest, alarm_id: int, verb: str) -> HttpResponse:
        """Do it; what is refused keeps what was typed."""
        alarm = self._alarm(alarm_id, verb)
        form = self._form(alarm, verb, request.POST)
        if form is not None and not form.is_valid():
            return self._show(form, alarm, verb)
        seen = request.POST.get("revision", "")
        revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        try:
            DO[verb](actor=self.actor, alarm_id=alarm_id, revision=revision, **(form.cleaned_data if form else {}))
        except (Invalid, Stale, Conflict) as refused:
            if form is None:
                raise
            form.add_faults(getattr(refused, "fields", None) or {"": [refused.message]})
            return self._show(form, alarm_visible(actor=self.actor, alarm_id=alarm_id), verb, status=refused.status)
        messages.success(request, _("已保存。"))
        return redirect("progress:alarm", alarm_id)

    def _alarm(self, alarm_id: int, verb: str) -> Alarm:
        if verb not in DO:
            raise NotFound
        return alarm_visible(actor=self.actor, alarm_id=alarm_id)

    @staticmethod
    def _form(alarm: Alarm, verb: str, data: Any = None) -> ExplainForm | NoteForm | None:
        if verb == "acknowledge":
            return None
        if verb == "explain":
            names = ("explanation", "measure", "promised_on")
            return ExplainForm(data, initial={name: getattr(alarm, name) for name in names})
        return NoteForm(data, needed=verb == "return" or alarm.is_given)

    def _show(self, form: Any, alarm: Alarm, verb: str, *, status: int | None = None) -> HttpResponse:
        titles = {
            "acknowledge": _("签收预警"),
            "explain": _("说明预警"),
            "return": _("退回说明"),
            "close": _("预警销号"),
        }
        context = {"form": form, "alarm": alarm, "title": titles[verb], "verb": verb}
        wrong = form is not None and form.errors
        return self.render("progress/alarm_form.html", context, status=status or (400 if wrong else 200))
