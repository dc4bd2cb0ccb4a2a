"""What every page of this room shares."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase

from duikou.greenchannel import policies
from duikou.kernel.web import Page


class GreenPage(Page):
    """A page of this room."""

    needs = "greenchannel.request.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An operator outside admin mode gets the reason."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


def whole(text: Any) -> int:
    """A number from a hidden field; 0 for anything else, which is stale."""
    given = str(text or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
