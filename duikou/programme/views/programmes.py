"""The list of programmes, the text as one reads it, search in it, two editions side by side, and what else it holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page
from duikou.programme import selectors
from duikou.programme.selectors import reading
from duikou.programme.views.frame import ProgrammePage


class ProgrammeList(Page):
    """Which instruments are loaded."""

    needs = "programme.programme.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self.render("programme/programme_list.html", {"programmes": reading.programme_cards()})


class ProgrammeRead(ProgrammePage):
    """The whole text with its table of contents."""

    tab = "programme-read"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The text in reading order."""
        programme = self.programme()
        passages = reading.passages(programme)
        return self.render("programme/programme_read.html", {**self.frame(programme), "passages": passages})


class ProgrammeSearch(ProgrammePage):
    """Words in the text."""

    tab = "programme-read"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Clauses in which all words stand, with the words marked."""
        programme = self.programme()
        query = request.GET.get("q", "").strip()[:200]
        match = selectors.clause_resolve(programme, query) if query else None
        context = {"query": query, "found": reading.search(programme, query), "match": match}
        return self.render("programme/programme_search.html", {**self.frame(programme), **context})


class ProgrammeCompare(ProgrammePage):
    """Two editions side by side."""

    tab = "programme-compare"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The older edition on the left; without a choice, the last two."""
        programme = self.programme()
        versions = list(selectors.versions_of(programme))
        if not versions:
            raise NotFound
        by_name = {version.version: version for version in versions}
        old = by_name.get(request.GET.get("old", ""), versions[-2] if len(versions) > 1 else versions[-1])
        new = by_name.get(request.GET.get("new", ""), versions[-1])
        everything = request.GET.get("all") == "1"
        context = {"versions": versions, "old": old, "new": new, "everything": everything}
        if old != new:
            context["rows"] = reading.side_by_side(old, new, everything=everything)
        return self.render("programme/programme_compare.html", {**self.frame(programme), **context})


class ProgrammeContents(ProgrammePage):
    """Results due, bodies, duties, indicators and kinds of projects."""

    tab = "programme-contents"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """All of them on one page."""
        programme = self.programme()
        if programme.current is None:
            raise NotFound
        context = {
            "targets": selectors.targets_of(programme),
            "bodies": selectors.bodies_of(programme),
            "duties": selectors.duties_of(programme),
            "indicators": selectors.indicators_of(programme),
            "kinds": selectors.kinds_of(programme),
        }
        return self.render("programme/programme_contents.html", {**self.frame(programme), **context})
