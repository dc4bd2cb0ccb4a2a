"""What the lock-out (django-axes) asks of this house: who was tried, from where, and what to answer."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.adapter import get_adapter
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.access.selectors.people import account_named
from duikou.kernel.clock import now
from duikou.kernel.errors import TooMany
from duikou.kernel.web.errors import answer


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """One name for every way of writing it (user name, e-mail, any case), so that a lock cannot be walked around."""
    given = credentials or {}
    tried = str(given.get("username") or given.get("email") or request.POST.get("login") or "").strip()[:254]
    account = account_named(tried)
    return account.username.lower() if account else tried.lower().replace("\x00", "")


def address_of(request: HttpRequest) -> str | None:
    """The caller's address, believing as many proxies as are configured."""
    try:
        return str(get_adapter().get_client_ip(request)) or None
    except PermissionDenied:
        return request.META.get("REMOTE_ADDR")


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 with the minutes that remain; says nothing of whether the account exists."""
    minutes = _minutes_left(request, credentials)
    reason = _("登录失败次数过多，已暂时锁定。请在%(minutes)s分钟后再试，或通过“忘记密码”重置密码。")
    way = (_("重置密码"), reverse("account_reset_password"))
    page = answer(request, TooMany(reason % {"minutes": minutes}, way=way))
    page["Retry-After"] = str(minutes * 60)
    return page


def counted(request: Any, username: str, address: str | None) -> bool:
    """Whether the failure of this very request was counted; while a lock holds none is."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=address)
    return bool(attempts.filter(attempt_time=request.axes_attempt_time).exists())


def too_many(request: HttpRequest) -> HttpResponse:
    """The sign-in machinery's own limits: 429 in the product's look."""
    return answer(request, TooMany())


def _minutes_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    last = (
        AccessAttempt.objects.filter(username=name_tried(request, credentials), ip_address=address_of(request))
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = (last or now()) + settings.AXES_COOLOFF_TIME
    return max(1, math.ceil((until - now()).total_seconds() / 60))
