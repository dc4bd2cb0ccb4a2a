"""One place renders what went wrong: as a page, an htmx fragment or problem+json, with the id of the log line."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.kernel import trace
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError, Forbidden, NotFound, TooLarge, busy, no_space, unavailable

log = structlog.stdlib.get_logger("duikou.web")

QUIET = ("/health/", "/ready/", settings.STATIC_URL)
"""Requests of machines, logged only when they fail."""


class RequestId:
    """Gives each request an id that stands in its log lines, its response header and its error page.

    Writes the one line per request: the route, never the address, for that may hold tokens or search words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.id = get_random_string(12)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=_id(request))
        token = trace.request_id.set(_id(request))
        try:
            response = self.get_response(request)
        finally:
            trace.request_id.reset(token)
        response["X-Request-ID"] = _id(request)
        log.log(
            logging.DEBUG if request.path.startswith(QUIET) and response.status_code < 400 else logging.INFO,
            "request",
            method=request.method,
            route=_route(request),
            status=response.status_code,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )
        structlog.contextvars.clear_contextvars()
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return "/" + match.route
    return settings.STATIC_URL + "*" if request.path.startswith(settings.STATIC_URL) else "?"


class Errors:
    """Turns domain errors raised by views into answers for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.account_id is not None:
            structlog.contextvars.bind_contextvars(
                account_id=actor.account_id, membership_id=actor.membership_id, admin_mode_id=actor.admin_mode_id
            )
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            page = answer(request, WrongMethod())
            page["Allow"] = response.get("Allow", "")
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Domain errors and Django's own refusals; anything else is a defect and goes to the 500 page."""
        known = _as_domain(error)
        if known is None:
            return None
        log.log(logging.ERROR if known.status >= 507 else logging.INFO, "refused", code=known.code, status=known.status)
        return answer(request, known)


def _as_domain(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, (RequestDataTooBig, TooManyFilesSent)):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return DomainError()
    return no_space(error) or busy(error)


class WrongMethod(DomainError):
    """An address asked in a way that it does not answer, for example a form's target opened as a page."""

    code = "wrong_method"
    status = 405
    default = gettext_lazy("这个地址不能这样打开，请从页面上的按钮或链接进入。")


class PageExpired(Forbidden):
    """A form whose token is no longer good: the page is older than the sign-in."""

    code = "page_expired"
    default = gettext_lazy("这个页面打开得太久，或者之后又重新登录过，已不能提交。请重新打开页面再提交。")


def page_before(request: HttpRequest) -> str:
    """The page of ours that a request came from, as a path; the front page when it does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    ours = before.netloc == request.get_host() and before.path.startswith("/") and not before.path.startswith("//")
    return f"{before.path}?{before.query}".removesuffix("?") if ours else "/"


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to `error` in the form the caller understands."""
    context: dict[str, Any] = {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "error_id": _id(request),
        "title": title_of(error.status),
        "way": error.data.get("way"),
    }
    if isinstance(error, PageExpired):
        context.update(title=_("页面已过期"), page_before=page_before(request))
    if request.headers.get("HX-Request"):
        return render(request, "kernel/parts/error_fragment.html", context, status=error.status)
    if wants_json(request):
        problem = {
            "type": f"urn:duikou:error:{error.code}",
            "title": str(context["title"]),
            "status": error.status,
            "detail": error.message,
            "instance": f"urn:duikou:request:{context['error_id']}",
            **({"errors": error.data["fields"]} if error.data.get("fields") else {}),
        }
        return JsonResponse(problem, status=error.status, content_type="application/problem+json")
    return render(request, "kernel/error.html", context, status=error.status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller prefers JSON to a page."""
    preferred = request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
    return preferred is not None and preferred != "text/html"


def title_of(status: int) -> str:
    """The headline of an error page."""
    return {
        400: _("请求有误"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("不能这样打开"),
        409: _("状态已变化"),
        413: _("内容过大"),
        429: _("操作过于频繁"),
        503: _("系统正忙"),
        507: _("磁盘已满"),
    }.get(status, _("出错了"))


def _id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404 hook."""
    return answer(request, NotFound())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403 hook."""
    return answer(request, Forbidden())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400 hook."""
    return answer(request, _as_domain(exception) or DomainError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without a valid token, most often from a page left open overnight."""
    return answer(request, PageExpired())


def _language(request: HttpRequest) -> str:
    """The language that the request was being answered in, or the one it asks for if nobody has settled it yet."""
    return getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500 hook: must not depend on anything that may have failed.

    A disk that is full while an upload is still being received shows itself only here; so does a database that is
    gone, for every page asks it who the reader is, and one that is held while a session is being saved.
    """
    try:
        with translation.override(_language(request)):
            error = sys.exc_info()[1]
            known = no_space(error) or busy(error) or unavailable(error)
            status = known.status if known else 500
            title = title_of(status)
            if wants_json(request):
                problem = {
                    "type": f"urn:duikou:error:{known.code if known else 'defect'}",
                    "title": title,
                    "status": status,
                    "instance": f"urn:duikou:request:{_id(request)}",
                }
                return JsonResponse(problem, status=status, content_type="application/problem+json")
            context = {
                "status": status,
                "title": title,
                "message": known.message if known else _("系统出错，已记录。请把错误编号告诉管理员。"),
                "error_id": _id(request),
                "language": translation.get_language(),
            }
            # Without the request: what fills a page's frame (account, notices, navigation) may be what has failed.
            return HttpResponse(render_to_string("500.html", context), status=status)
    except Exception:  # noqa: BLE001 - the last resort must answer
        return HttpResponse("500", status=500)
