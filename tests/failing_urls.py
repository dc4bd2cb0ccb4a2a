"""Addresses that go wrong on purpose, for the tests of error pages."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from duikou.kernel import errors
from duikou.kernel.web import PUBLIC, Page

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class Held:
    """A middleware that fails as saving a session does while another holds the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.get_response(request)
        raise OperationalError("database is locked")


def _lost(_self: object, name: str) -> None:
    raise OperationalError(f"server closed the connection: {name}")


class Failing(Page):
    """Raises what its address says."""

    needs = PUBLIC

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The failure called `kind`."""
        if kind == "database":
            # What fails fails again wherever the page's frame asks for it.
            request.user = type("Lost", (), {"__getattr__": _lost})()  # type: ignore[assignment]
            _lost(None, "")
        raise {
            "invalid": errors.Invalid(fields={"name": ["名称不能为空。"]}),
            "forbidden": errors.Forbidden("只有本地区的对口合作办公室可以修改。"),
            "not-found": errors.NotFound(),
            "stale": errors.Stale(),
            "too-large": errors.TooLarge(),
            "too-many": errors.TooMany(),
            "deadlock": OperationalError("deadlock detected\nDETAIL:  Process 7 waits for ShareLock"),
            "defect": ZeroDivisionError("division of 13912345678 by zero for wang@example.com"),
        }[kind]

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Reads the body, which may be too large."""
        return HttpResponse(str(len(request.body)))


urlpatterns = [*urlpatterns, path("failing/<str:kind>/", Failing.as_view(), name="failing")]
