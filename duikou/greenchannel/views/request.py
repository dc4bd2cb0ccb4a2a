"""One request: where it stands, whose turn it is, and the steps one may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.greenchannel import policies
from duikou.greenchannel.forms import RaiseForm, StepForm
from duikou.greenchannel.models import GreenChannelRequest, RequestState
from duikou.greenchannel.selectors.owners import owners_offered, side_regions
from duikou.greenchannel.selectors.page import clock_of, projects_of, steps_of, waited_days
from duikou.greenchannel.selectors.scope import request_visible
from duikou.greenchannel.services.contact import contact_reveal
from duikou.greenchannel.services.raising import request_raise
from duikou.greenchannel.services.steps import request_step
from duikou.greenchannel.states import REQUEST, VERB_LABELS, VERBS
from duikou.greenchannel.views.page import GreenPage, whole
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.permissions import check
from duikou.kernel.verdict import Verdict
from duikou.programme.selectors import blocker_kinds_of
from duikou.projects.models import Project
from duikou.projects.selectors import project_visible, projects_visible

PRIMARY = frozenset({"accept", "propose", "agree", "answer"})
ICONS = {"accept": "check", "propose": "send", "agree": "circle-check", "answer": "send", "transfer": "arrow-right"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the state allows, and whether this viewer may take it."""

    label: str
    url: str
    verdict: Verdict
    kind: str
    icon: str


def request_context(page: GreenPage, request: GreenChannelRequest, **more: Any) -> dict[str, Any]:
    """What the page shows; the steps that the state allows, each with why not."""
    here = REQUEST.verbs(RequestState(request.state))
    actor = page.actor
    steps = [
        Step(
            str(VERB_LABELS[verb]),
            reverse(f"greenchannel:{verb}", args=[request.pk]),
            policies.step(actor, request, verb),
            "primary" if verb in PRIMARY else "default",
            ICONS.get(verb, ""),
        )
        for verb in VERBS
        if verb in here
    ]
    return {
        "row": request,
        "project_seen": projects_visible(actor=actor).filter(pk=request.project_id).exists(),
        "steps": sorted(steps, key=lambda one: (one.kind == "primary", bool(one.verdict))),
        "asker_words": asker_words(request),
        "history": steps_of(request),
        "clock": clock_of(request),
        "waited": waited_days(request),
        "reveal": policies.reveal(actor, request),
        **more,
    }


def asker_words(request: GreenChannelRequest) -> str:
    """Who raised it, with the organisation."""
    body = request.asker_organisation.name if request.asker_organisation else ""
    return f"{body} {request.asker_name}".strip()


class RequestPage(GreenPage):
    """Where it stands."""

    def get(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """The whole, with what may be done."""
        found = request_visible(actor=self.actor, request_id=request_id)
        return self.render("greenchannel/request.html", request_context(self, found))


class ContactReveal(GreenPage):
    """Whom to call, in full: a POST, so that no link, cache or history does it unseen."""

    needs = "greenchannel.contact.reveal"

    def post(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """The page with the contact in full; not stored by browsers."""
        request_visible(actor=self.actor, request_id=request_id)
        contact_reveal(actor=self.actor, request_id=request_id)
        found = request_visible(actor=self.actor, request_id=request_id)
        page = self.render("greenchannel/request.html", request_context(self, found, revealed=True))
        page["Cache-Control"] = "no-store"
        return page


class RequestAct(GreenPage):
    """Take one step."""

    needs = "greenchannel.request.act"

    def _form(self, found: GreenChannelRequest, verb: str, data: Any = None) -> StepForm:
        if verb != "transfer":
            return StepForm(data, verb=verb)
        names = {side: region.label for side, region in side_regions(found.project).items()}
        return StepForm(data, verb=verb, owners=owners_offered(found), names=names)

    def get(self, request: HttpRequest, request_id: int, verb: str) -> HttpResponse:
        """Ask for words."""
        found = request_visible(actor=self.actor, request_id=request_id)
        policies.step(self.actor, found, verb).or_raise()
        return self._show(self._form(found, verb), found, verb)

    def post(self, request: HttpRequest, request_id: int, verb: str) -> HttpResponse:
        """Do it."""
        found = request_visible(actor=self.actor, request_id=request_id)
        form = self._form(found, verb, request.POST)
        if form.is_valid():
            seen = whole(request.POST.get("revision"))
            try:
                request_step(actor=self.actor, request_id=request_id, revision=seen, verb=verb, **form.cleaned_data)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
                found.refresh_from_db()
                return self._show(form, found, verb, status=409)
            else:
                messages.success(request, _("已保存。"))
                return redirect("greenchannel:request", request_id)
        return self._show(form, found, verb)

    def _show(self, form: Any, found: GreenChannelRequest, verb: str, *, status: int | None = None) -> HttpResponse:
        context = {"form": form, "row": found, "title": VERB_LABELS[verb], "verb": verb, "last": steps_of(found)[:1]}
        return self.render("greenchannel/step.html", context, status=status or (400 if form.errors else 200))


class RaiseChoose(GreenPage):
    """For which project?"""

    needs = "greenchannel.request.raise"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Those that the actor takes part in, narrowed by words."""
        words = request.GET.get("q", "").replace("\x00", "")[:100]
        found = projects_of(actor=self.actor, words=words)
        if len(found) == 1 and not words:
            return redirect("greenchannel:raise", found[0].pk)
        return self.render("greenchannel/choose.html", {"projects": found, "words": words})


class Raise(GreenPage):
    """Raise a blocker of one project."""

    needs = "greenchannel.request.raise"

    def _form(self, project: Project, *data: Any) -> RaiseForm:
        regions = side_regions(project)
        own = [side for side, region in regions.items() if region.path.startswith(self.actor.region_path or "-")]
        initial = {"side": own[0] if len(own) == 1 else ""}
        return RaiseForm(*data, kinds=blocker_kinds_of(project.programme), regions=regions, initial=initial)

    def _project(self, project_id: int) -> Project:
        project = project_visible(actor=self.actor, project_id=project_id)
        policies.raise_(self.actor, project).or_raise()
        return project

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The form, as short as it can be."""
        project = self._project(project_id)
        return self._show(self._form(project), project)

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Raise it; who owns it is said at once."""
        project = self._project(project_id)
        form = self._form(project, request.POST, request.FILES)
        if form.is_valid():
            try:
                made = request_raise(actor=self.actor, draft=form.draft(project), files=form.cleaned_data["photos"])
            except Invalid as bad:
                form.add_faults(bad.fields)
            else:
                words = {"number": made.number, "owner": made.owner_name, "day": made.due_on.isoformat()}
                messages.success(request, _("已提出%(number)s，由%(owner)s负责，%(day)s前办理。") % words)
                return redirect("greenchannel:request", made.pk)
        return self._show(form, project)

    def _show(self, form: RaiseForm, project: Project) -> HttpResponse:
        context = {"form": form, "project": project, "write": check(self.actor, policies.RAISE.code)}
        return self.render("greenchannel/raise.html", context, status=400 if form.errors else 200)
