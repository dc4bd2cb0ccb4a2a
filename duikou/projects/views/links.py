"""Which plan entries a project carries out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.projects.services.links import entry_link, entry_unlink
from duikou.projects.views.acts import Acting
from duikou.projects.views.page import page_context


class EntryLink(Acting):
    """The project carries out this entry."""

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Link it, or the page with what is wrong."""
        project = self.project(project_id)
        try:
            entry_link(actor=self.actor, project_id=project.pk, reference=request.POST.get("entry", "")[:100])
        except Invalid as bad:
            faults = [str(text) for texts in bad.fields.values() for text in texts]
            return self.render("projects/project.html", page_context(self, project, entry_faults=faults), status=400)
        return self.back(project.pk, _("已关联计划事项。"))


class EntryUnlink(Acting):
    """The project does not carry out that entry."""

    def post(self, request: HttpRequest, project_id: int, link_id: int) -> HttpResponse:
        """Take the link away."""
        project = self.project(project_id)
        entry_unlink(actor=self.actor, project_id=project.pk, link_id=link_id)
        return self.back(project.pk, _("已解除与计划事项的关联。"))
