"""One clause at its permanent address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from duikou.kernel.errors import NotFound
from duikou.kernel.text import clean
from duikou.programme import selectors
from duikou.programme.selectors import reading
from duikou.programme.views.frame import ProgrammePage


class ClauseRead(ProgrammePage):
    """A clause, its neighbours and what hangs from it; retired clauses stay, moved ones lead to their new address."""

    tab = "programme-read"

    def get(self, request: HttpRequest, code: str, clause: str) -> HttpResponse:
        """The clause under this code, or under the code it once had."""
        programme = self.programme()
        clause = clean(clause)[:60]
        found = selectors.clause_at(programme, clause)
        if found is None:
            match = selectors.clause_resolve(programme, clause)
            if match.clause is None or match.how == "name":
                raise NotFound
            found = match.clause
        if found.code != clause:
            return HttpResponseRedirect(reverse("programme:clause-read", args=[programme.code, found.code]))
        context = {"clause": found, **reading.clause_page(found)}
        return self.render("programme/clause_read.html", {**self.frame(programme), **context})
