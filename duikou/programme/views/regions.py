"""A place: its code, what it was, what lies in it, and what hangs from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page
from duikou.programme import selectors


class RegionRead(Page):
    """One place at its permanent address."""

    needs = "programme.programme.read"

    def get(self, request: HttpRequest, adcode: str) -> HttpResponse:
        """Facts, history, pairings, places below."""
        region = selectors.region_at(adcode)
        if region is None:
            raise NotFound
        context = {
            "region": region,
            "history": list(selectors.region_history(region)),
            "pairings": selectors.pairings_around(region),
            "below": list(selectors.places_below(region)),
        }
        return self.render("programme/region_read.html", context)
