"""One project: its page and the steps from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.kernel.money import Bound
from duikou.kernel.templatetags.look import money
from duikou.kernel.verdict import Verdict
from duikou.kernel.web import Page
from duikou.programme.models.localised import in_language
from duikou.projects import policies, rules, selectors
from duikou.projects.forms import CorrectForm, MergeForm, OpinionForm, StepForm
from duikou.projects.models import Project
from duikou.projects.selectors.imports import imports_of
from duikou.projects.selectors.parts import family_of
from duikou.projects.services.draft import doubts_of
from duikou.projects.services.steps import (
    project_confirm,
    project_contest,
    project_merge,
    project_state_correct,
    project_step,
    standing,
)
from duikou.projects.states import (
    NEED_TEXTS,
    PROJECT,
    STEP_LABELS,
    VERB_LABELS,
    Need,
    Opinion,
    ProjectState,
    Side,
    unmet,
)


class ProjectPage(Page):
    """Facts, parties, source, history and what upper rooms know of one project."""

    needs = "projects.project.read"

    def get(self, request: HttpRequest, project_id: int) -> HttpResponseBase:
        """The page; the address of a merged project leads to the one that was kept."""
        policies.browse(self.actor).or_raise()
        try:
            project = selectors.project_visible(actor=self.actor, project_id=project_id)
        except NotFound:
            kept = selectors.resolved_id(actor=self.actor, project_id=project_id)
            if kept is None:
                raise
            return HttpResponsePermanentRedirect(reverse("projects:project", args=[kept]))
        return self.render("projects/project.html", page_context(self, project))


def page_context(view: Page, project: Project, **more: Any) -> dict[str, Any]:
    """What the page shows; `more` carries a form that came back with faults."""
    edit = policies.edit(view.actor, project)
    kind_fields = project.kind.fields if project.kind else []
    return {
        "project": project,
        "edit": edit,
        "steps": steps_of(project, edit),
        "opinion_allowed": policies.give_opinion(view.actor, project),
        "doubts": doubts_of(project),
        "contested": project.opinion == Opinion.CONTESTED,
        "objector": {Side.FIRST.value: project.first_region, Side.SECOND.value: project.second_region}.get(
            project.opinion_by
        ),
        "parties": list(project.parties.all()),
        "imports": imports_of(actor=view.actor, project=project),
        "further": list(project.further_clauses.all()),
        "family": family_of(actor=view.actor, project=project, pairings=selectors.pairings_of(project.programme)),
        "taken": [(STEP_LABELS[step.verb], step) for step in project.steps.all()],
        "kind_facts": [(spec_label(spec), spec_value(spec, project.extra.get(spec["key"]))) for spec in kind_fields],
        "statistics": list(
            selectors.statistics_visible(actor=view.actor, programme=project.programme, pairings=[]).filter(
                pairing=project.pairing
            )[:20]
        ),
        "correct_form": CorrectForm(initial={"version": project.version, "state": project.state}),
        "merge_form": MergeForm(initial={"version": project.version}),
        "opinion_form": OpinionForm(initial={"version": project.version}),
        **more,
    }


def steps_of(project: Project, edit: Verdict) -> list[dict[str, Any]]:
    """The steps the table knows from here; each may be taken or says why not."""
    here = standing(project)
    found = []
    for verb in PROJECT.verbs(ProjectState(project.state)):
        missing = unmet(here, verb, has_date=True, has_reason=True)
        if Need.SAME_AS_BEFORE in missing:
            continue
        verdict = edit if not edit or not missing else Verdict.no(" ".join(str(NEED_TEXTS[need]) for need in missing))
        found.append({"verb": verb, "label": VERB_LABELS[verb], "verdict": verdict})
    return found


def spec_label(spec: Any) -> str:
    """A kind's field with its unit, in the reader's language."""
    label = in_language(spec["label"], spec.get("label_en", ""))
    if spec["type"] == "money":
        return label
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label


def spec_value(spec: Any, value: Any) -> Any:
    """A kind's value as read by people."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if spec["type"] == "money" and (amount := rules.money_value(value)) is not None:
        return money(amount.amount, bound="" if amount.bound is Bound.EXACT else amount.bound)
    for choice in spec.get("choices") or ():
        if isinstance(choice, dict) and str(choice.get("value")) == str(value):
            return in_language(choice.get("label", str(value)), choice.get("label_en", ""))
    return value


