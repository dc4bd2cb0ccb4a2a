"""What both sides say of a draft and propose for it: of one part, or of the whole."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.keyset import Order, keyset_page
from duikou.plans import policies, selectors
from duikou.plans.forms import SuggestionForm
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import writing
from duikou.plans.services import comments, suggestions
from duikou.plans.services.present import Present, part_names, part_now
from duikou.plans.views.form import FormPage
from duikou.plans.views.lists import PlanView

PAGE = 30


class Talk(PlanView):
    """Everything that is said of a version: threads and proposals, the latest first."""

    template = "plans/talk.html"

    def get(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """One page of threads, and the proposals; `?open=1`: only what waits."""
        return self.shown(self._version(version_id))

    def post(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Say something of the whole."""
        version = self._version(version_id)
        try:
            comments.comment_add(actor=self.actor, version_id=version_id, text=request.POST.get("text", ""))
        except Invalid as bad:
            return self.shown(version, fault=bad.message)
        return redirect("plans:talk", version_id)

    def shown(self, version: PlanVersion, fault: str = "") -> HttpResponse:
        """The page."""
        only_open = bool(self.request.GET.get("open"))
        heads = writing.threads_of(version, is_open=only_open)
        page = keyset_page(heads, Order("id", descending=True), self.request.GET.get("cursor", ""), size=PAGE)
        proposals = writing.suggestions_of(version, is_open=only_open)[: PAGE * 3]
        context = {
            "version": version,
            "write": policies.write(self.actor, version),
            "threads": writing.with_answers(page.rows),
            "pager_page": {"previous": page.previous, "next": page.next, "total": heads.count()},
            "suggestions": proposals,
            "names": part_names(version),
            "only_open": only_open,
            "fault": fault,
            "text": self.request.POST.get("text", "") if fault else "",
        }
        return self.render(self.template, context, status=400 if fault else 200)

    def _version(self, version_id: int) -> PlanVersion:
        found = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.discuss(self.actor, found).or_raise()
        return found


class PartTalk(Talk):
    """What is said of one section or entry: on a page of its own, or where the part stands."""

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        """The threads and proposals of the part."""
        return self.of_part(self._version(version_id), uid)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        """Say something of it."""
        version = self._version(version_id)
        text = request.POST.get("text", "")
        try:
            comments.comment_add(actor=self.actor, version_id=version_id, uid=uid, text=text)
        except Invalid as bad:
            return self.of_part(version, uid, fault=bad.message)
        return self.back_to(version, uid)

    def of_part(self, version: PlanVersion, uid: uuid.UUID, fault: str = "") -> HttpResponse:
        """The page, or the piece of it that stands at the part."""
        part = part_now(version, uid)
        threads = writing.with_answers(list(writing.threads_of(version, uid=uid)))
        proposals = list(writing.suggestions_of(version, uid=uid))
        if part is None and not threads and not proposals:
            raise NotFound
        side = policies.side_of(self.actor, version.plan.pairing)
        context = {
            "version": version,
            "uid": uid,
            "part": part,
            "write": policies.write(self.actor, version),
            "side": side.value if side else "",
            "threads": threads,
            "proposals": [(one, _outdated(part, one)) for one in proposals],
            "said": writing.Talk(
                sum(1 for one in threads if one.head.resolved_at is None),
                len(threads),
                sum(1 for one in proposals if one.state == "open"),
            ),
            "fault": fault,
            "text": self.request.POST.get("text", "") if fault else "",
            "in_place": self.request.headers.get("HX-Request"),
        }
        template = "plans/parts/talk.html" if context["in_place"] else "plans/talk_part.html"
        return self.render(template, context, status=400 if fault and not context["in_place"] else 200)

    def back_to(self, version: PlanVersion, uid: uuid.UUID | None) -> HttpResponse:
        """Where the part's talk stands, after something was done."""
        if uid is None:
            return redirect("plans:talk", version.pk)
        if self.request.headers.get("HX-Request"):
            return self.of_part(version, uid)
        return redirect("plans:talk-part", version.pk, uid)


