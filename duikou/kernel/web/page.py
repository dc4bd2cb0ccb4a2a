"""The base of every view: it names the permission it needs, or it does not run."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views import View
from django_htmx.middleware import HtmxDetails

from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Forbidden
from duikou.kernel.lists import ListPage, start_of
from duikou.kernel.web.errors import page_before

PUBLIC = "public"
"""`needs = PUBLIC`: anybody may open the page; what it shows is still scoped by its selectors."""


class ActorRequest(HttpRequest):
    """A request after the middleware: it knows who acts and its own id."""

    actor: Actor
    id: str
    htmx: HtmxDetails


class Page(View):
    """A view that declares `needs`, the code of a permission (or `PUBLIC`).

    Nobody in particular is sent to sign in; a known person without the right gets 403 with the reason.
    Rows a person may not know of are the selectors' business: they raise `NotFound`. A list says so by `list_page`:
    its address can then be kept under a name, and it opens as its reader usually wants it.
    """

    needs: ClassVar[str]
    list_page: ClassVar[ListPage | None] = None
    request: ActorRequest

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the declared permission, then go on to the method."""
        if self.needs != PUBLIC:
            verdict = permissions.check(request.actor, self.needs)
            if not verdict:
                if not request.actor.is_signed_in:
                    return self._to_sign_in(request)
                raise Forbidden(verdict.reason)
        if self.list_page is not None and request.method == "GET" and not request.GET:
            usual = start_of(request.actor, request.resolver_match.view_name)
            if usual:
                return HttpResponseRedirect(usual)
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.request.actor

    def render(self, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        """The page from a template."""
        return render(self.request, template, context or {}, status=status)

    @staticmethod
    def _to_sign_in(request: HttpRequest) -> HttpResponse:
        address = resolve_url(settings.LOGIN_URL)
        asked = {"next": request.get_full_path()}
        if request.method not in ("GET", "HEAD"):
            # What was to be done is not done after signing in: the person comes back to the page with the form.
            asked = {"next": page_before(request), "lost": "1"}
        target = f"{address}?{urlencode(asked)}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)
