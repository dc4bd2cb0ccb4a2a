"""Who works with whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from duikou.kernel.errors import NotFound
from duikou.programme import selectors
from duikou.programme.selectors import reading
from duikou.programme.views.frame import ProgrammePage


class PairingList(ProgrammePage):
    """All pairings, those inside another below it."""

    tab = "pairing-list"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The pairings by level."""
        programme = self.programme()
        return self.render(
            "programme/pairing_list.html", {**self.frame(programme), "groups": reading.pairing_groups(programme)}
        )


class PairingRead(ProgrammePage):
    """One pairing: its sides, dates, source and what hangs from it."""

    tab = "pairing-list"

    def get(self, request: HttpRequest, code: str, pairing: str) -> HttpResponse:
        """The pairing at its permanent address."""
        programme = self.programme()
        found = selectors.pairing_at(programme, pairing)
        if found is None:
            raise NotFound
        subs = selectors.pairings_of(programme).filter(parent=found)
        return self.render("programme/pairing_read.html", {**self.frame(programme), "pairing": found, "subs": subs})