def _outdated(part: Present | None, one: Any) -> bool:
    """Whether the words that a proposal was made for are no longer there."""
    return one.state == "open" and (part is None or part.content.get(one.field) != one.before)


class CommentAct(PartTalk):
    """Answer, resolve or reopen a thread."""

    needs = "plans.plan.write"

    def get(self, request: HttpRequest, version_id: int, comment_id: int, verb: str) -> HttpResponse:  # type: ignore[override]
        """Not a page."""
        return self.http_method_not_allowed(request)

    def post(self, request: HttpRequest, version_id: int, comment_id: int, verb: str) -> HttpResponse:  # type: ignore[override]
        """Do it."""
        version = self._version(version_id)
        head = comments.comment_of(version=version, comment_id=comment_id)
        if verb == "reply":
            text = request.POST.get("text", "")
            comments.comment_add(actor=self.actor, version_id=version_id, parent_id=comment_id, text=text)
        elif verb == "resolve":
            comments.comment_resolve(actor=self.actor, comment_id=comment_id)
        else:
            comments.comment_reopen(actor=self.actor, comment_id=comment_id)
        return self.back_to(version, head.uid)


class SuggestionAct(PartTalk):
    """Accept, decline or withdraw a proposal."""

    needs = "plans.plan.write"

    def get(self, request: HttpRequest, version_id: int, suggestion_id: int, verb: str) -> HttpResponse:  # type: ignore[override]
        """Not a page."""
        return self.http_method_not_allowed(request)

    def post(self, request: HttpRequest, version_id: int, suggestion_id: int, verb: str) -> HttpResponse:  # type: ignore[override]
        """Do it."""
        version = self._version(version_id)
        found = suggestions.suggestion_of(version=version, suggestion_id=suggestion_id)
        at: dict[str, Any] = {"actor": self.actor, "suggestion_id": suggestion_id}
        if verb == "accept":
            suggestions.suggestion_accept(**at)
        elif verb == "decline":
            suggestions.suggestion_decline(**at, reason=request.POST.get("reason", ""))
        else:
            suggestions.suggestion_withdraw(**at)
        return self.back_to(version, found.uid)


class Suggest(FormPage):
    """Propose a wording for a field of a section or entry."""

    template = "plans/suggest.html"

    def get(self, request: HttpRequest, version_id: int, kind: str, uid: uuid.UUID) -> HttpResponse:
        """The words as they are, to be changed."""
        version = self.version(version_id)
        part = self._part(version, uid)
        field = self._field(part)
        form = SuggestionForm(initial={"text": part.editable(field)})
        return self._shown(form, version, part, field)

    def post(self, request: HttpRequest, version_id: int, kind: str, uid: uuid.UUID) -> HttpResponse:
        """Propose it."""
        version = self.version(version_id)
        part, form = self._part(version, uid), SuggestionForm(request.POST)
        field = self._field(part)
        if form.is_valid():
            try:
                at: dict[str, Any] = {"version_id": version_id, "subject": part.kind, "uid": uid, "field": field}
                suggestions.suggestion_make(actor=self.actor, **at, **form.cleaned_data)
                return redirect(reverse("plans:talk-part", args=[version_id, uid]))
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self._shown(form, version, part, field)

    def _shown(self, form: SuggestionForm, version: PlanVersion, part: Present, field: str) -> HttpResponse:
        fields = [(one, part.label(one)) for one in suggestions.FIELDS[part.kind]]
        more = {"part": part, "field": field, "fields": fields, "rich": field == "body"}
        return self.show(form, _("提出修改建议"), version=version, **more)

    def _part(self, version: PlanVersion, uid: uuid.UUID) -> Present:
        found = part_now(version, uid)
        if found is None or found.kind != self.kwargs["kind"]:
            raise NotFound
        return found

    def _field(self, part: Present) -> str:
        known = suggestions.FIELDS[part.kind]
        asked = self.request.GET.get("field", "")
        return asked if asked in known else "body" if part.kind == "section" else "measure"
