"""Who takes part: adding a party, and saying which organisation one is."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.access.selectors.organisations import organisation_named
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.projects.forms import LinkForm, PartyForm
from duikou.projects.models import Project
from duikou.projects.services.parties import party_add, party_link, party_unlink
from duikou.projects.states import PartyRole, Side
from duikou.projects.views.acts import Acting, add_faults
from duikou.projects.views.page import page_context, sides_of


class PartyAdd(Acting):
    """One more party, an organisation picked or a name."""

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Add it, or the page with what is wrong."""
        project = self.project(project_id)
        form = PartyForm(request.POST, sides=sides_of(project))
        if form.is_valid():
            data = form.cleaned_data
            try:
                party = party_add(
                    actor=self.actor,
                    project_id=project.pk,
                    name=data["name"],
                    side=Side(data["side"]),
                    role=PartyRole(data["role"]),
                    organisation=organisation_named(actor=self.actor, text=data["name"]),
                )
                return self.back(project.pk, _("已增加“%(name)s”。") % {"name": party.name})
            except Invalid as bad:
                add_faults(form, bad)
        return self.render("projects/project.html", page_context(self, project, party_form=form), status=400)


class PartyLink(Acting):
    """This party is that organisation."""

    def post(self, request: HttpRequest, project_id: int, party_id: int) -> HttpResponse:
        """Link them, or the page with what is wrong."""
        project = self.project(project_id)
        form = LinkForm(request.POST)
        if form.is_valid():
            found = organisation_named(actor=self.actor, text=form.cleaned_data["organisation"])
            try:
                if found is None:
                    raise Invalid(fields={"organisation": [_("请从列出的主体中选择；没有时先登记主体。")]})
                party_link(actor=self.actor, project_id=project.pk, party_id=party_id, organisation_id=found.pk)
                return self.back(project.pk, _("已关联主体，它现在可以看到这个项目。"))
            except Invalid as bad:
                add_faults(form, bad)
            except (Conflict, Forbidden) as refused:
                form.add_error("organisation", refused.message)
        return self._page(project, party_id, form)

    def _page(self, project: Project, party_id: int, form: forms.Form) -> HttpResponse:
        context = page_context(self, project, link_form=form, link_party_id=party_id)
        return self.render("projects/project.html", context, status=400)


class PartyUnlink(Acting):
    """This party is not that organisation after all."""

    def post(self, request: HttpRequest, project_id: int, party_id: int) -> HttpResponse:
        """Take the link away."""
        project = self.project(project_id)
        party_unlink(actor=self.actor, project_id=project.pk, party_id=party_id)
        return self.back(project.pk, _("已解除关联，该主体不再能看到这个项目（公开的除外）。"))
