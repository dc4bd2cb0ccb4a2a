"""Mechanisms: who meets how often, and who has fallen behind."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.permissions import check
from duikou.meetings import policies
from duikou.meetings.forms import CadenceForm, ReasonForm
from duikou.meetings.models import Cadence
from duikou.meetings.selectors import cadences, lists
from duikou.meetings.services.cadences import cadence_end, cadence_set
from duikou.meetings.views.lists import MeetingView
from duikou.meetings.views.meeting import FormPage, whole


class Cadences(MeetingView):
    """What the pack asks for, and what two sides agreed on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """How each stands today."""
        context = {
            "rows": [
                (one, policies.create(self.actor, one.cadence.pairing)) for one in cadences.standings(actor=self.actor)
            ],
            "duties": cadences.duties_standing(actor=self.actor),
            "write": check(self.actor, policies.WRITE.code),
        }
        return self.render("meetings/cadences.html", context)


class CadenceEdit(FormPage):
    """Set a mechanism, or change one."""

    def _cadence(self, cadence_id: int | None) -> Cadence | None:
        if cadence_id is None:
            return None
        found = cadences.cadence_visible(actor=self.actor, cadence_id=cadence_id)
        policies.create(self.actor, found.pairing).or_raise()
        return found

    def _form(self, found: Cadence | None, data: Any = None) -> CadenceForm:
        pairings = [found.pairing] if found else lists.pairings_writable(actor=self.actor)
        names = ("layer", "kind", "title", "years", "since")
        initial = {name: getattr(found, name) for name in names} if found else {}
        return CadenceForm(data, pairings=pairings, initial=initial)

    def get(self, request: HttpRequest, cadence_id: int | None = None) -> HttpResponse:
        """As it is, or empty."""
        found = self._cadence(cadence_id)
        return self._shown(self._form(found), found.revision if found else 0)

    def post(self, request: HttpRequest, cadence_id: int | None = None) -> HttpResponse:
        """Set it."""
        found, revision = self._cadence(cadence_id), whole(request.POST.get("revision"))
        form = self._form(found, request.POST)
        if form.is_valid():
            try:
                cadence_set(actor=self.actor, draft=form.draft(), cadence_id=cadence_id, revision=revision)
                return redirect("meetings:cadences")
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self._shown(form, found.revision if found else 0)

    def _shown(self, form: Any, revision: int) -> HttpResponse:
        return self.show(form, _("会商机制"), revision=revision)


class CadenceEnd(FormPage):
    """End a mechanism; says why."""

    def get(self, request: HttpRequest, cadence_id: int) -> HttpResponse:
        """Ask for the reason."""
        found = cadences.cadence_visible(actor=self.actor, cadence_id=cadence_id)
        policies.create(self.actor, found.pairing).or_raise()
        return self.show(ReasonForm(), _("停用会商机制"))

    def post(self, request: HttpRequest, cadence_id: int) -> HttpResponse:
        """End it."""
        cadences.cadence_visible(actor=self.actor, cadence_id=cadence_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                cadence_end(actor=self.actor, cadence_id=cadence_id, reason=form.cleaned_data["reason"])
                return redirect("meetings:cadences")
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, _("停用会商机制"))
