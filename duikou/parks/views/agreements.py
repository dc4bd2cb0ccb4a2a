"""What was signed about a park."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.parks import policies, selectors
from duikou.parks.forms import AgreementForm, agreement_initial
from duikou.parks.models import Park, ParkAgreement
from duikou.parks.selectors.page import sides_of
from duikou.parks.services.agreements import agreement_add, agreement_save
from duikou.parks.views.frame import FormPage, ParkView, whole


def _form(park: Park, *args: Any, pk: int | None = None, **given: Any) -> AgreementForm:
    others = park.agreements.exclude(pk=pk or 0).values_list("pk", "title")
    return AgreementForm(*args, sides=sides_of(park), others=list(others), **given)


class AgreementPage(ParkView):
    """One agreement, its terms and its file."""

    def get(self, request: HttpRequest, agreement_id: int) -> HttpResponse:
        """Read by the two sides, the park and the nation-wide readers."""
        row = selectors.agreement_visible(actor=self.actor, agreement_id=agreement_id)
        later = ParkAgreement.objects.filter(supersedes=row).first()
        context = {
            "row": row,
            "park": row.park,
            "sides": sides_of(row.park),
            "later": later,
            "write": policies.write(self.actor, row.park),
        }
        return self.render("parks/agreement.html", context)


class AgreementNew(FormPage):
    """Register an agreement."""

    needs = "parks.park.write"

    def _park(self, park_id: int) -> Park:
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        policies.write(self.actor, park).or_raise()
        return park

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """The empty form."""
        park = self._park(park_id)
        return self.show(_form(park), _("登记协议"), back=reverse("parks:park", args=[park.pk]), park=park)

    def post(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """Register it; its file is added on its page."""
        park = self._park(park_id)
        form = _form(park, request.POST)

        def do() -> str:
            made = agreement_add(actor=self.actor, park_id=park.pk, draft=form.draft())
            return reverse("parks:agreement", args=[made.pk])

        return self.saved(form, do, title=_("登记协议"), back=reverse("parks:park", args=[park.pk]), park=park)


class AgreementEdit(FormPage):
    """Change an agreement."""

    needs = "parks.park.write"

    def _row(self, agreement_id: int) -> ParkAgreement:
        row = selectors.agreement_visible(actor=self.actor, agreement_id=agreement_id)
        policies.write(self.actor, row.park).or_raise()
        return row

    def get(self, request: HttpRequest, agreement_id: int) -> HttpResponse:
        """What is there, in the form."""
        row = self._row(agreement_id)
        form = _form(row.park, pk=row.pk, initial=agreement_initial(row))
        back = reverse("parks:agreement", args=[row.pk])
        return self.show(form, _("修改协议"), back=back, park=row.park, revision=row.revision)

    def post(self, request: HttpRequest, agreement_id: int) -> HttpResponse:
        """Save it; a stale save shows both."""
        row = self._row(agreement_id)
        form = _form(row.park, request.POST, pk=row.pk)
        back, seen = reverse("parks:agreement", args=[row.pk]), whole(request.POST.get("revision"))

        def do() -> str:
            agreement_save(actor=self.actor, agreement_id=row.pk, revision=seen, draft=form.draft())
            return back

        def present() -> dict[str, Any]:
            row.refresh_from_db()
            return agreement_initial(row)

        title = _("修改协议")
        return self.saved(form, do, title=title, back=back, park=row.park, revision=seen, present=present)
