"""One search over everything that rooms offer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from duikou.kernel import search
from duikou.kernel.web import PUBLIC, Page

SUGGESTED, SHOWN = 4, 20
"""Hits of a kind below the search field, and on the page of results."""


class Search(Page):
    """The page of results; below the search field, the best of them. Everybody sees what they may know of."""

    needs = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """What `q` finds, grouped by kind."""
        query = search.words_asked(request.GET.get("q", ""))
        suggests = bool(self.request.htmx)
        groups = search.found(self.actor, query, limit=SUGGESTED if suggests else SHOWN)
        template = "desk/parts/suggested.html" if suggests else "desk/search.html"
        answer = self.render(template, {"query": query, "groups": groups})
        answer["Vary"] = "HX-Request"
        return answer
