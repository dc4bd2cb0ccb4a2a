"""The agreed column: splits made by one side's office and confirmed by the other's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.keyset import Order, keyset_page
from duikou.parks import policies, selectors
from duikou.parks.forms import ReasonForm, SplitForm
from duikou.parks.models import AgreedSplit, Park
from duikou.parks.selectors.page import sides_of, split_lines, split_totals
from duikou.parks.services import splits
from duikou.parks.services.reading import reading_note
from duikou.parks.states import ReviewState
from duikou.parks.views.frame import FormPage, ParkView, whole

PLAIN = ("submit", "accept", "drop")
DO: dict[str, Callable[..., Any]] = {"submit": splits.split_submit, "accept": splits.split_accept}


class SplitPage(ParkView):
    """One split: its agreement and ratio, each company's share of either side, the totals of this column."""

    def get(self, request: HttpRequest, split_id: int) -> HttpResponse:
        """A page of its companies."""
        row = selectors.split_visible(actor=self.actor, split_id=split_id)
        reading_note(actor=self.actor, subject=row.park, what=_("协议分成"))
        totals = split_totals(row)
        page = keyset_page(split_lines(row), Order("id"), request.GET.get("cursor", ""))
        context = {
            "row": row,
            "park": row.park,
            "sides": sides_of(row.park),
            "totals": totals,
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": totals.companies},
            "changed": selectors.changed_since(split=row) if row.state != ReviewState.SUPERSEDED else 0,
            "steps": {
                verb: policies.split_step(self.actor, row, verb) for verb in ("submit", "accept", "return", "drop")
            },
            "correct": policies.write(self.actor, row.park),
        }
        return self.render("parks/split.html", context)


class SplitNew(FormPage):
    """Compute a split."""

    needs = "parks.park.write"

    def _park(self, park_id: int) -> Park:
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        policies.write(self.actor, park).or_raise()
        return park

    def _form(self, park: Park, *args: Any) -> SplitForm:
        return SplitForm(*args, sides=sides_of(park), agreements=list(park.agreements.all()), corrects=False)

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """The form; a park without agreements has nothing to split under."""
        park = self._park(park_id)
        if not park.agreements.exists():
            return redirect("parks:agreement-new", park.pk)
        back = reverse("parks:park", args=[park.pk])
        return self.show(self._form(park), _("编制协议分成"), back=back, park=park)

    def post(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """Make the draft."""
        park = self._park(park_id)
        form = self._form(park, request.POST)

        def do() -> str:
            made = splits.split_make(actor=self.actor, park_id=park.pk, draft=form.draft())
            return reverse("parks:split", args=[made.pk])

        back = reverse("parks:park", args=[park.pk])
        return self.saved(form, do, title=_("编制协议分成"), back=back, park=park)


class SplitCorrect(FormPage):
    """Bring in a new split that replaces this one once it is confirmed."""

    needs = "parks.park.write"

    def _row(self, split_id: int) -> AgreedSplit:
        row = selectors.split_visible(actor=self.actor, split_id=split_id)
        policies.write(self.actor, row.park).or_raise()
        return row

    def _form(self, row: AgreedSplit, *args: Any, **given: Any) -> SplitForm:
        return SplitForm(
            *args, sides=sides_of(row.park), agreements=list(row.park.agreements.all()), corrects=True, **given
        )

    def get(self, request: HttpRequest, split_id: int) -> HttpResponse:
        """The former ratio, to be changed."""
        row = self._row(split_id)
        names = ("year", "measure", "first_weight", "second_weight", "note")
        initial = {**{name: getattr(row, name) for name in names}, "agreement": row.agreement_id}
        back = reverse("parks:split", args=[row.pk])
        return self.show(self._form(row, initial=initial), _("更正协议分成"), back=back, park=row.park)

    def post(self, request: HttpRequest, split_id: int) -> HttpResponse:
        """Make the draft of the correction."""
        row = self._row(split_id)
        form = self._form(row, request.POST)

        def do() -> str:
            made = splits.split_make(
                actor=self.actor,
                park_id=row.park_id,
                draft=form.draft(),
                replaces_id=row.pk,
                reason=form.cleaned_data["reason"],
            )
            return reverse("parks:split", args=[made.pk])

        back = reverse("parks:split", args=[row.pk])
        return self.saved(form, do, title=_("更正协议分成"), back=back, park=row.park)


class SplitStep(ParkView):
    """Send it to the other side, confirm it, or remove a draft."""

    needs = "parks.park.write"

    def post(self, request: HttpRequest, split_id: int, verb: str) -> HttpResponse:
        """Take the step; what is shown is what is decided on."""
        row = selectors.split_visible(actor=self.actor, split_id=split_id)
        seen = whole(request.POST.get("revision"))
        if verb == "drop":
            return redirect("parks:park", splits.split_drop(actor=self.actor, split_id=row.pk, revision=seen))
        DO[verb](actor=self.actor, split_id=row.pk, revision=seen)
        return redirect("parks:split", row.pk)


class SplitReturn(FormPage):
    """Send it back with what is wrong."""

    needs = "parks.park.write"

    def _row(self, split_id: int) -> AgreedSplit:
        row = selectors.split_visible(actor=self.actor, split_id=split_id)
        policies.split_step(self.actor, row, "return").or_raise()
        return row

    def get(self, request: HttpRequest, split_id: int) -> HttpResponse:
        """Ask why."""
        row = self._row(split_id)
        back = reverse("parks:split", args=[row.pk])
        return self.show(ReasonForm(), _("退回协议分成"), back=back, park=row.park, revision=row.revision)

    def post(self, request: HttpRequest, split_id: int) -> HttpResponse:
        """Send it back."""
        row = self._row(split_id)
        form = ReasonForm(request.POST)
        back, seen = reverse("parks:split", args=[row.pk]), whole(request.POST.get("revision"))

        def do() -> str:
            splits.split_return(actor=self.actor, split_id=row.pk, revision=seen, reason=form.cleaned_data["reason"])
            return back

        return self.saved(form, do, title=_("退回协议分成"), back=back, park=row.park, revision=seen)
