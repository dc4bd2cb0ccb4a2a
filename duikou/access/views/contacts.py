"""Contacts of an organisation: entering, removing, and reading in full, which leaves a trace."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.forms import ContactForm
from duikou.access.selectors.organisations import organisation_get
from duikou.access.services.contact import contact_add, contact_remove, contact_reveal
from duikou.access.views.organisations import organisation_context, page_of
from duikou.kernel.errors import Invalid
from duikou.kernel.web import Page


class ContactAdd(Page):
    """Adding somebody to call."""

    needs = policies.EDIT.code

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save, or show the page with what is wrong."""
        organisation = organisation_get(actor=self.actor, pk=pk)
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                contact_add(actor=self.actor, organisation=organisation, draft=form.draft())
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, _("已新增联系人。"))
                return HttpResponseRedirect(page_of(pk))
        policies.organisation_edit(self.actor, organisation).or_raise()
        context = organisation_context(self, organisation, contact_form=form)
        return self.render("access/organisation.html", context, status=400)


class ContactRemove(Page):
    """Removing a contact."""

    needs = policies.EDIT.code

    def post(self, request: HttpRequest, pk: int, contact: int) -> HttpResponse:
        """Remove for good."""
        organisation = organisation_get(actor=self.actor, pk=pk)
        contact_remove(actor=self.actor, organisation=organisation, contact_id=contact)
        messages.success(request, _("已删除联系人。"))
        return HttpResponseRedirect(page_of(pk))


class ContactReveal(Page):
    """Reading a contact in full: a POST, so that no link, cache or history does it unseen."""

    needs = policies.REVEAL.code

    def post(self, request: HttpRequest, pk: int, contact: int) -> HttpResponse:
        """The page with one contact in full; not stored by browsers."""
        organisation = organisation_get(actor=self.actor, pk=pk)
        shown = contact_reveal(actor=self.actor, organisation=organisation, contact_id=contact)
        page = self.render("access/organisation.html", organisation_context(self, organisation, revealed=shown))
        page["Cache-Control"] = "no-store"
        return page
