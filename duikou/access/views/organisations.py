"""Pages of organisations: list, type-ahead, one, entering, changing, merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.forms import ContactForm, OrganisationFilter, OrganisationForm
from duikou.access.models import Organisation
from duikou.access.selectors import organisations as selectors
from duikou.access.selectors.people import people_of
from duikou.access.services import organisation as service
from duikou.access.services.organisation import AlreadyThere, PerhapsTheSame
from duikou.access.services.organisation_merge import merge_preview, organisation_merge
from duikou.kernel import permissions
from duikou.kernel.errors import DomainError, Invalid, NotFound, Stale
from duikou.kernel.web import Page
from duikou.programme.models import Region

ROWS = 50


def page_of(organisation_id: int) -> str:
    """The address of an organisation's page."""
    return reverse("access:organisation", args=[organisation_id])


class Organisations(Page):
    """The list: search, filter, pages; two queries for rows and their count however many there are."""

    needs = policies.LIST.code

    def get(self, request: HttpRequest) -> HttpResponse:
        """Filters come from the address; wrong ones are shown and ignored."""
        form = OrganisationFilter(request.GET)
        form.is_valid()
        chosen: dict[str, Any] = getattr(form, "cleaned_data", {})
        rows = selectors.organisations_matching(
            selectors.organisations_visible(actor=self.actor), chosen.get("q") or ""
        ).select_related("region")
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if isinstance(chosen.get("region"), Region):
            rows = rows.filter(region__path__startswith=chosen["region"].path)
        page = Paginator(rows.order_by("pinyin", "id"), ROWS).get_page(request.GET.get("page"))
        may_create = permissions.check(self.actor, policies.CREATE.code)
        context = {"filter": form, "page_obj": page, "may_create": may_create, "query": request.GET.urlencode()}
        return self.render("access/organisations.html", context)


class OrganisationSuggest(Page):
    """Type-ahead for other forms: `[{value, label, hint}]`, at most twenty, best first; `by=text` changes the value."""

    needs = policies.LIST.code

    def get(self, request: HttpRequest) -> HttpResponse:
        """What the actor may know of that matches `q`."""
        found = selectors.organisations_suggest(actor=self.actor, query=request.GET.get("q", ""))
        by_text = request.GET.get("by") == "text"
        rows = [
            {
                "value": selectors.organisation_text(row) if by_text else row.pk,
                "label": row.name,
                "hint": f"{row.region.label} · {row.get_kind_display()}",
            }
            for row in found
        ]
        return JsonResponse(rows, safe=False)


