"""One meeting: its page, its facts, and the steps of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.meetings import policies, selectors
from duikou.meetings.forms import (
    AgendaForm,
    AttendanceForm,
    LinksForm,
    MeetingForm,
    ReasonForm,
    WhenForm,
    meeting_initial,
    when_initial,
)
from duikou.meetings.models import Attendee, Meeting, MinutesState
from duikou.meetings.rules.lines import Person, people_text
from duikou.meetings.selectors import lists
from duikou.meetings.selectors.minutes import agenda_shown, attendance_of, seat_labels
from duikou.meetings.services import meetings as life
from duikou.meetings.services import table
from duikou.meetings.states import OPEN_MINUTES
from duikou.meetings.tables import host_words, when
from duikou.meetings.views.lists import MeetingView


class MeetingPage(MeetingView):
    """When, where, who, what about, and what came of it."""

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """The whole in a constant number of queries."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        versions = selectors.minutes_visible_in(actor=self.actor, meeting=meeting)
        actions = lists.actions_of(actor=self.actor, meeting=meeting)
        draft = next((one for one in versions if one.state in OPEN_MINUTES), None)
        is_correcting = draft is not None and draft.state == MinutesState.DRAFT
        latest = next((one for one in versions if one.state == MinutesState.SIGNED), draft)
        context = {
            "meeting": meeting,
            "when": when(meeting),
            "host": host_words(meeting),
            "attendance": attendance_of(meeting),
            "agenda": agenda_shown(meeting),
            "links": lists.links_of(actor=self.actor, meeting=meeting),
            "versions": versions,
            "latest": latest,
            "draft": draft,
            "actions": actions,
            "left": lists.actions_left(actor=self.actor, meeting=meeting),
            "change": policies.change(self.actor, meeting, is_correcting=is_correcting),
            "begin": policies.begin_minutes(self.actor, meeting, is_there=bool(versions)),
            **{verb: policies.step(self.actor, meeting, verb) for verb in ("hold", "postpone", "cancel", "reschedule")},
            "correct": policies.step(self.actor, meeting, "correct"),
        }
        return self.render("meetings/meeting.html", context)


class FormPage(MeetingView):
    """A form about a meeting: refused with the reason, sent back with faults at their fields, or done."""

    needs = "meetings.meeting.write"
    template = "meetings/form.html"

    def show(self, form: Any, title: str, *, meeting: Meeting | None = None, **more: Any) -> HttpResponse:
        """The form on its page."""
        status = more.pop("status", 400 if form.errors else 200)
        return self.render(self.template, {"form": form, "title": title, "meeting": meeting, **more}, status=status)

    def meeting(self, meeting_id: int) -> Meeting:
        """The visible meeting whose facts this actor may change."""
        found = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        policies.change(self.actor, found, is_correcting=life.correcting(found)).or_raise()
        return found

    def saved(
        self, form: Any, title: str, do: Callable[[], Any], *, meeting: Meeting, revision: int, present: Any
    ) -> HttpResponse:
        """Do it and go back to the meeting; faults stay at their fields, a stale save shows both."""
        if form.is_valid():
            try:
                do()
                return redirect("meetings:meeting", meeting.pk)
            except Invalid as bad:
                form.add_faults(bad.fields or {"": [bad.message]})
            except Stale as stale:
                meeting.refresh_from_db()
                return self.show(form, title, meeting=meeting, status=409, **both(form, stale, present()))
        return self.show(form, title, meeting=meeting, revision=revision)


