"""What the pages of this room share."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase

from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page
from duikou.programme.models import Programme
from duikou.progress import policies
from duikou.progress.rules.months import is_month
from duikou.projects.selectors import programme_chosen, programmes_open


class ProgressPage(Page):
    """A page of this room: an operator outside the logged mode is told the reason."""

    needs = "progress.report.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Business data is for who may browse it."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)

    def programme(self) -> Programme:
        """The programme that the address names, or the platform's own; raises `NotFound` when none is loaded."""
        found = programme_chosen(self.request.GET.get("programme", ""), programmes_open())
        if found is None:
            raise NotFound
        return found


def month_given(month: int) -> int:
    """A month in an address; raises `NotFound` for what is none."""
    if not is_month(month):
        raise NotFound
    return month
