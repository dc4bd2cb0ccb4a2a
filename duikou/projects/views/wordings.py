"""The table that reads a source's wording of a state."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.kernel.permissions import check
from duikou.kernel.web import Page
from duikou.projects import policies
from duikou.projects.forms import WordingForm
from duikou.projects.selectors import wordings
from duikou.projects.services.wordings import wording_save
from duikou.projects.states import ProjectState
from duikou.projects.views.acts import add_faults


class Wordings(Page):
    """Everybody who may browse reads it; the coordinator edits."""

    needs = "projects.project.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table."""
        policies.browse(self.actor).or_raise()
        return self._page(WordingForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a wording or change one."""
        check(self.actor, policies.WORDING.code).or_raise()
        form = WordingForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            state = ProjectState(data["state"]) if data["state"] else None
            try:
                wording_save(
                    actor=self.actor, wording=data["wording"], state=state, note=data["note"], version=data["version"]
                )
                messages.success(request, _("已保存。以后导入时按此对照，已登记的项目不变。"))
                return redirect("projects:wordings")
            except Invalid as bad:
                add_faults(form, bad)
        return self._page(form, status=400)

    def _page(self, form: WordingForm, status: int = 200) -> HttpResponse:
        edit = check(self.actor, policies.WORDING.code)
        rows = [
            (
                row,
                WordingForm(
                    initial={"wording": row.wording, "state": row.state, "note": row.note, "version": row.version}
                ),
            )
            for row in wordings()
        ]
        return self.render("projects/wordings.html", {"rows": rows, "form": form, "edit": edit}, status=status)
