"""What the pages of this room share: the programme, who is kept out, forms that come back with their faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.web import Page
from duikou.programme.models import Programme
from duikou.projects.selectors import programme_chosen, programmes_open
from duikou.reforms import policies
from duikou.reforms.selectors.places import Places, places_of


class ReformPage(Page):
    """A page of this room: an operator outside admin mode gets the reason."""

    needs = "reforms.measure.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Judge the reader before the page is made."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def programmes(self) -> list[Programme]:
        """Every programme, the platform's own first."""
        return programmes_open()

    @cached_property
    def places(self) -> Places:
        """The places of the programme that the address names; raises `NotFound` while none is loaded."""
        programme = programme_chosen(self.request.GET.get("programme", ""), self.programmes)
        if programme is None:
            raise NotFound(_("还没有装载方案。"))
        return places_of(programme)


class FormPage(ReformPage):
    """A form: refused with the reason, sent back with faults at their fields, or done."""

    template = "reforms/form.html"

    def show(self, form: Any, title: str, **more: Any) -> HttpResponse:
        """The form on its page."""
        status = more.pop("status", 400 if form.errors else 200)
        return self.render(self.template, {"form": form, "title": title, **more}, status=status)

    def done(self, form: Any, title: str, do: Callable[[], str], **more: Any) -> HttpResponse:
        """Do it and go where it says; faults stay at their fields, a stale save shows both texts."""
        present: Callable[[], dict[str, Any]] | None = more.pop("present", None)
        is_whole = more.pop("is_whole", True)
        if form.is_valid() and is_whole:
            try:
                return HttpResponseRedirect(do())
            except Invalid as bad:
                form.add_faults(bad.fields or {"": [bad.message]})
            except Stale as stale:
                shown = both(form, present()) if present is not None else {}
                more["revision"] = stale.data.get("revision", more.get("revision"))
                return self.show(form, title, status=409, message=stale.message, **{**more, **shown})
            except Conflict as refused:
                form.add_error(None, refused.message)
                return self.show(form, title, status=409, **more)
        return self.show(form, title, **{**more, "status": 400})


def both(form: Any, present: dict[str, Any]) -> dict[str, Any]:
    """Field by field what stands now and what was filled in, where they differ."""
    lines = []
    for name, bound in form.fields.items():
        given, now = form.data.getlist(name), present.get(name, "")
        now = [str(one) for one in now] if isinstance(now, (list, tuple)) else [str(now if now is not None else "")]
        if [one.split() for one in given or [""]] != [one.split() for one in now]:
            lines.append((bound.label, worded(bound, now), worded(bound, given)))
    return {"both": lines}


def worded(field: forms.Field, values: list[str]) -> str:
    """Values as their choices call them."""
    known = {str(value): str(label) for value, label in getattr(field, "choices", ())}
    return "\n".join(known.get(value, value) for value in values)


def whole(text: str | None) -> int:
    """A revision from a form; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def query_of(request: HttpRequest) -> str:
    """The address's query as it stands."""
    return request.GET.urlencode()
