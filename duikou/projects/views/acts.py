"""What is done with one project: its steps, opinions, merging. Each comes back to its page or with what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.kernel.web import Page
from duikou.projects import policies, selectors
from duikou.projects.forms import CorrectForm, MergeForm, OpinionForm, StepForm
from duikou.projects.models import Project
from duikou.projects.selectors.gates import gates_open
from duikou.projects.services.steps import (
    project_confirm,
    project_contest,
    project_merge,
    project_state_correct,
    project_step,
)
from duikou.projects.states import PROJECT, VERB_LABELS, ProjectState
from duikou.projects.views.page import page_context


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
        asked = gates_open(project, verb)
        context = {"project": project, "verb": verb, "label": VERB_LABELS[verb], "form": form, "asked": asked}
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
