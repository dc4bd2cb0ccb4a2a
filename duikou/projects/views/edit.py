"""Registering and correcting a project by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Forbidden, Invalid, NotFound, Stale
from duikou.kernel.text import clean_name
from duikou.kernel.web import Page
from duikou.programme.models import Pairing, Programme, ProjectKind
from duikou.projects import selectors
from duikou.projects.forms import ProjectForm, initial_of
from duikou.projects.models import Project
from duikou.projects.services.draft import doubts_of
from duikou.projects.services.near import near_projects
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.views.acts import Acting
from duikou.projects.views.stale import BASE, base_of, differs, shown, untouched


def assured(said: QueryDict) -> str:
    """What the writer answered to the doubts that were shown, for the trail."""
    answers = {
        "another": _("填报人确认：与名称相近的已有项目不是同一个。"),
        "figures_right": _("填报人确认：金额无误。"),
    }
    return "".join(text for name, text in answers.items() if said.get(name))


class ProjectNew(Page):
    """First the kind, then its facts."""

    needs = "projects.project.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The kinds, or the form of one."""
        programme, kind = self._programme(), None
        if "kind" not in request.GET:
            chapters = selectors.kinds_by_chapter(programme)
            return self.render("projects/kinds.html", {"programme": programme, "chapters": chapters})
        kind = self._kind(programme)
        form = ProjectForm(actor=self.actor, programme=programme, pairings=self._own(programme), kind=kind)
        return self._form(programme, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register it, unless one written alike exists and nobody said that it is another."""
        programme = self._programme()
        form = ProjectForm(
            request.POST,
            actor=self.actor,
            programme=programme,
            pairings=self._own(programme),
            kind=self._kind(programme),
        )
        if form.is_valid():
            draft = form.draft()
            alike = near_projects(
                actor=self.actor, programme=programme, pairing=draft.pairing, name=draft.name, year=draft.year
            )
            doubts = doubts_of(draft)
            alike = [] if request.POST.get("another") else alike
            doubts = [] if request.POST.get("figures_right") else doubts
            if alike or doubts:
                return self._form(programme, form, alike=alike, doubts=doubts, status=409)
            try:
                project = project_create(actor=self.actor, draft=draft, reason=assured(request.POST))
                messages.success(request, _("已登记项目%(number)s。") % {"number": project.number})
                return redirect("projects:project", project.pk)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Forbidden as refused:
                form.add_error("pairing", refused.message)
        return self._form(programme, form, status=400)

    def _programme(self) -> Programme:
        code = self.request.GET.get("programme", "")
        found = selectors.programme_chosen(code, selectors.programmes_open())
        if found is None:
            raise NotFound
        if code and found.code != code:
            raise Invalid(_("没有代码为“%(code)s”的方案。") % {"code": clean_name(code)[:40]})
        return found

    def _kind(self, programme: Programme) -> ProjectKind | None:
        code = self.request.GET.get("kind", "")
        if not code:
            return None
        found = ProjectKind.objects.filter(programme=programme, code=code).first()
        if found is None:
            raise Invalid(_("没有代码为“%(code)s”的项目类别。") % {"code": clean_name(code)[:40]})
        return found

    def _own(self, programme: Programme) -> list[Pairing]:
        """Pairings on one of whose sides the actor's region lies, or which lie in it."""
        path = self.actor.region_path
        return [
            pairing
            for pairing in selectors.pairings_of(programme)
            for side in [(pairing.first_region, pairing.second_region)]
            if any(region and (region.path.startswith(path) or path.startswith(region.path)) for region in side)
        ]

    def _form(self, programme: Programme, form: ProjectForm, status: int = 200, **more: Any) -> HttpResponse:
        said = {name: self.request.POST.get(name) for name in ("another", "figures_right")}
        context = {"programme": programme, "form": form, "title": _("登记项目"), "said": said, **more}
        return self.render("projects/form.html", context, status=status)


class ProjectEdit(Acting):
    """Correcting the facts; a stale save shows both versions."""

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The form as the project stands."""
        project = self.project(project_id)
        return self._form(project, self._bound(project))

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Save, or come back with what is wrong."""
        project = self.project(project_id)
        form = self._bound(project, request.POST)
        if form.is_valid():
            draft = form.draft()
            doubts = doubts_of(draft)
            if doubts and doubts != doubts_of(project) and not request.POST.get("figures_right"):
                return self._form(project, form, doubts=doubts, status=409)
            try:
                project_update(
                    actor=self.actor,
                    project_id=project.pk,
                    version=form.cleaned_data["version"] or 0,
                    draft=draft,
                    reason=" ".join(filter(None, (request.POST.get("reason", "")[:900], assured(request.POST)))),
                )
                return self.back(project.pk, _("已保存。"))
            except Stale as stale:
                return self._stale(project, form, stale)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Forbidden as refused:
                form.add_error("pairing", refused.message)
        return self._form(project, form, status=400)

    def _bound(self, project: Project, data: Any = None) -> ProjectForm:
        return ProjectForm(
            data,
            actor=self.actor,
            programme=project.programme,
            pairings=selectors.pairings_of(project.programme),
            kind=project.kind,
            project=project,
            initial=initial_of(project),
        )

    def _stale(self, project: Project, form: ProjectForm, stale: Stale) -> HttpResponse:
        """The form on the present version: what this person left alone follows it, the rest is shown beside it."""
        now = selectors.project_visible(actor=self.actor, project_id=project.pk)
        given, present = self.request.POST, initial_of(now)
        alone = untouched(given, given.get(BASE, ""))
        data = given.copy()
        both = []
        for field in form.visible_fields():
            theirs, mine = present.get(field.name), given.getlist(field.name)
            if not differs(theirs, mine):
                continue
            if field.name in alone:
                data.setlist(field.name, theirs if isinstance(theirs, list) else ["" if theirs is None else theirs])
            else:
                both.append((field.label, shown(field.field, theirs), shown(field.field, mine)))
        data["version"] = str(now.version)
        base = base_of(self._bound(now))
        return self._form(now, self._bound(now, data), base=base, both=both, message=stale.message, status=409)

    def _form(self, project: Project, form: ProjectForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "programme": project.programme,
            "project": project,
            "form": form,
            "title": _("修改项目"),
            "base": self.request.POST.get(BASE) or base_of(form),
            "reason": self.request.POST.get("reason", ""),
            **more,
        }
        return self.render("projects/form.html", context, status=status)
