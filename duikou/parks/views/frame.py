"""What every page of this room does: refuse the operator outside admin mode, show forms, keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.kernel.web import Page
from duikou.parks import policies
from duikou.parks.models import Park


class ParkView(Page):
    """A page of this room."""

    needs = "parks.park.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An operator outside admin mode gets the reason."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


class FormPage(ParkView):
    """A form: refused with the reason, sent back with faults at their fields and what was typed, or done."""

    def show(self, form: Any, title: str, *, back: str, park: Park, **more: Any) -> HttpResponse:
        """The form on its page; `back` is where it leads."""
        status = more.pop("status", 400 if form.errors else 200)
        context = {"form": form, "title": title, "back": back, "park": park, **more}
        return self.render("parks/form.html", context, status=status)

    def saved(
        self,
        form: Any,
        do: Callable[[], str],
        *,
        title: str,
        back: str,
        park: Park,
        revision: int | None = None,
        present: Callable[[], dict[str, Any]] | None = None,
    ) -> HttpResponse:
        """Do it and go where `do` says; faults stay at their fields, a stale save shows both."""
        more: dict[str, Any] = {"revision": revision}
        if form.is_valid():
            try:
                return redirect(do())
            except Invalid as bad:
                form.add_faults(bad.fields or {"": [bad.message]})
            except Stale as stale:
                more = {"status": 409, **both(form, stale, present() if present else {})}
            except Conflict as refused:
                form.add_error(None, refused.message)
                more["status"] = 409
        return self.show(form, title, back=back, park=park, **more)


def both(form: Any, stale: Stale, present: dict[str, Any]) -> dict[str, Any]:
    """What is there now beside what was filled in, field by field."""
    rows = []
    for name, field in form.fields.items():
        now, given = _said(field, present.get(name)), _said(field, form.data.get(name))
        if now.split() != given.split():
            rows.append((field.label, now, given))
    return {"both": rows, "message": stale.message, "revision": stale.data["revision"]}


def _said(field: Any, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return str(_("是") if value else _("否"))
    if isinstance(field, forms.FileField) or value is None:
        return ""
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return labels.get(str(value), str(value))


def whole(text: str | None) -> int:
    """The whole number that a form sent; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
