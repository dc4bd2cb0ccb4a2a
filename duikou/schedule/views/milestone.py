"""One milestone: what is said of it, what it waits for, what it pushes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from duikou.kernel.web import Page
from duikou.schedule import policies, selectors
from duikou.schedule.models import BaselineDate


class ScheduleView(Page):
    """A page of this room: whoever may read projects may read it."""

    needs = "schedule.milestone.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An operator outside admin mode is told why not."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


class MilestonePage(ScheduleView):
    """The whole, with what may be done."""

    def get(self, request: HttpRequest, milestone_id: int) -> HttpResponse:
        """The page."""
        row = selectors.milestone_visible(actor=self.actor, milestone_id=milestone_id)
        network = selectors.network_of(actor=self.actor, project=row.project)
        line = next(one for one in network.lines if one.milestone.pk == row.pk)
        sides = {"first": row.project.first_region, "second": row.project.second_region}
        context = {
            "row": row,
            "line": line,
            "project": row.project,
            "side": sides.get(row.side),
            "edit": policies.edit(self.actor, row.project),
            "promises": list(
                BaselineDate.objects.filter(milestone=row).select_related("baseline").order_by("-baseline__number")
            ),
        }
        return self.render("schedule/milestone.html", context)