class MeetingNew(FormPage):
    """Plan a meeting."""

    def _form(self, data: Any = None, meeting: Meeting | None = None, **given: Any) -> MeetingForm:
        pairings = [meeting.pairing] if meeting else lists.pairings_writable(actor=self.actor)
        duties = lists.duties_kept(pairings=pairings, kinds=life.DUTY_KINDS)
        return MeetingForm(data, pairings=pairings, duties=duties, **given)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        names = ("pairing", "kind", "layer", "duty", "starts_on")
        form = self._form(initial={name: request.GET[name] for name in names if name in request.GET})
        return self.show(form, _("安排会议"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Plan it."""
        form = self._form(request.POST)
        if form.is_valid():
            try:
                return redirect("meetings:meeting", life.meeting_plan(actor=self.actor, draft=form.draft()).pk)
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self.show(form, _("安排会议"))


class MeetingEdit(MeetingNew):
    """Change the facts."""

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:  # type: ignore[override]
        """The facts as they are."""
        meeting = self.meeting(meeting_id)
        form = self._form(meeting=meeting, initial=meeting_initial(meeting))
        return self.show(form, _("修改会议信息"), meeting=meeting, revision=meeting.revision)

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:  # type: ignore[override]
        """Change them."""
        meeting, revision = self.meeting(meeting_id), whole(request.POST.get("revision"))
        form = self._form(request.POST, meeting=meeting)
        return self.saved(
            form,
            _("修改会议信息"),
            lambda: life.meeting_update(actor=self.actor, meeting_id=meeting_id, revision=revision, draft=form.draft()),
            meeting=meeting,
            revision=revision,
            present=lambda: meeting_initial(meeting),
        )


class Hold(FormPage):
    """It took place."""

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Say so."""
        selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        life.meeting_hold(actor=self.actor, meeting_id=meeting_id)
        messages.success(request, _("已登记召开，请整理会议纪要。"))
        return redirect("meetings:meeting", meeting_id)


REASONED: dict[str, tuple[Callable[..., Meeting], Callable[[], str]]] = {
    "postpone": (life.meeting_postpone, lambda: _("推迟会议")),
    "cancel": (life.meeting_cancel, lambda: _("取消会议")),
    "correct": (life.meeting_correct, lambda: _("撤销“已召开”")),
}


class Reasoned(FormPage):
    """Postpone, cancel, or take back a wrong "held": all say why."""

    def get(self, request: HttpRequest, meeting_id: int, verb: str) -> HttpResponse:
        """Ask for the reason."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        policies.step(self.actor, meeting, verb).or_raise()
        return self.show(ReasonForm(), REASONED[verb][1](), meeting=meeting)

    def post(self, request: HttpRequest, meeting_id: int, verb: str) -> HttpResponse:
        """Do it."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                REASONED[verb][0](actor=self.actor, meeting_id=meeting_id, reason=form.cleaned_data["reason"])
                return redirect("meetings:meeting", meeting_id)
            except Invalid as bad:
                form.add_faults(bad.fields or {"": [bad.message]})
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, REASONED[verb][1](), meeting=meeting)


class Reschedule(FormPage):
    """A postponed meeting gets its new date."""

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """The old date to start from."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        policies.step(self.actor, meeting, "reschedule").or_raise()
        return self.show(WhenForm(initial=when_initial(meeting)), _("重新安排"), meeting=meeting)

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Set the new one."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        form = WhenForm(request.POST)
        if form.is_valid():
            try:
                life.meeting_reschedule(actor=self.actor, meeting_id=meeting_id, **form.moments())
                return redirect("meetings:meeting", meeting_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, _("重新安排"), meeting=meeting)


class Agenda(FormPage):
    """The agenda, one item a line."""

    def _present(self, meeting: Meeting) -> dict[str, str]:
        return {"agenda": "\n".join(meeting.agenda.order_by("order", "id").values_list("title", flat=True))}

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """As it is."""
        meeting = self.meeting(meeting_id)
        form = AgendaForm(initial=self._present(meeting))
        return self.show(form, _("编写议程"), meeting=meeting, revision=meeting.revision)

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Write it."""
        meeting, revision = self.meeting(meeting_id), whole(request.POST.get("revision"))
        form = AgendaForm(request.POST)
        return self.saved(
            form,
            _("编写议程"),
            lambda: table.agenda_set(actor=self.actor, meeting_id=meeting_id, revision=revision, titles=form.titles()),
            meeting=meeting,
            revision=revision,
            present=lambda: self._present(meeting),
        )


class CarryOver(FormPage):
    """Take up what earlier meetings left undone."""

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """At the end of the agenda, each once."""
        self.meeting(meeting_id)
        added = table.agenda_carry_over(
            actor=self.actor, meeting_id=meeting_id, revision=whole(request.POST.get("revision"))
        )
        messages.success(request, _("议程新增%(count)d项，已有的没有改动。") % {"count": added})
        return redirect("meetings:meeting", meeting_id)


class Attendance(FormPage):
    """Who attends."""

    def _present(self, meeting: Meeting) -> dict[str, str]:
        found: dict[str, list[Person]] = {}
        for row in Attendee.objects.filter(meeting=meeting).order_by("order", "id"):
            found.setdefault(row.seat, []).append(Person(row.name, row.post, row.organisation, row.count))
        return {seat: people_text(rows) for seat, rows in found.items()}

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """As it is."""
        meeting = self.meeting(meeting_id)
        form = AttendanceForm(initial=self._present(meeting), labels=seat_labels(meeting))
        return self.show(form, _("登记出席人员"), meeting=meeting, revision=meeting.revision)

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Write it."""
        meeting, revision = self.meeting(meeting_id), whole(request.POST.get("revision"))
        form = AttendanceForm(request.POST, labels=seat_labels(meeting))
        return self.saved(
            form,
            _("登记出席人员"),
            lambda: table.attendance_set(
                actor=self.actor, meeting_id=meeting_id, revision=revision, seats=form.seats()
            ),
            meeting=meeting,
            revision=revision,
            present=lambda: self._present(meeting),
        )


class Links(FormPage):
    """What the meeting is about."""

    def _form(self, meeting: Meeting, data: Any = None) -> LinksForm:
        offered = lists.links_offered(actor=self.actor, pairing_id=meeting.pairing_id)
        chosen = [f"{link.kind}|{link.reference}" for link in meeting.links.all()]
        return LinksForm(data, offered=offered, initial={"links": chosen})

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """What is chosen, and what may be."""
        meeting = self.meeting(meeting_id)
        return self.show(self._form(meeting), _("关联计划事项"), meeting=meeting, revision=meeting.revision)

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Choose."""
        meeting, revision = self.meeting(meeting_id), whole(request.POST.get("revision"))
        form = self._form(meeting, request.POST)
        return self.saved(
            form,
            _("关联计划事项"),
            lambda: table.links_set(actor=self.actor, meeting_id=meeting_id, revision=revision, wanted=form.wanted()),
            meeting=meeting,
            revision=revision,
            present=lambda: {"links": [f"{link.kind}|{link.reference}" for link in meeting.links.all()]},
        )


def both(form: Any, stale: Stale, present: dict[str, Any]) -> dict[str, Any]:
    """What is there now beside what was filled in, field by field."""
    rows = []
    for name, field in form.fields.items():
        now, given = said(field, present.get(name)), said(field, form.data.getlist(name))
        if now.split() != given.split():
            rows.append((field.label, now, given))
    return {"both": rows, "message": stale.message, "revision": stale.data["revision"]}


def said(field: Any, value: Any) -> str:
    """A field's value as text, by the name of what is chosen, whether it was stored or sent."""
    values = [one for one in (value if isinstance(value, list | tuple) else [value]) if one not in (None, "", False)]
    if isinstance(field, forms.BooleanField):
        return str(_("是") if values else _("否"))
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return "\n".join(labels.get(str(one), _plain(one)) for one in values)


def _plain(value: Any) -> str:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)


def whole(text: str | None) -> int:
    """The whole number that a form sent; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