class Acting(Page):
    """A change on one project: a stranger gets 404, a colleague 403, a fault comes back at its field."""

    needs = "projects.project.write"

    def project(self, project_id: int) -> Project:
        """The project, if the actor may know of it and change it."""
        policies.browse(self.actor).or_raise()
        project = selectors.project_visible(actor=self.actor, project_id=project_id)
        policies.edit(self.actor, project).or_raise()
        return project

    def anew(self, form: forms.Form, project_id: int) -> Project:
        """After a stale save: the project as it stands; the form keeps what was typed and goes by that version."""
        project = self.project(project_id)
        form.data = self.request.POST.copy()
        form.data["version"] = str(project.version)
        form.add_error(None, _("这个项目刚刚被他人修改过，请看一看现在的内容，再提交一次。"))
        return project

    def back(self, project_id: int, text: str) -> HttpResponse:
        """To the project's page with a word on what was done."""
        messages.success(self.request, text)
        return redirect("projects:project", project_id)


class ProjectStep(Acting):
    """One step of the lifecycle: a page that asks what the step needs."""

    def get(self, request: HttpRequest, project_id: int, verb: str) -> HttpResponse:
        """The form."""
        project = self.project(project_id)
        form = StepForm(initial={"version": project.version})
        return self._form(project, verb, form)

    def post(self, request: HttpRequest, project_id: int, verb: str) -> HttpResponse:
        """Take it."""
        project = self.project(project_id)
        form = StepForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                project_step(
                    actor=self.actor,
                    project_id=project.pk,
                    version=data["version"],
                    verb=verb,
                    on=form.day,
                    reason=data["reason"],
                )
                return self.back(project.pk, _("已更新状态。"))
            except Invalid as bad:
                add_faults(form, bad)
            except Stale:
                return self._form(self.anew(form, project.pk), verb, form, status=409)
        return self._form(project, verb, form, status=400)

    def _form(self, project: Project, verb: str, form: forms.Form, status: int = 200) -> HttpResponse:
        PROJECT.go(ProjectState(project.state), verb)
        context = {"project": project, "verb": verb, "label": VERB_LABELS[verb], "form": form}
        return self.render("projects/step.html", context, status=status)


class ProjectCorrect(Acting):
    """Putting right a state that was recorded wrongly."""

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The form."""
        project = self.project(project_id)
        form = CorrectForm(initial={"version": project.version, "state": project.state})
        return self._form(project, form)

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Correct it."""
        project = self.project(project_id)
        form = CorrectForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                project_state_correct(
                    actor=self.actor,
                    project_id=project.pk,
                    version=data["version"],
                    state=ProjectState(data["state"]),
                    reason=data["reason"],
                    on=form.day,
                )
                return self.back(project.pk, _("已更正状态。"))
            except Invalid as bad:
                add_faults(form, bad)
            except Stale:
                return self._form(self.anew(form, project.pk), form, status=409)
        return self._form(project, form, status=400)

    def _form(self, project: Project, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {"project": project, "label": _("更正状态"), "form": form}
        return self.render("projects/step.html", context, status=status)


class ProjectOpinion(Acting):
    """The other side confirms or contests."""

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Say so."""
        project = self.project(project_id)
        form = OpinionForm(request.POST)
        if form.is_valid():
            try:
                return self.back(project.pk, self._say(project.pk, form.cleaned_data))
            except Invalid as bad:
                add_faults(form, bad)
            except Stale:
                return self._page(self.anew(form, project.pk), form, status=409)
        return self._page(project, form, status=400)

    def _page(self, project: Project, form: forms.Form, status: int) -> HttpResponse:
        return self.render("projects/project.html", page_context(self, project, opinion_form=form), status=status)

    def _say(self, project_id: int, data: dict[str, Any]) -> str:
        if data["answer"] == "confirm":
            project_confirm(actor=self.actor, project_id=project_id, version=data["version"])
            return _("已确认。")
        project_contest(actor=self.actor, project_id=project_id, version=data["version"], note=data["note"])
        return _("已提出异议。")


class ProjectMerge(Acting):
    """This project is the same as another one."""

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Merge; the project kept must be one the actor may know of and change."""
        project = self.project(project_id)
        form = MergeForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                kept = self.project(data["kept"])
                project_merge(
                    actor=self.actor,
                    kept_id=kept.pk,
                    duplicate_id=project.pk,
                    version=data["version"],
                    reason=data["reason"],
                )
                return self.back(kept.pk, _("已合并。"))
            except NotFound:
                form.add_error("kept", _("没有找到这个项目。"))
            except Stale:
                return self._page(self.anew(form, project.pk), form, status=409)
            except (Conflict, Forbidden) as refused:
                form.add_error("kept", refused.message)
        return self._page(project, form, status=400)

    def _page(self, project: Project, form: forms.Form, status: int) -> HttpResponse:
        return self.render("projects/project.html", page_context(self, project, merge_form=form), status=status)


def add_faults(form: forms.Form, bad: Invalid) -> None:
    """What a service refused, at the fields."""
    for name, texts in bad.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
