"""The minutes of a meeting: read, written, decided, sent for signing, corrected."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.meetings import policies, selectors
from duikou.meetings.forms import DecisionForm, MinutesForm, ReasonForm
from duikou.meetings.models import Decision, MinutesState, MinutesVersion
from duikou.meetings.selectors.minutes import reads_drafts, refused_of, seat_labels
from duikou.meetings.selectors.owners import owner_code, owners_of
from duikou.meetings.services import minutes as writing
from duikou.meetings.services.route import minutes_submit
from duikou.meetings.services.signing import Unready, is_intact, missing_of
from duikou.meetings.states import OPEN_MINUTES, SEALED
from duikou.meetings.views.lists import MeetingView
from duikou.meetings.views.meeting import FormPage, whole


class MinutesPage(MeetingView):
    """One version as it is read and signed."""

    def get(self, request: HttpRequest, meeting_id: int, number: int) -> HttpResponse:
        """The whole in a constant number of queries."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        versions = selectors.minutes_visible_in(actor=self.actor, meeting=meeting)
        listed = next((one for one in versions if one.number == number), None)
        if listed is None:
            raise NotFound
        version = selectors.minutes_of(actor=self.actor, version_id=listed.pk)
        draft = version.state == MinutesState.DRAFT
        is_open = any(one.state in OPEN_MINUTES for one in versions)
        is_first = not any(one.state in SEALED for one in versions)
        context = {
            "meeting": version.meeting,
            "version": version,
            "versions": versions,
            "content": selectors.minutes_content(version),
            "draft": draft,
            "missing": missing_of(version) if draft else [],
            "write": policies.write_minutes(self.actor, version),
            "correct": policies.correct_minutes(self.actor, version, is_open=is_open),
            "may_abandon": draft and not is_first,
            "sealed": version.state in SEALED,
            "reads_drafts": reads_drafts(self.actor),
            "intact": is_intact(version),
            "refused": refused_of(version, self.actor) if draft else [],
        }
        return self.render("meetings/minutes.html", context)


class MinutesForms(FormPage):
    """Forms about minutes."""

    def version(self, version_id: int) -> MinutesVersion:
        """The visible version that this actor may write."""
        found = selectors.minutes_of(actor=self.actor, version_id=version_id)
        policies.write_minutes(self.actor, found).or_raise()
        return found

    def back(self, version: MinutesVersion) -> HttpResponse:
        """To the minutes."""
        return redirect("meetings:minutes", version.meeting_id, version.number)


class Begin(MinutesForms):
    """Begin the minutes."""

    def post(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """Open the first version and write in it."""
        selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        version = writing.minutes_begin(actor=self.actor, meeting_id=meeting_id)
        return redirect("meetings:minutes-write", version.pk)


class Write(MinutesForms):
    """The text."""

    def get(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """As it is."""
        version = self.version(version_id)
        form = MinutesForm(initial={"body": version.body})
        return self.show(form, _("编写会议纪要"), meeting=version.meeting, version=version, revision=version.revision)

    def post(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Save it; a stale save is kept and shows both."""
        version, revision = self.version(version_id), whole(request.POST.get("revision"))
        form = MinutesForm(request.POST)
        more: dict[str, Any] = {"meeting": version.meeting, "version": version}
        if form.is_valid():
            try:
                writing.minutes_save(actor=self.actor, version_id=version_id, revision=revision, body=form.text())
                return self.back(version)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Stale as stale:
                writing.refused_keep(actor=self.actor, version=version, seen=revision, body=form.text())
                more |= {"texts": (stale.data["present"], form.text()), "message": stale.message}
                revision = int(str(stale.data["revision"]))
                return self.show(form, _("编写会议纪要"), status=409, revision=revision, **more)
        return self.show(form, _("编写会议纪要"), revision=revision, **more)


class DecisionEdit(MinutesForms):
    """One thing decided."""

    def _form(self, version: MinutesVersion, data: Any = None, initial: Any = None) -> DecisionForm:
        pairing = version.meeting.pairing
        return DecisionForm(data, initial=initial, owners=owners_of(pairing), labels=seat_labels(version.meeting))

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """As it is, or empty."""
        version, initial = self.version(version_id), {}
        if uid is not None:
            row = Decision.objects.filter(version=version, uid=uid).first()
            if row is None:
                raise NotFound
            code = owner_code(side=row.owner_side, organisation_id=row.organisation_id, account_id=row.account_id)
            initial = {"text": row.text, "owner": code, "due_on": row.due_on}
        return self._shown(self._form(version, initial=initial), version, version.revision)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """Save it; what somebody else changed meanwhile is looked at first."""
        version, revision = self.version(version_id), whole(request.POST.get("revision"))
        form = self._form(version, request.POST)
        if form.is_valid():
            try:
                writing.decision_save(
                    actor=self.actor, version_id=version_id, revision=revision, draft=form.draft(), uid=uid
                )
                return self.back(version)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Stale as stale:
                form.add_error(None, stale.message)
                return self._shown(form, version, int(str(stale.data["revision"])), status=409)
        return self._shown(form, version, revision)

    def _shown(self, form: DecisionForm, version: MinutesVersion, revision: int, **more: Any) -> HttpResponse:
        return self.show(form, _("议定事项"), meeting=version.meeting, version=version, revision=revision, **more)


class DecisionRemove(MinutesForms):
    """Take a decision out."""

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID) -> HttpResponse:
        """Do it."""
        version = self.version(version_id)
        revision = whole(request.POST.get("revision"))
        writing.decision_remove(actor=self.actor, version_id=version_id, revision=revision, uid=uid)
        return self.back(version)


class Submit(MinutesForms):
    """Send the minutes for signing."""

    def post(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Do it; what is missing is said on the minutes' page."""
        version = self.version(version_id)
        try:
            minutes_submit(actor=self.actor, version_id=version_id, revision=whole(request.POST.get("revision")))
        except Unready as refused:
            for words in refused.missing:
                messages.error(request, words)
            return self.back(version)
        messages.success(request, _("已送签。"))
        return self.back(version)


class Reasoned(MinutesForms):
    """Correct signed minutes, or give a correction up: both say why."""

    def _title(self, verb: str) -> str:
        return _("更正纪要") if verb == "minutes-correct" else _("放弃更正")

    def get(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Ask for the reason."""
        version = selectors.minutes_of(actor=self.actor, version_id=version_id)
        if verb == "minutes-abandon":
            policies.write_minutes(self.actor, version).or_raise()
        policies.hosts(self.actor, version.meeting).or_raise()
        return self.show(ReasonForm(), self._title(verb), meeting=version.meeting, version=version)

    def post(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Do it."""
        version = selectors.minutes_of(actor=self.actor, version_id=version_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            do = writing.minutes_correct if verb == "minutes-correct" else writing.minutes_abandon
            try:
                return self.back(do(actor=self.actor, version_id=version_id, reason=form.cleaned_data["reason"]))
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, self._title(verb), meeting=version.meeting, version=version)
