"""A company of a park: its stay, its official figures by period, and what is agreed of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.parks import policies, selectors
from duikou.parks.forms import MoveForm, ResidentForm, resident_initial
from duikou.parks.models import Park, Resident
from duikou.parks.selectors.page import resident_figures, resident_shares, sides_of
from duikou.parks.services.figures import contradictions
from duikou.parks.services.reading import reading_note
from duikou.parks.services.residents import resident_add, resident_move, resident_save
from duikou.parks.states import RESIDENT, RESIDENT_VERBS, Measure, ResidentState
from duikou.parks.tables import origin_words
from duikou.parks.views.frame import FormPage, ParkView, whole

VERBS = tuple(RESIDENT_VERBS)


class ResidentPage(ParkView):
    """One company; its own account sees it too."""

    def get(self, request: HttpRequest, resident_id: int) -> HttpResponse:
        """Both columns, each under its own heading."""
        row = selectors.resident_visible(actor=self.actor, resident_id=resident_id)
        park = row.park
        reading_note(actor=self.actor, subject=row, what=_("企业页"))
        figures = resident_figures(row)
        by_year: dict[int, list[Any]] = {}
        for figure in figures:
            by_year.setdefault(figure.year, []).append(figure)
        gaps = [gap for rows in by_year.values() for gap in contradictions(rows)]
        enter = policies.enter(self.actor, park)
        is_own = row.organisation_id is not None and row.organisation_id == self.actor.organisation_id
        context = {
            "row": row,
            "park": park,
            "sides": sides_of(park),
            "origin": origin_words(row),
            "figures": figures,
            "shares": resident_shares(row),
            "gaps": [(gap, Measure(gap.measure).label) for gap in gaps],
            "steps": [
                {"verb": verb, "label": label, "verdict": policies.move(self.actor, row, verb)}
                for verb, label in RESIDENT_VERBS.items()
                if RESIDENT.allows(ResidentState(row.state), verb)
            ],
            "enter": enter,
            "edits": {figure.pk: bool(policies.edit_figure(self.actor, figure)) for figure in figures},
            "sees_park": not is_own or selectors.parks_visible(actor=self.actor).filter(pk=park.pk).exists(),
        }
        return self.render("parks/resident.html", context)


def _form(park: Park, *args: Any, is_new: bool, **given: Any) -> ResidentForm:
    return ResidentForm(*args, sides=sides_of(park), is_new=is_new, **given)


class ResidentNew(FormPage):
    """Register a company."""

    needs = "parks.figure.write"

    def _park(self, park_id: int) -> Park:
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        policies.enter(self.actor, park).or_raise()
        return park

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """The empty form."""
        park = self._park(park_id)
        back = reverse("parks:park", args=[park.pk])
        return self.show(_form(park, is_new=True), _("登记入园企业"), back=back, park=park)

    def post(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """Register it; a company known by its code is linked to its organisation."""
        park = self._park(park_id)
        form = _form(park, request.POST, is_new=True)

        def do() -> str:
            made = resident_add(actor=self.actor, park_id=park.pk, draft=form.draft(None))
            return reverse("parks:resident", args=[made.pk])

        back = reverse("parks:park", args=[park.pk])
        return self.saved(form, do, title=_("登记入园企业"), back=back, park=park)


class ResidentEdit(FormPage):
    """Change what is known of a stay."""

    needs = "parks.figure.write"

    def _row(self, resident_id: int) -> Resident:
        row = selectors.resident_visible(actor=self.actor, resident_id=resident_id)
        policies.enter(self.actor, row.park).or_raise()
        return row

    def get(self, request: HttpRequest, resident_id: int) -> HttpResponse:
        """What is there, in the form."""
        row = self._row(resident_id)
        form = _form(row.park, is_new=False, initial=resident_initial(row))
        back = reverse("parks:resident", args=[row.pk])
        return self.show(form, _("修改入园企业"), back=back, park=row.park, revision=row.revision)

    def post(self, request: HttpRequest, resident_id: int) -> HttpResponse:
        """Save it; a stale save shows both."""
        row = self._row(resident_id)
        form = _form(row.park, request.POST, is_new=False)
        back, seen = reverse("parks:resident", args=[row.pk]), whole(request.POST.get("revision"))

        def do() -> str:
            draft = form.draft(row.organisation_id)
            reason = form.cleaned_data["reason"]
            resident_save(actor=self.actor, resident_id=row.pk, revision=seen, draft=draft, reason=reason)
            return back

        def present() -> dict[str, Any]:
            return resident_initial(self._row(resident_id))

        title = _("修改入园企业")
        return self.saved(form, do, title=title, back=back, park=row.park, revision=seen, present=present)


class ResidentMove(FormPage):
    """Signed, under construction, in production, moved out."""

    needs = "parks.figure.write"

    def _row(self, resident_id: int, verb: str) -> Resident:
        row = selectors.resident_visible(actor=self.actor, resident_id=resident_id)
        policies.move(self.actor, row, verb).or_raise()
        return row

    def get(self, request: HttpRequest, resident_id: int, verb: str) -> HttpResponse:
        """Ask when, and for leaving why."""
        row = self._row(resident_id, verb)
        back = reverse("parks:resident", args=[row.pk])
        title = f"{row.name}：{RESIDENT_VERBS[verb]}"
        return self.show(MoveForm(verb=verb), title, back=back, park=row.park, revision=row.revision)

    def post(self, request: HttpRequest, resident_id: int, verb: str) -> HttpResponse:
        """Take the step."""
        row = self._row(resident_id, verb)
        form = MoveForm(request.POST, verb=verb)
        back, seen = reverse("parks:resident", args=[row.pk]), whole(request.POST.get("revision"))

        def do() -> str:
            data = form.cleaned_data
            resident_move(
                actor=self.actor,
                resident_id=row.pk,
                revision=seen,
                verb=verb,
                on=data["on"],
                reason=data.get("reason", ""),
            )
            return back

        title = f"{row.name}：{RESIDENT_VERBS[verb]}"
        return self.saved(form, do, title=title, back=back, park=row.park, revision=seen)
