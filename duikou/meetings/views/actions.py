"""One action item: what is owed, how far it is, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.meetings import policies, selectors
from duikou.meetings.forms import NoteForm, ReportForm
from duikou.meetings.models import ActionItem
from duikou.meetings.services import actions
from duikou.meetings.tables import side_words
from duikou.meetings.views.lists import MeetingView
from duikou.meetings.views.meeting import whole

DO: dict[str, Callable[..., ActionItem]] = {
    "report": actions.action_report,
    "return": actions.action_return,
    "close": actions.action_close,
    "drop": actions.action_drop,
}
VERBS = tuple(DO)


class ActionPage(MeetingView):
    """What is owed, and how far it is."""

    for_units = True

    def get(self, request: HttpRequest, action_id: int) -> HttpResponse:
        """The whole, with what may be done."""
        item = selectors.action_visible(actor=self.actor, action_id=action_id)
        context = {
            "item": item,
            "given": side_words(item, item.given_side),
            "owner_side": side_words(item, item.owner_side),
            "sees_meeting": selectors.meetings_visible(actor=self.actor).filter(pk=item.meeting_id).exists(),
            "verdicts": {verb: policies.act(self.actor, item, verb) for verb in VERBS},
        }
        return self.render("meetings/action.html", context)


class ActionAct(MeetingView):
    """Report, close, send back or drop."""

    needs = "meetings.action.write"
    for_units = True

    def _title(self, verb: str) -> str:
        return {
            "report": _("报告完成"),
            "return": _("退回继续办理"),
            "close": _("确认办结"),
            "drop": pgettext("verb", "不再办理"),
        }[verb]

    def _form(self, verb: str, data: Any = None) -> ReportForm | NoteForm:
        return ReportForm(data) if verb == "report" else NoteForm(data, needed=verb != "close")

    def get(self, request: HttpRequest, action_id: int, verb: str) -> HttpResponse:
        """Ask for words."""
        item = selectors.action_visible(actor=self.actor, action_id=action_id)
        policies.act(self.actor, item, verb).or_raise()
        return self._show(self._form(verb), item, verb)

    def post(self, request: HttpRequest, action_id: int, verb: str) -> HttpResponse:
        """Do it."""
        item = selectors.action_visible(actor=self.actor, action_id=action_id)
        form = self._form(verb, request.POST)
        if form.is_valid():
            seen = whole(request.POST.get("revision"))
            try:
                DO[verb](actor=self.actor, action_id=action_id, revision=seen, **form.cleaned_data)
                messages.success(request, _("已保存。"))
                return redirect("meetings:action", action_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Stale as stale:
                form.add_error(None, stale.message)
                item.refresh_from_db()
                return self._show(form, item, verb, status=409)
            except Conflict as refused:
                form.add_error(None, refused.message)
                return self._show(form, item, verb, status=409)
        return self._show(form, item, verb)

    def _show(self, form: Any, item: ActionItem, verb: str, *, status: int | None = None) -> HttpResponse:
        context = {"form": form, "item": item, "title": self._title(verb)}
        return self.render("meetings/action_form.html", context, status=status or (400 if form.errors else 200))
