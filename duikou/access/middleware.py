"""Puts the acting person, in the membership they picked, on each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from duikou.access.models import Account, AdminMode, Membership
from duikou.access.selectors import actors
from duikou.access.services.account import account_language
from duikou.access.services.admin_mode import admin_mode_visit
from duikou.kernel.actor import Actor, Role

SESSION_KEY = "membership_id"
"""Where the session remembers the post picked in the switcher."""

MODE_KEY = "admin_mode_id"
"""Where the session in which an admin mode was opened remembers it; no other session has its sight."""


class ActorMiddleware:
    """`request.actor` for views; nobody in particular unless signed in.

    Adds at most two queries to Django's own (session, account): the posts, and for operators the admin mode.
    `request.memberships` and `request.admin_mode` are what the frame of the page shows of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.memberships = []
        request.admin_mode = None
        account = request.user
        if account.is_authenticated:
            self._speak(request, account)  # before names of places are read in the wrong language
            request.memberships = actors.memberships_live(account=account)
            request.actor, request.admin_mode = self._act(request, account, request.memberships)
        else:
            request.actor = Actor.anonymous()
        response = self.get_response(request)
        if account.is_authenticated and not response.has_header("Cache-Control"):
            # What one person sees must not come back from a shared machine's cache after they have signed out.
            response["Cache-Control"] = "private, no-store"
        if request.method == "POST" and account.is_authenticated and request.path == reverse("set_language"):
            language = request.POST.get("language", "")
            account_language(actor=request.actor, account=account, language=language)
        if request.admin_mode is not None:
            admin_mode_visit(
                actor=request.actor,
                mode=request.admin_mode,
                method=request.method,
                path=request.path,
                status=response.status_code,
            )
        return response

    @staticmethod
    def _act(request: HttpRequest, account: Account, memberships: list[Membership]) -> tuple[Actor, AdminMode | None]:
        picked = request.session.get(SESSION_KEY)
        membership = actors.membership_of_account(account=account, picked=picked, memberships=memberships)
        if membership is None:
            return actors.actor_without_post(account), None
        actor = actors.actor_of_membership(membership, account=account)
        if actor.role is not Role.OPERATOR:
            return actor, None
        opened = request.session.get(MODE_KEY)
        mode = actors.admin_mode_running(account_id=account.pk) if opened else None
        if mode is not None and mode.pk != opened:
            mode = None
        return (replace(actor, admin_mode_id=mode.pk), mode) if mode else (actor, None)

    @staticmethod
    def _speak(request: Any, account: Account) -> None:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and account.language in dict(settings.LANGUAGES):
            translation.activate(account.language)
            request.LANGUAGE_CODE = translation.get_language()


class SecondFactorMiddleware:
    """Sends people whose role must have a second factor (`DUIKOU_REQUIRE_MFA_ROLES`) to set one up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.actor.role in settings.REQUIRE_MFA_ROLES and not self._may_pass(request):
            messages.warning(request, _("您的岗位须启用双因素认证，请先完成设置。"))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    @staticmethod
    def _may_pass(request: Any) -> bool:
        open_to_all = ("/accounts/", "/language/", "/access/account/", "/access/memberships/pick/")
        return bool(request.path.startswith(open_to_all) or is_mfa_enabled(request.user))
