"""A park's page: facts, agreements, companies, totals in two columns; opening and changing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.parks import policies, selectors
from duikou.parks.forms import ParkForm, park_initial
from duikou.parks.models import Park
from duikou.parks.rules.outline import picture
from duikou.parks.selectors.page import (
    agreements_of,
    managers_of,
    moves_of,
    park_of_project,
    sides_of,
    spans_waiting,
    splits_of,
)
from duikou.parks.services.parks import park_open, park_save
from duikou.parks.services.reading import reading_note
from duikou.parks.states import RESIDENT_LABELS, Origin, ResidentState
from duikou.parks.views.frame import FormPage, ParkView, whole
from duikou.projects.models import Project
from duikou.projects.selectors import project_visible


class ParkPage(ParkView):
    """The whole park as the viewer may see it."""

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """A constant number of queries, however many companies there are."""
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        is_full = selectors.sight_of(self.actor, park) is selectors.Sight.FULL
        if is_full:
            reading_note(actor=self.actor, subject=park, what=_("园区页"))
        totals = selectors.year_totals(actor=self.actor, park=park)
        settled = selectors.settled(park=park)
        path, metres = picture(park.outline) if park.outline else ("", 0)
        context = {
            "park": park,
            "sides": sides_of(park),
            "place": sides_of(park)[park.side == "second"],
            "is_full": is_full,
            "least": selectors.least_companies(),
            "totals": totals,
            "trend": _trend(totals),
            "settled": settled,
            "states": [(RESIDENT_LABELS[ResidentState(state)], number) for state, number in settled.by_state.items()],
            "origins": _origins(park, settled.by_origin),
            "agreements": agreements_of(park),
            "splits": splits_of(park) if is_full else [],
            "moves": moves_of(park) if is_full else [],
            "waiting": spans_waiting(park) if is_full else [],
            "path": path,
            "metres": metres,
            "write": policies.write(self.actor, park),
            "enter": policies.enter(self.actor, park),
        }
        return self.render("parks/park.html", context)


def _origins(park: Park, counts: dict[str, int]) -> list[tuple[str, int]]:
    first, second = sides_of(park)
    names = {"first": first, "second": second or _("乙侧"), "elsewhere": str(Origin.ELSEWHERE.label)}
    return [(names[origin], number) for origin, number in counts.items()]


def _trend(totals: list[selectors.YearTotals]) -> dict[str, Any] | None:
    rows = [
        {"year": one.year, "signed": float(tax.money.wan), "projects": one.jobs or 0, "url": ""}
        for one in reversed(totals)
        if (tax := one.cells["tax"].official) is not None
    ]
    if len(rows) < 2:
        return None
    words = {"signed": _("在地税收"), "projects": _("就业人数"), "unit": _("万元"), "count": _("人")}
    return {"rows": rows, "words": words}


class ParkNew(FormPage):
    """Open the page of a project that is a park."""

    needs = "parks.park.write"

    def _project(self, project_id: int) -> Project:
        project = project_visible(actor=self.actor, project_id=project_id)
        policies.open_park(self.actor, project).or_raise()
        return project

    def _form(self, project: Project, *args: Any, **given: Any) -> ParkForm:
        sides = sides_of(Park(project=project))
        return ParkForm(*args, sides=sides, managers=managers_of(project), **given)

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The empty form; the page that is there already is shown instead."""
        project = self._project(project_id)
        there = park_of_project(actor=self.actor, project=project)
        if there is not None:
            return redirect("parks:park", there.pk)
        back = reverse("projects:project", args=[project.pk])
        return self.show(self._form(project), _("建立园区页"), back=back, park=Park(project=project))

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Open it, or say what is missing."""
        project = self._project(project_id)
        form = self._form(project, request.POST, request.FILES)

        def do() -> str:
            made = park_open(actor=self.actor, project_id=project.pk, draft=form.draft(None))
            return reverse("parks:park", args=[made.pk])

        back = reverse("projects:project", args=[project.pk])
        return self.saved(form, do, title=_("建立园区页"), back=back, park=Park(project=project))


class ParkEdit(FormPage):
    """Change the facts."""

    needs = "parks.park.write"

    def _park(self, park_id: int) -> Park:
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        policies.write(self.actor, park).or_raise()
        return park

    def _form(self, park: Park, *args: Any, **given: Any) -> ParkForm:
        return ParkForm(*args, sides=sides_of(park), managers=managers_of(park.project), **given)

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """The facts in the form."""
        park = self._park(park_id)
        form = self._form(park, initial=park_initial(park))
        back = reverse("parks:park", args=[park.pk])
        return self.show(form, _("修改园区信息"), back=back, park=park, revision=park.revision)

    def post(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """Save them; a stale save shows both."""
        park = self._park(park_id)
        form = self._form(park, request.POST, request.FILES)
        back, seen = reverse("parks:park", args=[park.pk]), whole(request.POST.get("revision"))

        def do() -> str:
            park_save(actor=self.actor, park_id=park.pk, revision=seen, draft=form.draft(park))
            return back

        def present() -> dict[str, Any]:
            park.refresh_from_db()
            return park_initial(park)

        title = _("修改园区信息")
        return self.saved(form, do, title=title, back=back, park=park, revision=seen, present=present)