class OrganisationPage(Page):
    """One organisation; the address of a merged one leads to its successor."""

    needs = policies.LIST.code

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Facts, contacts (masked), people, history."""
        found = selectors.organisation_get(actor=self.actor, pk=pk)
        stands = selectors.survivor(found)
        if stands.pk != found.pk:
            messages.info(request, _("“%(name)s”已并入本主体。") % {"name": found.name})
            return HttpResponseRedirect(page_of(stands.pk))
        return self.render("access/organisation.html", organisation_context(self, found))


def organisation_context(page: Page, organisation: Organisation, **more: Any) -> dict[str, Any]:
    """What the page of one organisation shows."""
    actor = page.actor
    reveal = policies.contact_read(actor, organisation)
    return {
        "organisation": organisation,
        "may_edit": policies.organisation_edit(actor, organisation),
        "may_verify": policies.organisation_verify(actor, organisation),
        "may_merge": permissions.check(actor, policies.MERGE.code),
        "may_reveal": reveal,
        "may_see_people": policies.people_read(actor, organisation),
        "contacts": list(selectors.contacts_of(actor=actor, organisation=organisation)),
        "reads": selectors.contact_reads_of(actor=actor, organisation=organisation),
        "people_count": people_of(actor=actor, organisation=organisation).filter(is_active=True).count(),
        "history": selectors.history_of(actor=actor, organisation=organisation),
        "contact_form": ContactForm(),
        **more,
    }


class OrganisationNew(Page):
    """Entering an organisation; near-same names are shown for a decision first."""

    needs = policies.CREATE.code

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form, with a name that came along."""
        return self._show(OrganisationForm(initial={"name": request.GET.get("name", "")[:120]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save, or show what stands in the way."""
        form = OrganisationForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            made = service.organisation_create(
                actor=self.actor, draft=form.draft(), are_different="are_different" in request.POST
            )
        except (Invalid, AlreadyThere, PerhapsTheSame) as error:
            return self._show(form, **refusal(form, error))
        messages.success(request, _("已新增“%(name)s”。") % {"name": made.name})
        return HttpResponseRedirect(page_of(made.pk))

    def _show(self, form: OrganisationForm, **more: Any) -> HttpResponse:
        return self.render("access/organisation_form.html", {"form": form, **more}, status=form_status(form))


def form_status(form: Any) -> int:
    """400 for a form that came back refused."""
    return 400 if form.is_bound else 200


def refusal(form: OrganisationForm, error: DomainError) -> dict[str, Any]:
    """What the form page shows of a refusal: field messages, the one that is there, or the near-same ones."""
    if isinstance(error, AlreadyThere):
        form.add_error("uscc", error.message)
        return {"already_there": error.data.get("organisation_id")}
    if isinstance(error, PerhapsTheSame):
        return {"likenesses": error.data["likenesses"]}
    form.refuse(error)
    return {}


class OrganisationEdit(Page):
    """Changing an organisation's facts."""

    needs = policies.EDIT.code

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form filled with what is known."""
        organisation = self._organisation(pk)
        return self._show(organisation, OrganisationForm.of(organisation))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save, or show what stands in the way."""
        organisation = self._organisation(pk)
        form = OrganisationForm(request.POST)
        if not form.is_valid():
            return self._show(organisation, form)
        try:
            service.organisation_edit(
                actor=self.actor,
                organisation_id=pk,
                draft=form.draft(),
                version=form.cleaned_data["version"] or 0,
                are_different="are_different" in request.POST,
            )
        except (Invalid, AlreadyThere, PerhapsTheSame, Stale) as error:
            return self._show(organisation, form, **refusal(form, error))
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(page_of(pk))

    def _organisation(self, pk: int) -> Organisation:
        organisation = selectors.organisation_get(actor=self.actor, pk=pk)
        policies.organisation_edit(self.actor, organisation).or_raise()
        return organisation

    def _show(self, organisation: Organisation, form: OrganisationForm, **more: Any) -> HttpResponse:
        context = {"form": form, "organisation": organisation, **more}
        return self.render("access/organisation_form.html", context, status=form_status(form))


class OrganisationVerify(Page):
    """Confirming an organisation and publishing its name."""

    needs = policies.EDIT.code

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two switches."""
        organisation = selectors.organisation_get(actor=self.actor, pk=pk)
        service.organisation_verify(
            actor=self.actor,
            organisation_id=organisation.pk,
            is_verified=request.POST.get("is_verified") == "1",
            is_published=request.POST.get("is_published") == "1",
        )
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(page_of(pk))


class OrganisationMerge(Page):
    """Merging another organisation into this one, with a preview of what moves."""

    needs = policies.MERGE.code

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Near-same and found ones to choose from; with `other`, what would move."""
        kept = selectors.organisation_get(actor=self.actor, pk=pk)
        if kept.merged_into_id is not None:
            raise NotFound
        visible = selectors.organisations_visible(actor=self.actor).exclude(pk=pk).select_related("region")
        other = visible.filter(pk=_number(request.GET.get("other"))).first()
        query = request.GET.get("q", "")
        context = {
            "organisation": kept,
            "other": other,
            "query": query,
            "verdict": policies.organisation_merge(self.actor, kept, other) if other else None,
            "moves": merge_preview(other) if other else [],
            "found": list(selectors.organisations_matching(visible, query)[:20]) if query else [],
            "likenesses": selectors.organisations_alike(
                actor=self.actor, name=kept.name, region=kept.region, but=kept.pk
            ),
        }
        return self.render("access/organisation_merge.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Merge and lead to the one that stands."""
        kept = selectors.organisation_get(actor=self.actor, pk=pk)
        other = selectors.organisation_get(actor=self.actor, pk=_number(request.POST.get("other")))
        organisation_merge(
            actor=self.actor, kept_id=kept.pk, dropped_id=other.pk, reason=request.POST.get("reason", "")[:500]
        )
        messages.success(request, _("“%(name)s”已并入本主体。") % {"name": other.name})
        return HttpResponseRedirect(page_of(kept.pk))


def _number(text: str | None) -> int:
    """A row's number from an address or form; 0 (no row) for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
